import { cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { Composer } from '../../src/renderer/components/Composer';
import { TalkButton } from '../../src/renderer/components/TalkButton';
import { renderPage, stateWith, testState } from './helpers/page';

afterEach(cleanup);

const view = (
  <>
    <TalkButton />
    <Composer />
    <button type="button">other</button>
  </>
);
const freeMic = stateWith({ talkMode: { mode: 'free-mic', talking: 'listening' } });
const space = { code: 'Space', key: ' ' };
const talk = () => screen.getByRole('button', { name: 'Hold to talk' });

describe('talk button in push-to-talk', () => {
  it('presses with the pointer and releases with it', () => {
    const { parley } = renderPage(testState, view);
    fireEvent.pointerDown(talk(), { button: 0, pointerId: 1 });
    expect(parley.names()).toEqual(['talk.press']);
    fireEvent.pointerUp(talk(), { pointerId: 1 });
    expect(parley.names()).toEqual(['talk.press', 'talk.release']);
  });

  it('ignores the other mouse buttons', () => {
    const { parley } = renderPage(testState, view);
    fireEvent.pointerDown(talk(), { button: 2, pointerId: 1 });
    expect(parley.names()).toEqual([]);
  });

  it('releases when the pointer is lost', () => {
    const { parley } = renderPage(testState, view);
    fireEvent.pointerDown(talk(), { button: 0, pointerId: 1 });
    fireEvent.pointerCancel(talk(), { pointerId: 1 });
    fireEvent.pointerUp(talk(), { pointerId: 1 });
    expect(parley.names()).toEqual(['talk.press', 'talk.release']);
  });

  it('takes a click of assistive technology as a tap, and a click of the pointer as nothing more', () => {
    const { parley } = renderPage(testState, view);
    fireEvent.click(talk(), { detail: 1 });
    expect(parley.names()).toEqual([]);
    fireEvent.click(talk(), { detail: 0 });
    expect(parley.names()).toEqual(['talk.press', 'talk.release']);
  });
});

describe('Space', () => {
  it('holds from anywhere, once however often the key repeats', () => {
    const { parley } = renderPage(testState, view);
    fireEvent.keyDown(document.body, space);
    fireEvent.keyDown(document.body, { ...space, repeat: true });
    fireEvent.keyDown(document.body, { ...space, repeat: true });
    expect(parley.names()).toEqual(['talk.press']);
    fireEvent.keyUp(document.body, space);
    expect(parley.names()).toEqual(['talk.press', 'talk.release']);
  });

  it('types in a text field', () => {
    const { parley } = renderPage(testState, view);
    fireEvent.keyDown(screen.getByRole('textbox'), space);
    fireEvent.keyUp(screen.getByRole('textbox'), space);
    expect(parley.names()).toEqual([]);
  });

  it('stays with a control that was reached with the keyboard, not with one that was clicked', () => {
    const { parley } = renderPage(testState, view);
    const other = screen.getByRole('button', { name: 'other' });
    fireEvent.keyDown(other, { key: 'Tab', code: 'Tab' });
    fireEvent.keyDown(other, space);
    fireEvent.keyUp(other, space);
    expect(parley.names()).toEqual([]);
    fireEvent.pointerDown(other);
    fireEvent.keyDown(other, space);
    expect(parley.names()).toEqual(['talk.press']);
  });

  it('is let go when the window loses the keyboard', () => {
    const { parley } = renderPage(testState, view);
    fireEvent.keyDown(document.body, space);
    fireEvent.blur(window);
    fireEvent.keyUp(document.body, space);
    expect(parley.names()).toEqual(['talk.press', 'talk.release']);
  });

  it('belongs to the settings while they are open', () => {
    const { parley, store } = renderPage(testState, view);
    store.getState().openSettings();
    // The effect that listens runs with the next render.
    return Promise.resolve().then(() => {
      fireEvent.keyDown(document.body, space);
      expect(parley.names()).toEqual([]);
    });
  });

  it('mutes in free mic', () => {
    const { parley } = renderPage(freeMic, view);
    fireEvent.keyDown(document.body, space);
    fireEvent.keyUp(document.body, space);
    expect(parley.sent).toEqual([['talk.mute', true]]);
  });
});

describe('talk button in free mic', () => {
  it('mutes and unmutes', () => {
    const { parley } = renderPage(freeMic, view);
    fireEvent.click(screen.getByRole('button', { name: 'Mute microphone' }), { detail: 1 });
    expect(parley.sent).toEqual([['talk.mute', true]]);
    cleanup();
    const muted = renderPage(stateWith({ talkMode: { mode: 'free-mic', talking: 'muted' } }), view);
    fireEvent.click(screen.getByRole('button', { name: 'Unmute microphone' }), { detail: 1 });
    expect(muted.parley.sent).toEqual([['talk.mute', false]]);
  });
});

describe('where no voice interrupts', () => {
  const speaking = (when: 'at-once' | 'by-key') =>
    stateWith({ talkMode: freeMic.talkMode, activity: 'speaking' }, { interruption: { when } });

  it('the button and Space cut the answer off', () => {
    const { parley } = renderPage(speaking('by-key'), view);
    fireEvent.click(screen.getByRole('button', { name: 'Interrupt' }), { detail: 1 });
    fireEvent.keyDown(document.body, space);
    fireEvent.keyUp(document.body, space);
    expect(parley.sent).toEqual([['interrupt'], ['interrupt']]);
  });

  it.each([
    ['while nothing is said', { ...speaking('by-key'), activity: 'listening' as const }],
    ['where a voice interrupts', speaking('at-once')],
  ])('they mute %s', (_name, app) => {
    const { parley } = renderPage(app, view);
    fireEvent.click(screen.getByRole('button', { name: 'Mute microphone' }), { detail: 1 });
    fireEvent.keyDown(document.body, space);
    expect(parley.sent).toEqual([
      ['talk.mute', true],
      ['talk.mute', true],
    ]);
  });
});

describe('Escape', () => {
  it('interrupts', () => {
    const { parley } = renderPage(testState, view);
    fireEvent.keyDown(document.body, { key: 'Escape', code: 'Escape' });
    expect(parley.names()).toEqual(['interrupt']);
  });
});

describe('the line to type', () => {
  it('sends its text and is empty again; blank text is not sent', () => {
    const { parley } = renderPage(testState, view);
    const line = screen.getByRole('textbox') as HTMLInputElement;
    expect(screen.queryByRole('button', { name: 'Send' })).toBeNull();
    fireEvent.change(line, { target: { value: '  what time is it ' } });
    fireEvent.click(screen.getByRole('button', { name: 'Send' }));
    expect(parley.sent).toEqual([['text.send', 'what time is it']]);
    expect(line.value).toBe('');
    fireEvent.change(line, { target: { value: '   ' } });
    fireEvent.submit(line.closest('form') as HTMLFormElement);
    expect(parley.sent).toHaveLength(1);
  });
});
