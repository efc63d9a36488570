import type { Context, Intent } from '../intent';
import { findPlace } from '../places';
import { BELIEVED, classify } from './classify';

const JOINTS = new Set(['in', 'at', 'and', 'an', 'for', 'over', 'end']);
const VAGUE = new Set(
  'the a an it is now here there this that moment morning evening afternoon night day please time zone my your'.split(
    ' ',
  ),
);
const MAX_PLACE_WORDS = 4;

/** "what time is it in tokyo", "tokyo time", and after one of these "and in paris". */
export function understandTimeInPlace(words: readonly string[], context: Context): Intent | null {
  return (
    asked(words) ??
    (context.previous?.kind === 'time' || context.previous?.kind === 'unknown-place' ? followed(words) : null)
  );
}

function asked(words: readonly string[]): Intent | null {
  for (let at = words.length - 2; at >= 1; at--) {
    if (!JOINTS.has(words[at] ?? '')) continue;
    const head = words.slice(0, at);
    const tail = words.slice(at + 1);
    if (tail.length > MAX_PLACE_WORDS || !asksTime(head)) continue;
    const place = findPlace(tail);
    if (place) return { kind: 'time', zone: place.zone, place: place.name };
    if (words[at] === 'in' && tail.some((word) => !VAGUE.has(word))) return { kind: 'unknown-place' };
  }
  const text = words.join(' ');
  const named =
    /^(?:(?:what is|what|tell me)(?: the)? )?(?:current |local )?(.+?) time(?: now| is it)?$/.exec(text)?.[1];
  const place = named === undefined ? null : findPlace(named.split(' '));
  return place ? { kind: 'time', zone: place.zone, place: place.name } : null;
}

function asksTime(head: readonly string[]): boolean {
  const match = classify(head);
  return match?.meaning === 'time' && match.confidence >= BELIEVED;
}

function followed(words: readonly string[]): Intent | null {
  const named = /^(?:and )?(?:what about |how about )?(?:and )?(?:(?:in|an|at|and|for) )?(.+)$/.exec(
    words.join(' '),
  )?.[1];
  const here = named === 'here' || named === 'my place';
  if (here) return { kind: 'time', zone: null, place: null };
  // A name alone must be exact: "parish" is no city.
  const place =
    named === undefined ? null : findPlace(named.split(' '), { slips: named !== words.join(' ') });
  return place ? { kind: 'time', zone: place.zone, place: place.name } : null;
}
