import { act, cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { FieldControl } from '../../src/renderer/components/settings/FieldControl';
import type { FieldId } from '../../src/renderer/components/settings/fields';
import { SettingsSheet } from '../../src/renderer/components/settings/SettingsSheet';
import type { AppState } from '../../src/shared/ipc';
import en from '../../src/shared/locales/en.json';
import { renderPage, stateWith, testState } from './helpers/page';

afterEach(cleanup);

const show = (id: FieldId, app: AppState = testState) => renderPage(app, <FieldControl id={id} />);
const updates = (page: ReturnType<typeof show>) =>
  page.parley.sent.filter(([name]) => name === 'settings.update').map(([, patch]) => patch);

describe('when a voice may interrupt', () => {
  const afterWords = (words: number) => stateWith({}, { interruption: { when: 'after-words', words } });

  it('each choice says what it costs, beside its name and not in it', () => {
    show('interruption');
    const about = (name: string) => {
      const ids = screen.getByRole('radio', { name }).getAttribute('aria-describedby') ?? '';
      return ids.split(' ').map((id) => document.getElementById(id)?.textContent);
    };
    const words = en.field.interruption;
    expect(about('At once')).toContain(words['at-once'].about);
    expect(about('After some words')).toContain(words['after-words'].about);
    expect(about('Only with a key')).toContain(words['by-key'].about);
  });

  it('is chosen by the whole card, and reset to the default', () => {
    const page = show('interruption', afterWords(2));
    fireEvent.click(screen.getByText(en.field.interruption['by-key'].about));
    expect(updates(page)).toContainEqual({ interruption: { when: 'by-key' } });
    fireEvent.click(screen.getByRole('button', { name: /^Reset/ }));
    expect(updates(page).at(-1)).toEqual({ interruption: { when: 'at-once' } });
  });

  it('is chosen with the arrow keys', () => {
    const page = show('interruption');
    const chosen = screen.getByRole('radio', { name: 'At once' });
    act(() => chosen.focus());
    fireEvent.keyDown(chosen, { key: 'ArrowDown' });
    expect(updates(page)).toEqual([{ interruption: { when: 'after-words' } }]);
    expect(document.activeElement).toBe(screen.getByRole('radio', { name: 'After some words' }));
  });

  it.each(['at-once', 'by-key', 'after-words'] as const)(
    '%s: words are asked for only where they count',
    (when) => {
      const page = renderPage(stateWith({}, { interruption: { when } }), <SettingsSheet />);
      act(() => page.store.getState().openSettings('interruption'));
      expect(screen.queryAllByRole('textbox')).toHaveLength(when === 'after-words' ? 1 : 0);
    },
  );

  it.each([
    ['ArrowUp', 3],
    ['ArrowDown', 1],
    ['Home', 1],
    ['End', 10],
  ])('%s: %i words', (key, words) => {
    const page = show('interruptionWords', afterWords(2));
    const input = screen.getByRole('textbox', { name: 'Words until it stops' });
    act(() => input.focus());
    fireEvent.keyDown(input, { key });
    expect(updates(page)).toEqual([{ interruption: { words } }]);
  });

  it.each([
    ['7', [{ interruption: { words: 7 } }]],
    ['99', [{ interruption: { words: 10 } }]],
    ['0', [{ interruption: { words: 1 } }]],
    ['2', []],
    ['', []],
  ])('typed %j', (typed, sent) => {
    const page = show('interruptionWords', afterWords(2));
    const input = screen.getByRole('textbox') as HTMLInputElement;
    act(() => input.focus());
    fireEvent.change(input, { target: { value: typed } });
    expect(updates(page)).toEqual([]);
    fireEvent.blur(input);
    expect(updates(page)).toEqual(sent);
    expect(input.value).not.toBe('');
  });

  it('two quick steps are two steps, and none leads out of the range', () => {
    const page = show('interruptionWords', afterWords(8));
    const more = screen.getByRole('button', { name: 'One more: Words until it stops' });
    for (let press = 0; press < 3; press++) fireEvent.click(more);
    expect(updates(page)).toEqual([{ interruption: { words: 9 } }, { interruption: { words: 10 } }]);
    expect(more.hasAttribute('disabled')).toBe(true);
  });
});
