/** The picture of a recorded conversation: two tracks over time, and one moment of it in large. Pure. */

export interface Picture {
  title: string;
  /** Samples per second of both tracks. */
  rate: number;
  user: Int16Array;
  answer: Int16Array;
  /** What is heard, and where: seconds from the beginning. */
  captions: { track: 'user' | 'answer'; fromS: number; text: string }[];
  /** Stretches of the answer that were soft or silent for a while and came back. */
  doubts: { fromS: number; toS: number; text: string }[];
  cut: { onsetS: number; silenceS: number; shares: { text: string; ms: number }[] };
}

const WIDTH = 960;
const LEFT = 76;
const RIGHT = 24;
const INNER = WIDTH - LEFT - RIGHT;
/** Half the height of a track. */
const HALF = 38;
const ROW = {
  title: 30,
  user: 100,
  answer: 206,
  axis: 256,
  close: 318,
  closeUser: 376,
  closeAnswer: 468,
  closeAxis: 520,
};
const HEIGHT = 580;
/** Seconds before the onset and after the silence in the enlarged part. */
const BEFORE_S = 0.25;
const AFTER_S = 0.35;

const STYLE = `
  svg { --paper: #fafaf7; --ink: #1b262b; --muted: #525d62; --line: #dfdeda; --user: #8a6a1f; --answer: #006d69; --mark: #ac312a; --shade: #eceae3; }
  @media (prefers-color-scheme: dark) {
    svg { --paper: #161d20; --ink: #e9eceb; --muted: #a5afb2; --line: #344045; --user: #d1ad5c; --answer: #4fc2bb; --mark: #f08a7e; --shade: #222b2f; }
  }
  text { font: 12px system-ui, sans-serif; fill: var(--muted); }
  .title { font-size: 15px; font-weight: 600; fill: var(--ink); }
  .name { font-weight: 600; fill: var(--ink); }
  .said { fill: var(--ink); }
  .user { fill: var(--user); } .answer { fill: var(--answer); }
  .axis { stroke: var(--line); }
  .shade { fill: var(--shade); }
  .mark { stroke: var(--mark); stroke-width: 1.5; }
  .end { stroke-dasharray: 4 3; }
  .told { fill: var(--mark); font-weight: 600; }
  .large { font-size: 15px; }
  .guide { stroke: var(--muted); stroke-dasharray: 2 3; }`;

export function pictureSvg(picture: Picture): string {
  const { title, rate, user, answer, captions, doubts, cut } = picture;
  const lengthS = user.length / rate;
  const whole = { fromS: 0, toS: lengthS };
  const close = { fromS: cut.onsetS - BEFORE_S, toS: cut.silenceS + AFTER_S };
  const x = (s: number, view: View = whole): number =>
    LEFT + ((s - view.fromS) / (view.toS - view.fromS)) * INNER;
  const cutMs = Math.round((cut.silenceS - cut.onsetS) * 1000);
  const loudness = { user: peak(user), answer: peak(answer) };
  const line = (s: number, top: number, bottom: number, view: View, kind: string): string =>
    `<line class="${kind}" x1="${fix(x(s, view))}" x2="${fix(x(s, view))}" y1="${top}" y2="${bottom}"/>`;
  const track = (name: 'user' | 'answer', view: View, y: number): string =>
    `<path class="${name}" d="${outline(picture[name], rate, view, y, loudness[name])}"/>`;

  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="${xml(`${title}: interrupted, the answer is silent after ${cutMs} ms`)}">`,
    `<style>${STYLE}\n</style>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" rx="10" fill="var(--paper)"/>`,
    text(24, ROW.title, title, 'title'),
    text(24, ROW.user + 4, 'You', 'name'),
    text(24, ROW.answer + 4, 'Parley', 'name'),
    ...doubts.map(({ fromS, toS }) => {
      const width = Math.max(2, x(toS) - x(fromS));
      return `<rect class="shade" x="${fix(x(fromS))}" width="${fix(width)}" y="${ROW.answer - HALF - 4}" height="${2 * HALF + 8}"/>`;
    }),
    track('user', whole, ROW.user),
    track('answer', whole, ROW.answer),
    ...captions.map(({ track: name, fromS, text: said }) =>
      text(x(fromS), (name === 'user' ? ROW.user : ROW.answer) - HALF - 8, said, 'said'),
    ),
    ...doubts.map(({ fromS, text: told }) => text(x(fromS), ROW.answer + HALF + 18, told, '')),
    line(cut.onsetS, ROW.user - HALF - 2, ROW.answer + HALF + 4, whole, 'mark'),
    text(x(cut.onsetS) + 6, ROW.answer + HALF + 18, `silent after ${cutMs} ms`, 'told'),
    ...axis(whole, ROW.axis + 14, secondsApart(lengthS), (s) => `${s} s`, 0, x),

    text(24, ROW.close, 'The interruption in large', 'title'),
    text(24, ROW.closeUser + 4, 'You', 'name'),
    text(24, ROW.closeAnswer + 4, 'Parley', 'name'),
    track('user', close, ROW.closeUser),
    track('answer', close, ROW.closeAnswer),
    line(cut.onsetS, ROW.closeUser - HALF, ROW.closeAnswer + HALF + 6, close, 'mark'),
    line(cut.silenceS, ROW.closeUser - HALF, ROW.closeAnswer + HALF + 6, close, 'mark end'),
    text(x(cut.onsetS, close) - 6, ROW.closeUser - HALF + 10, 'your voice begins', 'told', 'end'),
    text(x(cut.silenceS, close) + 6, ROW.closeAnswer - 6, `silent after ${cutMs} ms`, 'told large'),
    text(
      x(cut.silenceS, close) + 6,
      ROW.closeAnswer + 14,
      cut.shares.map(({ text: name, ms }) => `${name} ${Math.round(ms)} ms`).join(' · '),
      '',
    ),
    ...axis(close, ROW.closeAxis + 6, 0.1, (s) => `${Math.round(s * 1000)} ms`, cut.onsetS, x),
    text(LEFT, HEIGHT - 14, 'Recorded at the sound card, outside the program; both tracks on one clock.', ''),
    '</svg>',
  ];
  return `${parts.join('\n')}\n`;
}

interface View {
  fromS: number;
  toS: number;
}

/** The loudest sample of each column, mirrored, as one closed line. */
function outline(sound: Int16Array, rate: number, view: View, y: number, loudest: number): string {
  const columns = INNER * 2;
  const perColumn = ((view.toS - view.fromS) * rate) / columns;
  const heights = Array.from({ length: columns }, (_, i) => {
    const from = Math.floor(view.fromS * rate + i * perColumn);
    let max = 0;
    for (let k = Math.max(0, from); k < from + Math.max(1, perColumn) && k < sound.length; k++) {
      max = Math.max(max, Math.abs(sound[k] as number));
    }
    return Math.max(0.4, (max / loudest) * HALF);
  });
  const at = (i: number): string => fix(LEFT + i / 2);
  const upper = heights.map((height, i) => `${at(i)} ${fix(y - height)}`);
  const lower = heights.map((height, i) => `${at(i)} ${fix(y + height)}`).reverse();
  return `M${upper.join('L')}L${lower.join('L')}Z`;
}

function axis(
  view: View,
  y: number,
  step: number,
  label: (s: number) => string,
  zeroS: number,
  x: (s: number, view: View) => number,
): string[] {
  const first = Math.ceil((view.fromS - zeroS) / step);
  const last = Math.floor((view.toS - zeroS) / step + 1e-9);
  const parts = [`<line class="axis" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y}" y2="${y}"/>`];
  for (let i = first; i <= last; i++) {
    const s = i * step;
    const at = fix(x(s + zeroS, view));
    parts.push(`<line class="axis" x1="${at}" x2="${at}" y1="${y}" y2="${y + 5}"/>`);
    parts.push(text(Number(at), y + 18, label(s), '', 'middle'));
  }
  return parts;
}

function secondsApart(lengthS: number): number {
  return lengthS > 24 ? 4 : 2;
}

function peak(sound: Int16Array): number {
  return Math.max(
    1,
    sound.reduce((max, s) => Math.max(max, Math.abs(s)), 0),
  );
}

function text(x: number, y: number, content: string, kind: string, anchor = 'start'): string {
  const attributes = `${kind ? ` class="${kind}"` : ''}${anchor === 'start' ? '' : ` text-anchor="${anchor}"`}`;
  return `<text x="${fix(x)}" y="${fix(y)}"${attributes}>${xml(content)}</text>`;
}

function fix(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function xml(value: string): string {
  return value.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] ?? c);
}
