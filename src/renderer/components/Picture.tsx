import { useEffect, useRef } from 'react';
import { useAppState, usePage } from '../context';
import type { Levels } from '../levels';
import { type View, viewOf } from './activity';
import { type Colours, drawPicture, loudness, stepsFor } from './picture';

/** Two level messages make one step, so the picture travels at a walking pace. */
const STEP_MS = 66;

/** The canvas behind the talk button. It redraws only while sound or a waiting state moves it. */
export function Picture() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { levels } = usePage();
  const app = useAppState();
  const view = viewOf(app);
  const animation = useRef<Animation | null>(null);

  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!canvas.current || !context) return;
    const running = new Animation(canvas.current, context, levels);
    animation.current = running;
    return () => {
      running.close();
      animation.current = null;
    };
  }, [levels]);

  useEffect(() => animation.current?.show(view), [view]);

  return (
    <div className="picture" aria-hidden="true">
      <canvas ref={canvas} />
    </div>
  );
}

class Animation {
  #view: View = 'idle';
  #microphone: number[] = [];
  #answer: number[] = [];
  #peak = { microphone: 0, answer: 0 };
  #steppedAt = 0;
  #frame = 0;
  #colours: Colours;
  #size = { width: 0, height: 0 };
  readonly #stop: (() => void)[];

  constructor(
    readonly canvas: HTMLCanvasElement,
    readonly context: CanvasRenderingContext2D,
    readonly levels: Levels,
  ) {
    this.#colours = readColours(canvas);
    const resize = new ResizeObserver(() => this.#resize());
    resize.observe(canvas);
    const repaint = (): void => this.show(this.#view);
    const queries = [
      '(prefers-color-scheme: dark)',
      '(prefers-contrast: more)',
      '(forced-colors: active)',
      '(prefers-reduced-motion: reduce)',
    ].map((query) => window.matchMedia(query));
    for (const query of queries) query.addEventListener('change', repaint);
    const theme = new MutationObserver(repaint);
    theme.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    this.#stop = [
      () => theme.disconnect(),
      levels.subscribe(() => this.#hear()),
      () => resize.disconnect(),
      () => {
        for (const query of queries) query.removeEventListener('change', repaint);
      },
    ];
  }

  show(view: View): void {
    this.#view = view;
    this.#colours = readColours(this.canvas);
    this.#wake();
  }

  close(): void {
    cancelAnimationFrame(this.#frame);
    for (const stop of this.#stop) stop();
  }

  #hear(): void {
    this.#peak.microphone = Math.max(this.#peak.microphone, loudness(this.levels.microphone));
    this.#peak.answer = Math.max(this.#peak.answer, loudness(this.levels.answer));
    if (this.#moves()) this.#wake();
  }

  #resize(): void {
    const scale = window.devicePixelRatio || 1;
    const { clientWidth, clientHeight } = this.canvas;
    this.#size = { width: clientWidth, height: clientHeight };
    this.canvas.width = Math.round(clientWidth * scale);
    this.canvas.height = Math.round(clientHeight * scale);
    this.context.setTransform(scale, 0, 0, scale, 0, 0);
    this.#draw(performance.now());
  }

  #wake(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame((now) => this.#tick(now));
  }

  #tick(now: number): void {
    this.#frame = 0;
    this.#step(now);
    this.#draw(now);
    if (this.#moves()) this.#wake();
  }

  #step(now: number): void {
    if (now - this.#steppedAt < STEP_MS) return;
    this.#steppedAt = now;
    const limit = stepsFor(this.#size.width, this.#size.height) + 1;
    const { microphone, answer } = this.#peak;
    this.#peak = { microphone: loudness(this.levels.microphone), answer: loudness(this.levels.answer) };
    if (reducedMotion()) {
      // In place: the level swells and falls around the ring instead of travelling.
      const swell = (level: number): number[] =>
        Array.from({ length: limit }, (_, i) => level * Math.exp(-i / (limit / 2.5)));
      this.#microphone = swell(microphone);
      this.#answer = swell(answer);
    } else {
      this.#microphone = [microphone, ...this.#microphone].slice(0, limit);
      this.#answer = [answer, ...this.#answer].slice(0, limit);
    }
  }

  #draw(now: number): void {
    if (this.#size.width === 0) return;
    drawPicture(this.context, {
      view: this.#view,
      microphone: this.#microphone,
      answer: this.#answer,
      phase: Math.min(1, (now - this.#steppedAt) / STEP_MS),
      nowMs: now,
      still: reducedMotion(),
      colours: this.#colours,
      ...this.#size,
    });
  }

  #moves(): boolean {
    const waiting = ['thinking', 'connecting', 'opening'].includes(this.#view) && !reducedMotion();
    const heard = (level: number): boolean => level > 0.02;
    return (
      waiting ||
      heard(this.#peak.microphone) ||
      heard(this.#peak.answer) ||
      this.#microphone.some(heard) ||
      this.#answer.some(heard)
    );
  }
}

function reducedMotion(): boolean {
  return window.matchMedia('(prefers-reduced-motion: reduce)').matches;
}

function readColours(element: HTMLElement): Colours {
  const style = getComputedStyle(element);
  const colour = (name: string): string => style.getPropertyValue(name).trim() || 'currentColor';
  return {
    ink: colour('--ink'),
    faint: colour('--picture-faint'),
    accent: colour('--accent'),
    danger: colour('--danger'),
  };
}
