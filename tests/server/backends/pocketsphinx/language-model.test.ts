import { describe, expect, it } from 'vitest';
import { cleanHypothesis } from '../../../../src/server/backends/pocketsphinx/decoder';
import { buildArpa } from '../../../../src/server/backends/pocketsphinx/language-model';
import { assistantSentences, expand } from '../../../../src/server/backends/pocketsphinx/phrases';

interface Model {
  p: Map<string, number>;
  backoff: Map<string, number>;
}

function parse(arpa: string): Model {
  const model: Model = { p: new Map(), backoff: new Map() };
  for (const line of arpa.split('\n')) {
    const [p, gram, backoff] = line.split('\t');
    if (gram === undefined) continue;
    model.p.set(gram, 10 ** Number(p));
    if (backoff !== undefined) model.backoff.set(gram, 10 ** Number(backoff));
  }
  return model;
}

/** Probability of the last word after the others, as a decoder computes it. */
function probability({ p, backoff }: Model, words: string[]): number {
  const known = p.get(words.join(' '));
  if (known !== undefined) return known;
  return (backoff.get(words.slice(0, -1).join(' ')) ?? 1) * probability({ p, backoff }, words.slice(1));
}

describe('language model', () => {
  const sentences = ['set a timer', 'set the clock', 'stop the clock', 'stop'].map((text) => ({
    words: text.split(' '),
    weight: 2,
  }));
  const arpa = buildArpa(sentences);
  const model = parse(arpa);
  const vocabulary = ['set', 'a', 'timer', 'the', 'clock', 'stop', '</s>'];

  it('counts what it lists', () => {
    for (const order of [1, 2, 3]) {
      const said = Number(new RegExp(`ngram ${order}=(\\d+)`).exec(arpa)?.[1]);
      expect([...model.p.keys()].filter((gram) => gram.split(' ').length === order).length).toBe(said);
    }
  });

  it.each([['<s>'], ['set'], ['<s> set'], ['set the'], ['the clock'], ['a timer'], ['clock stop']])(
    'adds up to one after "%s"',
    (history) => {
      const total = vocabulary.reduce(
        (sum, word) => sum + probability(model, [...history.split(' '), word]),
        0,
      );
      expect(total).toBeGreaterThan(0.99);
      expect(total).toBeLessThan(1.01);
    },
  );

  it('prefers what it has seen, and forbids nothing it knows', () => {
    const thenComes = (word: string) => probability(model, ['stop', 'the', word]);
    expect(thenComes('clock')).toBeGreaterThan(10 * thenComes('timer'));
    expect(thenComes('timer')).toBeGreaterThan(0);
  });
});

describe('assistant sentences', () => {
  it.each([
    ['stop', ['stop']],
    ['(a|b c) d', ['a d', 'b c d']],
    ['a [b]', ['a b', 'a']],
    ['a [b [c|d]]', ['a b c', 'a b d', 'a b', 'a']],
    ['(a|a)', ['a']],
  ])('pattern "%s" stands for %j', (pattern, sentences) => {
    expect(expand(pattern)).toEqual(sentences);
  });

  it('are plain words, without an open pattern, and the same every time', () => {
    const sentences = assistantSentences();
    expect(sentences.length).toBeGreaterThan(3000);
    for (const { words, weight } of sentences) {
      for (const word of words) expect(word).toMatch(/^[a-z][a-z']*$/);
      expect(weight).toBeGreaterThan(0);
    }
    expect(assistantSentences()).toEqual(sentences);
    expect(sentences.map(({ words }) => words.join(' '))).toContain('what time is it');
  });
});

describe('hypothesis', () => {
  it.each([
    ['<s> What TIME is(2) it <sil> </s>', 'what time is it'],
    ['[NOISE] stop ++UM++', 'stop'],
    ['<sil>', ''],
    ["what's up", "what's up"],
  ])('"%s" reads "%s"', (raw, clean) => {
    expect(cleanHypothesis(raw)).toBe(clean);
  });
});
