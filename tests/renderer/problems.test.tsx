import { cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { Problems } from '../../src/renderer/components/Problems';
import { problemAction } from '../../src/renderer/components/problem-action';
import { FIELDS } from '../../src/renderer/components/settings/fields';
import { PROBLEM_CODES, type ProblemCode } from '../../src/shared/ipc';
import en from '../../src/shared/locales/en.json';
import { renderPage, stateWith, testState } from './helpers/page';

afterEach(cleanup);

const withProblems = (...codes: ProblemCode[]) =>
  stateWith({ problems: codes.map((code) => ({ code, detail: `detail of ${code}` })) });

describe('problems', () => {
  it('shows nothing when all is well', () => {
    renderPage(testState, <Problems />);
    expect(screen.queryByRole('button')).toBeNull();
  });

  it.each(PROBLEM_CODES)('%s: sentence, and a button that does something', (code) => {
    const { parley, store, sound } = renderPage(withProblems(code), <Problems />);
    const words = en.problem[code];
    expect(screen.getByRole('heading').textContent).toBe(words.title);
    screen.getByText(words.text);
    fireEvent.click(screen.getByRole('button', { name: words.action }));
    const action = problemAction(code, 'local');
    switch (action.do) {
      case 'settings':
        expect(store.getState().settings).toEqual({ open: true, field: action.field });
        expect(FIELDS.map(({ id }) => id)).toContain(action.field);
        break;
      case 'reconnect':
        expect(parley.names()).toEqual(['connection.retry']);
        break;
      case 'system-microphone':
        expect(parley.names()).toEqual(['microphone.help']);
        break;
      case 'retry-microphone':
        expect(sound.retried).toBe(1);
        break;
      default:
        action satisfies never;
    }
  });

  it('sends a rejected key to the field of the server in use', () => {
    expect(problemAction('key-rejected', 'openai')).toEqual({ do: 'settings', field: 'openaiKey' });
    expect(problemAction('key-rejected', 'custom')).toEqual({ do: 'settings', field: 'customKey' });
  });

  it('shows the technical reason on request only', () => {
    renderPage(withProblems('server-lost'), <Problems />);
    const details = screen.getByRole('button', { name: 'Details' });
    expect(details.getAttribute('aria-expanded')).toBe('false');
    fireEvent.click(details);
    expect(details.getAttribute('aria-expanded')).toBe('true');
    screen.getByText(/detail of server-lost/);
  });

  it('shows the most important one and the others on request', () => {
    renderPage(withProblems('server-lost', 'hotkey-taken', 'microphone-missing'), <Problems />);
    expect(screen.getAllByRole('heading')).toHaveLength(1);
    fireEvent.click(screen.getByRole('button', { name: '2 more messages' }));
    expect(screen.getAllByRole('heading').map((heading) => heading.textContent)).toEqual([
      en.problem['server-lost'].title,
      en.problem['hotkey-taken'].title,
      en.problem['microphone-missing'].title,
    ]);
  });
});
