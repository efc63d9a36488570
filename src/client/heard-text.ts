/** Which words of an answer were heard, when only the milliseconds are known. */

/** Up to `ms` milliseconds of sound belong to the first `length` characters of the text. */
export interface Anchor {
  ms: number;
  length: number;
}

/**
 * The text of one item and how it came together with its sound. A server sends the text of a stretch before its
 * sound or after it; a pair of positions is certain where one stretch ends and the next begins.
 */
export interface TextTrack {
  readonly text: string;
  /** Text came in. */
  addText(delta: string): void;
  /** Sound came in: `ms` milliseconds in all so far. */
  setReceivedMs(ms: number): void;
  /** Anchors so far, the last one for all that came in. `complete` tells that nothing more comes. */
  anchors(complete: boolean): Anchor[];
}

/** Characters a millisecond of a fairly fast speaker; used only while nothing better is known. */
const TYPICAL_RATE = 0.018;

export function createTextTrack(): TextTrack {
  let text = '';
  let receivedMs = 0;
  let leader: 'text' | 'sound' | null = null;
  let last: 'text' | 'sound' | null = null;
  const settled: Anchor[] = [];

  /** A stretch ends when its leader comes again after the other one came. */
  const came = (what: 'text' | 'sound') => {
    leader ??= what;
    if (what === leader && last !== null && last !== what)
      settled.push({ ms: receivedMs, length: text.length });
    last = what;
  };
  return {
    get text() {
      return text;
    },
    addText(delta) {
      if (delta === '') return;
      came('text');
      text += delta;
    },
    setReceivedMs(ms) {
      if (ms <= receivedMs) return;
      came('sound');
      receivedMs = ms;
    },
    anchors(complete) {
      const before = settled.at(-1) ?? { ms: 0, length: 0 };
      // Text that leads belongs in part to sound that is still to come.
      const rate = before.ms > 0 ? before.length / before.ms : TYPICAL_RATE;
      const spoken = before.length + Math.ceil((receivedMs - before.ms) * rate);
      const length = complete || leader === 'sound' ? text.length : Math.min(text.length, spoken);
      return [...settled, { ms: receivedMs, length }];
    },
  };
}

/**
 * The beginning of `text` that was heard within `heardMs` milliseconds: in proportion between the anchors around it
 * (ascending in both numbers), cut at the end of a word. '' when not one word was heard.
 */
export function heardText(text: string, anchors: readonly Anchor[], heardMs: number): string {
  let from: Anchor = { ms: 0, length: 0 };
  let position = 0;
  for (const to of anchors) {
    if (heardMs >= to.ms) position = to.length;
    else if (heardMs > from.ms) {
      position = from.length + ((heardMs - from.ms) / (to.ms - from.ms)) * (to.length - from.length);
    }
    if (heardMs < to.ms) break;
    from = to;
  }
  return upToWordEnd(text, position);
}

/** `text` up to the last end of a word or mark at or before `position`. Works for scripts without spaces too. */
function upToWordEnd(text: string, position: number): string {
  if (position >= text.length) return text.trimEnd();
  let end = 0;
  for (const { index, segment } of new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text)) {
    if (index + segment.length > position) break;
    end = index + segment.length;
  }
  return text.slice(0, end).trimEnd();
}
