/**
 * The live picture, drawn around the talk button: the microphone as separate bars that leave to the right, the answer
 * as one ribbon that leaves to the left, and between them a ring whose form is the state. Pure drawing: what it needs
 * comes in, nothing is kept.
 */
import type { View } from './activity';

export interface Colours {
  ink: string;
  faint: string;
  accent: string;
  danger: string;
}

export interface Scene {
  view: View;
  /** Loudness 0..1, newest first, one entry per step. */
  microphone: readonly number[];
  answer: readonly number[];
  /** How far the current step has come, 0..1. */
  phase: number;
  nowMs: number;
  /** Reduced motion: nothing travels or turns. */
  still: boolean;
  colours: Colours;
  width: number;
  height: number;
}

/** Distance between two steps, in CSS pixels. */
export const STEP_PX = 6;
const BAR_PX = 3;
/** Room above and below the ring for its breathing. */
const MARGIN_PX = 21;

/** Radius of the ring at rest in a picture of this height. */
function ringOf(height: number): number {
  return height / 2 - MARGIN_PX;
}

/** Where bars and ribbon begin, from the middle. */
function startOf(height: number): number {
  return ringOf(height) + 19;
}

/** RMS 0..1 to what the eye takes for loudness, 0..1: -52 dB is nothing, -10 dB is full. */
export function loudness(rms: number): number {
  if (rms <= 0) return 0;
  return Math.min(1, Math.max(0, (20 * Math.log10(rms) + 52) / 42));
}

/** Steps that fit beside the ring. */
export function stepsFor(width: number, height: number): number {
  return Math.max(4, Math.ceil((width / 2 - startOf(height)) / STEP_PX) + 1);
}

/** Draws the whole picture; `context` is scaled to CSS pixels. */
export function drawPicture(context: CanvasRenderingContext2D, scene: Scene): void {
  const { width, height } = scene;
  context.clearRect(0, 0, width, height);
  context.save();
  context.translate(width / 2, height / 2);
  if (scene.view === 'trouble' || scene.view === 'connecting') drawCutLines(context, scene);
  else {
    drawBars(context, scene);
    drawRibbon(context, scene);
  }
  fadeEdges(context, width, height);
  drawRing(context, scene);
  context.restore();
}

function drawBars(context: CanvasRenderingContext2D, scene: Scene): void {
  const { microphone, phase, still, colours, width, height, view } = scene;
  const muted = view === 'muted';
  const sending = view === 'listening' || view === 'opening';
  context.fillStyle = sending ? colours.accent : colours.faint;
  const shift = still ? 0 : phase * STEP_PX;
  const count = stepsFor(width, height);
  const start = startOf(height);
  for (let i = 0; i < count; i++) {
    const level = muted ? 0 : (microphone[i] ?? 0);
    const tall = Math.max(BAR_PX, level * (height * 0.5));
    context.beginPath();
    context.roundRect(start + i * STEP_PX + shift, -tall / 2, BAR_PX, tall, BAR_PX / 2);
    context.fill();
  }
}

function drawRibbon(context: CanvasRenderingContext2D, scene: Scene): void {
  const { answer, phase, still, colours, width, height, view } = scene;
  const shift = still ? 0 : phase * STEP_PX;
  const count = stepsFor(width, height) + 1;
  const start = startOf(height);
  const at = (i: number): number => answer[i] ?? 0;
  const points = Array.from({ length: count }, (_, i) => ({
    x: -start - i * STEP_PX - (i === 0 ? 0 : shift),
    // Neighbours are mixed in: a ribbon has no corners. It leaves the ring narrow.
    level: ((at(i - 1) + 2 * at(i) + at(i + 1)) / 4) * Math.min(1, 0.25 + i * 0.25),
  }));
  context.fillStyle = view === 'speaking' ? colours.ink : colours.faint;
  // A light body with a dense core, so that loud is large and still not heavy.
  for (const { share, alpha } of RIBBON_LAYERS) {
    const shape = points.map(({ x, level }) => ({ x, y: 0.8 + level * height * share }));
    context.globalAlpha = alpha;
    context.beginPath();
    context.moveTo(-start, 0);
    curve(context, shape, -1);
    curve(context, shape.reverse(), 1);
    context.closePath();
    context.fill();
  }
  context.globalAlpha = 1;
}

const RIBBON_LAYERS = [
  { share: 0.3, alpha: 0.16 },
  { share: 0.19, alpha: 0.35 },
  { share: 0.08, alpha: 1 },
];

/** A smooth line through `points`, above (`side` -1) or below the axis. */
function curve(context: CanvasRenderingContext2D, points: { x: number; y: number }[], side: 1 | -1): void {
  points.forEach((point, i) => {
    const next = points[i + 1];
    if (!next) context.lineTo(point.x, side * point.y);
    else
      context.quadraticCurveTo(
        point.x,
        side * point.y,
        (point.x + next.x) / 2,
        (side * (point.y + next.y)) / 2,
      );
  });
}

/** Nothing can go either way: short strokes with wide gaps. */
function drawCutLines(context: CanvasRenderingContext2D, { colours, width, height }: Scene): void {
  context.strokeStyle = colours.faint;
  context.lineWidth = 1.6;
  context.lineCap = 'round';
  context.setLineDash([4, 14]);
  for (const side of [-1, 1]) {
    context.beginPath();
    context.moveTo(side * startOf(height), 0);
    context.lineTo((side * width) / 2, 0);
    context.stroke();
  }
  context.setLineDash([]);
}

function fadeEdges(context: CanvasRenderingContext2D, width: number, height: number): void {
  const gradient = context.createLinearGradient(-width / 2, 0, width / 2, 0);
  gradient.addColorStop(0, 'rgba(0, 0, 0, 0)');
  gradient.addColorStop(0.22, 'rgba(0, 0, 0, 1)');
  gradient.addColorStop(0.78, 'rgba(0, 0, 0, 1)');
  gradient.addColorStop(1, 'rgba(0, 0, 0, 0)');
  context.globalCompositeOperation = 'destination-in';
  context.fillStyle = gradient;
  context.fillRect(-width / 2, -height / 2, width, height);
  context.globalCompositeOperation = 'source-over';
}

function drawRing(context: CanvasRenderingContext2D, scene: Scene): void {
  const { view, colours, microphone, answer, nowMs, still, height } = scene;
  const radius = ringOf(height);
  const turn = still ? 0 : (nowMs / 1000) * 1.1;
  const arc = (at: number, from: number, to: number): void => {
    context.beginPath();
    context.arc(0, 0, at, from, to);
    context.stroke();
  };
  const full = Math.PI * 2;
  context.lineCap = 'round';
  context.strokeStyle = colours.faint;
  context.lineWidth = 1.5;
  switch (view) {
    case 'idle':
      arc(radius, 0, full);
      return;
    case 'muted':
      return;
    case 'connecting':
      context.lineWidth = 2;
      for (let i = 0; i < 16; i++) arc(radius, turn / 3 + (i * full) / 16, turn / 3 + (i * full) / 16 + 0.06);
      return;
    case 'opening':
      context.strokeStyle = colours.accent;
      context.lineWidth = 3;
      arc(radius, turn * 2 - 1.2, turn * 2 + 1.2);
      return;
    case 'listening':
      context.strokeStyle = colours.accent;
      context.lineWidth = 4;
      arc(radius + (microphone[0] ?? 0) * 5, 0, full);
      return;
    case 'thinking':
      context.strokeStyle = colours.ink;
      context.lineWidth = 4;
      for (let i = 0; i < 3; i++) arc(radius, turn + (i * full) / 3 - 0.22, turn + (i * full) / 3 + 0.22);
      return;
    case 'speaking':
      context.strokeStyle = colours.ink;
      context.lineWidth = 1.75;
      arc(radius - 3, 0, full);
      arc(radius + 3 + (answer[0] ?? 0) * 6, 0, full);
      return;
    case 'trouble':
      context.strokeStyle = colours.danger;
      context.lineWidth = 3;
      arc(radius, 0.5, Math.PI - 0.5);
      arc(radius, Math.PI + 0.5, full - 0.5);
      return;
    default:
      view satisfies never;
  }
}
