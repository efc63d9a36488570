/** What fails is said, mended where it can be, and loses nothing. */
import { expect, type Page, test } from '@playwright/test';
import { type Program, startProgram } from './program';
import { freePort, serve } from './server';

let program: Program | null = null;
test.afterEach(async () => {
  await program?.close();
  program = null;
});

const ask = async (page: Page, text: string): Promise<void> => {
  await page.getByRole('textbox').fill(text);
  await page.getByRole('textbox').press('Enter');
};
const problemCodes = async (): Promise<string[]> =>
  (await (program as Program).state()).problems.map(({ code }) => code);

/** Ends the local server's process the hard way. */
async function killLocalServer({ app }: Program): Promise<void> {
  await app.evaluate(({ app: electron }) => {
    const server = electron.getAppMetrics().find((metric) => metric.serviceName === 'node.mojom.NodeService');
    if (!server) throw new Error('the local server has no process');
    process.kill(server.pid, 'SIGKILL');
  });
}

test('the local server killed in mid-answer: said, started again, and the next question is answered', async () => {
  program = await startProgram();
  const { page } = program;
  await page.evaluate(() => {
    const codes: string[] = [];
    (window as unknown as { codes: string[] }).codes = codes;
    window.parley.on('notice', ({ code }) => codes.push(code));
  });
  await ask(page, 'what can you do');
  await expect(page.locator('.state-word')).toHaveAttribute('data-view', 'speaking');
  await killLocalServer(program);
  await expect
    .poll(() => page.evaluate(() => (window as unknown as { codes: string[] }).codes))
    .toContain('local-server-stopped');
  await expect.poll(async () => (await program?.state())?.connection).toBe('connected');
  await ask(page, 'what is two plus two');
  await expect(page.locator('.turn[data-role=assistant] .turn-words').last()).toContainText(/four|4/i);
  await expect(page.locator('.turn[data-role=user]')).toHaveCount(2);
});

test('a page that crashes comes back with the conversation and its sound', async () => {
  program = await startProgram();
  const { page, app } = program;
  await ask(page, 'flip a coin');
  await expect(page.locator('.turn[data-role=assistant] .turn-words')).toHaveText(/heads|tails/i);
  await app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(),
  );
  // The test's own handle on the page died with it, so the new page is asked by way of the main process; what is asked
  // of a page that is just ending is never answered.
  const inPage = (code: string): Promise<unknown> =>
    app.evaluate(({ BrowserWindow }, text) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      const silence = new Promise((resolve) => setTimeout(resolve, 500, null));
      return Promise.race([silence, contents?.executeJavaScript(text).catch(() => null)]);
    }, code);
  await expect
    .poll(() => inPage("document.querySelector('.turn[data-role=assistant] .turn-words')?.textContent"))
    .toMatch(/heads|tails/i);
  await inPage("window.parley.command('text.send', 'what time is it').then(() => null)");
  await expect.poll(() => inPage("document.querySelector('.state-word')?.dataset.view")).toBe('speaking');
});

test('no microphone: said, and typing still works', async () => {
  program = await startProgram({ microphone: null });
  const { page } = program;
  await expect.poll(problemCodes).toContain('microphone-missing');
  await expect(page.getByRole('heading', { name: 'No microphone was found' })).toBeVisible();
  await ask(page, 'what time is it');
  await expect(page.locator('.turn[data-role=assistant] .turn-words')).toHaveText(/\d+(:\d\d)? [AP]M/);
});

test('the microphone refused: said, and typing still works', async () => {
  program = await startProgram({ settings: { preRoll: false } });
  const { page, app } = program;
  await app.evaluate(({ session }) => {
    session.defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
    session.defaultSession.setPermissionCheckHandler(() => false);
  });
  await page.locator('.state-word').click();
  await page.keyboard.down('Space');
  await expect.poll(problemCodes).toContain('microphone-denied');
  await page.keyboard.up('Space');
  await expect(page.getByRole('heading', { name: 'Parley may not use the microphone' })).toBeVisible();
  await ask(page, 'what time is it');
  await expect(page.locator('.turn[data-role=assistant] .turn-words')).toHaveText(/\d+(:\d\d)? [AP]M/);
});

test('OpenAI without a key: said, and the button leads to where it is entered', async () => {
  program = await startProgram({ settings: { service: 'openai' } });
  await expect.poll(problemCodes).toEqual(['key-missing']);
  await program.page.getByRole('button', { name: 'Enter the key' }).click();
  await expect(program.page.getByLabel('API key').first()).toBeVisible();
});

test('a wrong key, then the right one', async () => {
  const server = await serve(await freePort(), 'right');
  try {
    program = await startProgram({
      settings: { service: 'custom', customBaseUrl: `http://127.0.0.1:${server.port}` },
      env: { PARLEY_KEY: 'wrong' },
    });
    await expect.poll(problemCodes).toEqual(['key-rejected']);
    await expect(
      program.page.getByRole('heading', { name: 'The service did not accept the key' }),
    ).toBeVisible();
    await program.close();
    program = await startProgram({
      settings: { service: 'custom', customBaseUrl: `http://127.0.0.1:${server.port}` },
      env: { PARLEY_KEY: 'right' },
    });
    await expect.poll(async () => (await program?.state())?.connection).toBe('connected');
    expect(await problemCodes()).toEqual([]);
  } finally {
    await program?.close();
    program = null;
    await server.close();
  }
});

test('a server that is not there: said, tried again, reached when it comes', async () => {
  const free = await freePort();
  program = await startProgram({
    settings: { service: 'custom', customBaseUrl: `ws://127.0.0.1:${free}/v1` },
  });
  await expect.poll(problemCodes).toEqual(['server-unreachable']);
  const server = await serve(free, null);
  try {
    await expect
      .poll(async () => (await program?.state())?.connection, { timeout: 20_000 })
      .toBe('connected');
    expect(await problemCodes()).toEqual([]);
  } finally {
    await program.close();
    program = null;
    await server.close();
  }
});
