import { expect, it } from 'vitest';
import { type Language, resolveLanguage } from '../../src/main/language';

it.each<['system' | 'en' | 'zh', string[], Language]>([
  ['zh', ['en-GB'], 'zh'],
  ['en', ['zh-CN'], 'en'],
  ['system', ['zh-Hant-TW', 'en'], 'zh'],
  ['system', ['de-DE', 'zh-CN'], 'zh'],
  ['system', ['de-DE'], 'en'],
  ['system', [], 'en'],
])('%s with %j', (setting, preferred, expected) => {
  expect(resolveLanguage(setting, preferred)).toBe(expected);
});
