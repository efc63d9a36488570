/** Talking to the built program: typed, held, tapped, by hotkey and free, and talking over the answer. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, type Page, test } from '@playwright/test';
import { type Program, startProgram } from './program';

const run = promisify(execFile);
const said = (page: Page, role: 'user' | 'assistant') => page.locator(`.turn[data-role=${role}] .turn-words`);
const TIME = /\d+(:\d\d)? [AP]M/;

let program: Program | null = null;
test.afterEach(async () => {
  await program?.close();
  program = null;
});

test('a typed question is answered, on screen and aloud', async () => {
  program = await startProgram();
  const { page } = program;
  await page.getByRole('textbox').fill('What time is it?');
  await page.getByRole('textbox').press('Enter');
  await expect(said(page, 'assistant')).toHaveText(TIME);
  await expect(page.locator('.state-word')).toHaveAttribute('data-view', 'speaking');
  await expect(page.locator('.state-word')).toHaveAttribute('data-view', 'idle', { timeout: 15_000 });
});

test('holding Space asks a spoken question', async () => {
  program = await startProgram({ microphone: [5000, 'what-time-is-it', 60_000] });
  const { page } = program;
  await expect.poll(async () => (await program?.state())?.microphone.status).toBe('open');
  await page.locator('.state-word').click();
  await page.keyboard.down('Space');
  await expect(page.locator('.state-word')).toHaveAttribute('data-view', 'listening');
  await page.waitForTimeout(8000);
  await page.keyboard.up('Space');
  await expect(said(page, 'user')).toHaveText('what time is it');
  await expect(said(page, 'assistant')).toHaveText(TIME);
});

test('the button held shorter than a moment stays on until it is tapped again', async () => {
  program = await startProgram();
  const { page } = program;
  const talking = async () => (await program?.state())?.talkMode.talking;
  await page.locator('.talk-button').click();
  await expect.poll(talking).toBe('latched');
  await page.locator('.talk-button').click();
  await expect.poll(talking).toBe('idle');
});

test('the global hotkey talks while it is held', async () => {
  test.skip(process.platform !== 'linux', 'xdotool presses the keys');
  program = await startProgram();
  const talking = async () => (await program?.state())?.talkMode.talking;
  expect((await program.state()).hotkey.kind).toBe('hold');
  await run('xdotool', ['keydown', 'ctrl', 'keydown', 'shift', 'keydown', 'space']);
  await expect.poll(talking).toBe('holding');
  await program.page.waitForTimeout(1000);
  expect(await talking()).toBe('holding');
  await run('xdotool', ['keyup', 'space', 'keyup', 'shift', 'keyup', 'ctrl']);
  await expect.poll(talking).toBe('idle');
});

test('in free mic a spoken question is answered, and speech over an answer cuts it', async () => {
  program = await startProgram({
    settings: { talkMode: 'free-mic' },
    microphone: [4000, 'what-can-you-do', 4000, 'stop', 60_000],
  });
  const { page } = program;
  await expect(said(page, 'user').first()).toHaveText('what can you do', { timeout: 20_000 });
  const cut = page.locator('.turn[data-role=assistant][data-status=interrupted]');
  await expect(cut).toHaveCount(1, { timeout: 20_000 });
  await expect(cut.locator('.unheard')).not.toBeEmpty();
  await expect(said(page, 'user')).toHaveCount(2);
});

test('Escape silences an answer and marks what was not heard', async () => {
  program = await startProgram();
  const { page } = program;
  await page.getByRole('textbox').fill('what can you do');
  await page.getByRole('textbox').press('Enter');
  await expect(page.locator('.state-word')).toHaveAttribute('data-view', 'speaking');
  await page.waitForTimeout(1500);
  await page.keyboard.press('Escape');
  await expect(page.locator('.turn[data-status=interrupted] .unheard')).not.toBeEmpty();
  await expect(page.locator('.state-word')).toHaveAttribute('data-view', 'idle');
});

test('with the pre-roll off the microphone opens with the key and closes after it', async () => {
  program = await startProgram({ settings: { preRoll: false } });
  const status = async () => (await program?.state())?.microphone.status;
  await expect.poll(status).toBe('off');
  await program.page.locator('.state-word').click();
  await program.page.keyboard.down('Space');
  await expect.poll(status).toBe('open');
  await program.page.waitForTimeout(500);
  await program.page.keyboard.up('Space');
  await expect.poll(status).toBe('off');
});
