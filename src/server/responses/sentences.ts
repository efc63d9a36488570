/**
 * Cuts growing text into pieces that can be spoken one after another. Joined together the pieces are the text,
 * white space included. The very first piece may be a clause, so that speech starts early.
 */

/** Shorter clauses sound chopped and cost a synthesis each. */
const MIN_CLAUSE = 16;
/** A piece without any punctuation is cut at the last space before this many characters. */
const MAX_PIECE = 280;

/** Ends a sentence, with closing quotes or brackets, when white space follows. */
const SENTENCE_END = /[.!?\u2026]+["'\u201d\u2019)\]]*(?=\s)|\n+/gu;
/** Ends a sentence by itself: full-width punctuation has no space after it. */
const WIDE_SENTENCE_END = /[\u3002\uff01\uff1f]+[\u201d\u2019\u300d\uff09]*/gu;
const CLAUSE_END = /[,;:](?=\s)|[\uff0c\uff1b\uff1a\u3001]|\s[\u2013\u2014-](?=\s)/gu;

/** A full stop after one of these, or after a single capital letter, does not end a sentence. */
const ABBREVIATION =
  /(?:^|[\s("'])(?:mr|mrs|ms|dr|prof|st|vs|etc|e\.g|i\.e|approx|no|jr|sr|inc|ltd|dept|est|fig|a\.m|p\.m|[A-Z])\.$/iu;

export interface SentenceSplitter {
  /** The pieces that `text` completed. */
  push(text: string): string[];
  /** What is left, as one piece; nothing when nothing is left. */
  flush(): string[];
}

export function createSentenceSplitter(): SentenceSplitter {
  let rest = '';
  let first = true;

  const take = (length: number): string => {
    const piece = rest.slice(0, length);
    rest = rest.slice(length);
    first = false;
    return piece;
  };

  return {
    push(text) {
      rest += text;
      const pieces: string[] = [];
      for (;;) {
        const end = earliest(sentenceEnd(rest), first ? clauseEnd(rest) : null) ?? overlong(rest);
        if (end === null) return pieces;
        pieces.push(take(end));
      }
    },
    flush: () => (rest === '' ? [] : [take(rest.length)]),
  };
}

function earliest(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}

function sentenceEnd(text: string): number | null {
  const ends = [...text.matchAll(SENTENCE_END), ...text.matchAll(WIDE_SENTENCE_END)]
    .filter((match) => !isAbbreviation(text, match))
    .map((match) => match.index + match[0].length)
    // A piece needs something to say: leading line breaks and lone dots wait for the next one.
    .filter((end) => /[\p{L}\p{N}]/u.test(text.slice(0, end)));
  return ends.length === 0 ? null : Math.min(...ends);
}

function isAbbreviation(text: string, match: RegExpMatchArray): boolean {
  return match[0] === '.' && ABBREVIATION.test(text.slice(0, (match.index ?? 0) + 1));
}

function clauseEnd(text: string): number | null {
  for (const match of text.matchAll(CLAUSE_END)) {
    const end = match.index + match[0].length;
    if (end >= MIN_CLAUSE) return end;
  }
  return null;
}

function overlong(text: string): number | null {
  if (text.length <= MAX_PIECE) return null;
  const space = text.lastIndexOf(' ', MAX_PIECE);
  return space > 0 ? space : MAX_PIECE;
}
