import { act, cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { Problems } from '../../src/renderer/components/Problems';
import { problemAction } from '../../src/renderer/components/problem-action';
import { FIELDS } from '../../src/renderer/components/settings/fields';
import { type AppState, PROBLEM_CODES, type ProblemCode } from '../../src/shared/ipc';
import en from '../../src/shared/locales/en.json';
import { defaultSettings, type Service } from '../../src/shared/settings';
import { renderPage, stateWith, type TestPage, testState } from './helpers/page';

afterEach(cleanup);

const withProblems = (...codes: ProblemCode[]) =>
  stateWith({ problems: codes.map((code) => ({ code, detail: `detail of ${code}` })) });

/** Settings under which every problem has something a button can do. */
const echoing = stateWith({}, { echoCancellation: false });

describe('problems', () => {
  it('shows nothing when all is well', () => {
    renderPage(testState, <Problems />);
    expect(screen.queryByRole('button')).toBeNull();
  });

  it.each(PROBLEM_CODES)('%s: sentence, and a button that does something', (code) => {
    const { parley, store, sound } = renderPage(
      { ...withProblems(code), settings: echoing.settings },
      <Problems />,
    );
    const words = en.problem[code];
    expect(screen.getByRole('heading').textContent).toBe(words.title);
    screen.getByText(words.text);
    fireEvent.click(screen.getByRole('button', { name: words.action }));
    const action = problemAction(code, echoing.settings);
    if (!action) throw new Error('no action');
    switch (action.do) {
      case 'settings':
        expect(store.getState().settings).toEqual({ open: true, field: action.field });
        expect(FIELDS.map(({ id }) => id)).toContain(action.field);
        break;
      case 'change':
        expect(parley.sent).toEqual([['settings.update', action.patch]]);
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
    const at = (service: Service) => problemAction('key-rejected', { ...defaultSettings, service });
    expect(at('openai')).toEqual({ do: 'settings', field: 'openaiKey' });
    expect(at('custom')).toEqual({ do: 'settings', field: 'customKey' });
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

describe('an echo', () => {
  const names = () =>
    screen.queryAllByRole('button').map((button) => button.getAttribute('aria-label') ?? button.textContent);
  const change = (page: TestPage, app: AppState) => act(() => page.store.setState({ app }));

  it('offers the echo cancellation while it is off', () => {
    const { parley } = renderPage(
      stateWith(withProblems('echo-heard'), { echoCancellation: false }),
      <Problems />,
    );
    expect(names()).toEqual(['Switch on echo cancellation', 'Details']);
    fireEvent.click(screen.getByRole('button', { name: 'Switch on echo cancellation' }));
    expect(parley.sent).toEqual([['settings.update', { echoCancellation: true }]]);
  });

  it('can only be put away when it is on, and is news again when it comes back', () => {
    const heard = stateWith(withProblems('echo-heard'), { echoCancellation: true });
    const page = renderPage(heard, <Problems />);
    expect(names()).toEqual(['Details', 'Dismiss']);
    fireEvent.click(screen.getByRole('button', { name: 'Dismiss' }));
    expect(screen.queryByRole('heading')).toBeNull();
    change(page, { ...heard, problems: [...heard.problems, { code: 'hotkey-taken', detail: '' }] });
    expect(screen.getAllByRole('heading').map((h) => h.textContent)).toEqual([
      en.problem['hotkey-taken'].title,
    ]);
    change(page, { ...heard, problems: [] });
    change(page, heard);
    screen.getByRole('heading', { name: en.problem['echo-heard'].title });
  });
});
