/**
 * A small trigram language model in ARPA text, estimated from sentences. Interpolated Witten-Bell smoothing: what a
 * history was seen to lead to keeps most of the probability, the rest goes to the shorter history.
 */

/** A sentence in lower-case words and how often it counts. */
export interface WeightedSentence {
  words: string[];
  weight: number;
}

/** Share of the probability that each different continuation of a history gives up for unseen ones. */
const NOVELTY = 0.3;

type Counts = Map<string, number>;

/** ARPA text of a trigram model of `sentences`, words in lower case, with sentence marks. */
export function buildArpa(sentences: Iterable<WeightedSentence>): string {
  const [unigrams, bigrams, trigrams] = count(sentences);

  const total = sum(unigrams.values());
  const p1 = new Map([...unigrams].map(([word, n]) => [word, n / total]));
  const p2 = smooth(bigrams, (gram) => p1.get(tail(gram)) ?? 0);
  const p3 = smooth(trigrams, (gram) => p2.get(tail(gram)) ?? 0);
  const backoff1 = backoffs(p2, (gram) => p1.get(tail(gram)) ?? 0);
  const backoff2 = backoffs(p3, (gram) => p2.get(tail(gram)) ?? 0);

  const lines = ['\\data\\', `ngram 1=${p1.size + 1}`, `ngram 2=${p2.size}`, `ngram 3=${p3.size}`];
  // Nothing leads to <s>; it is only a history. The format asks for sorted entries.
  lines.push('', '\\1-grams:');
  for (const word of ['<s>', ...p1.keys()].sort()) {
    lines.push(`${log10(p1.get(word) ?? 0)}\t${word}\t${log10(backoff1.get(word) ?? 1)}`);
  }
  lines.push('', '\\2-grams:');
  for (const [gram, p] of sorted(p2)) lines.push(`${log10(p)}\t${gram}\t${log10(backoff2.get(gram) ?? 1)}`);
  lines.push('', '\\3-grams:');
  for (const [gram, p] of sorted(p3)) lines.push(`${log10(p)}\t${gram}`);
  lines.push('', '\\end\\', '');
  return lines.join('\n');
}

function count(sentences: Iterable<WeightedSentence>): [Counts, Counts, Counts] {
  const counts: [Counts, Counts, Counts] = [new Map(), new Map(), new Map()];
  for (const { words, weight } of sentences) {
    const marked = ['<s>', ...words, '</s>'];
    for (let i = 1; i < marked.length; i++) {
      for (const [order, grams] of counts.entries()) {
        if (i < order) continue;
        const gram = marked.slice(i - order, i + 1).join(' ');
        grams.set(gram, (grams.get(gram) ?? 0) + weight);
      }
    }
  }
  return counts;
}

/** Probability of each gram given its history, mixed with `lower`, that of the gram without its first word. */
function smooth(grams: Counts, lower: (gram: string) => number): Counts {
  const totals = new Map<string, { seen: number; kinds: number }>();
  for (const [gram, n] of grams) {
    const of = totals.get(history(gram)) ?? { seen: 0, kinds: 0 };
    totals.set(history(gram), { seen: of.seen + n, kinds: of.kinds + 1 });
  }
  const probabilities: Counts = new Map();
  for (const [gram, n] of grams) {
    const { seen, kinds } = totals.get(history(gram)) ?? { seen: n, kinds: 1 };
    const novel = NOVELTY * kinds;
    probabilities.set(gram, (n + novel * lower(gram)) / (seen + novel));
  }
  return probabilities;
}

/** For each history, the factor on `lower` that makes all of its continuations add up to one. */
function backoffs(probabilities: Counts, lower: (gram: string) => number): Counts {
  const used = new Map<string, { here: number; below: number }>();
  for (const [gram, p] of probabilities) {
    const of = used.get(history(gram)) ?? { here: 0, below: 0 };
    used.set(history(gram), { here: of.here + p, below: of.below + lower(gram) });
  }
  return new Map(
    [...used].map(([of, { here, below }]) => [of, Math.max(1e-9, 1 - here) / Math.max(1e-9, 1 - below)]),
  );
}

const history = (gram: string): string => gram.slice(0, gram.lastIndexOf(' '));
const tail = (gram: string): string => gram.slice(gram.indexOf(' ') + 1);
const sorted = (grams: Counts): [string, number][] => [...grams].sort(([a], [b]) => (a < b ? -1 : 1));
/** -99 stands for "never" in this format. */
const log10 = (p: number): string => (p > 0 ? Math.log10(p).toFixed(4) : '-99');

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
