import { describe, expect, it } from 'vitest';
import { FIELDS, SECTIONS } from '../../src/renderer/components/settings/fields';
import { PROBLEM_CODES } from '../../src/shared/ipc';
import en from '../../src/shared/locales/en.json';
import zh from '../../src/shared/locales/zh.json';

const locales = { en, zh };

function leaves(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  return Object.entries(value as object).flatMap(([key, child]) =>
    leaves(child, path ? `${path}.${key}` : key),
  );
}

/** Chinese has one plural form. */
const withoutOne = (keys: string[]): string[] => keys.filter((key) => !key.endsWith('_one')).sort();

describe('locales', () => {
  it('have the same keys', () => {
    expect(withoutOne(leaves(zh).map(([key]) => key))).toEqual(withoutOne(leaves(en).map(([key]) => key)));
  });

  it('fill the same places', () => {
    const places = (text: string): string[] =>
      [...text.matchAll(/\{\{(\w+)\}\}|<(\w+)>/g)].map(([hit]) => hit).sort();
    const english = new Map(leaves(en));
    for (const [key, text] of leaves(zh)) expect(places(text), key).toEqual(places(english.get(key) ?? ''));
  });

  it.each(Object.entries(locales))('%s has no empty text', (_name, locale) => {
    for (const [key, text] of leaves(locale)) expect(text.trim(), key).not.toBe('');
  });

  it.each(Object.entries(locales))('%s has title, sentence and action for every problem', (_name, locale) => {
    const problems = locale.problem as Record<string, { title: string; text: string; action: string }>;
    for (const code of PROBLEM_CODES) {
      const { title, text, action } = problems[code] ?? {};
      expect(
        [code, title, text, action].every((part) => part && part.length > 1),
        code,
      ).toBe(true);
      expect(text, code).toMatch(/[.。]$/);
    }
    expect(Object.keys(problems).sort()).toEqual([...PROBLEM_CODES].sort());
  });

  it.each(Object.entries(locales))('%s names every section and every field', (_name, locale) => {
    expect(Object.keys(locale.section).sort()).toEqual([...SECTIONS].sort());
    expect(Object.keys(locale.field).sort()).toEqual(FIELDS.map(({ id }) => id).sort());
  });

  it('Chinese has a space between Han and Latin letters, and full-width punctuation after Han', () => {
    for (const [key, text] of leaves(zh)) {
      const plain = text.replace(/<[^>]+>|\{\{\w+\}\}/g, '');
      expect(plain, key).not.toMatch(/\p{Script=Han}[A-Za-z0-9]|[A-Za-z0-9]\p{Script=Han}/u);
      expect(plain, key).not.toMatch(/\p{Script=Han}[,.;:?!]/u);
    }
  });
});
