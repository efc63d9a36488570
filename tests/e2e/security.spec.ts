/** The page is locked in: no Node, no other page, no other device, no unchecked command. */
import { expect, test } from '@playwright/test';
import { type Program, startProgram } from './program';

let program: Program;
test.beforeAll(async () => {
  program = await startProgram();
});
test.afterAll(async () => {
  await program.close();
});

test('the page has no Node and no key', async () => {
  const found = await program.page.evaluate(() => ({
    require: typeof (window as { require?: unknown }).require,
    process: typeof (window as { process?: unknown }).process,
    api: Object.keys(window.parley).sort(),
  }));
  expect(found).toEqual({ require: 'undefined', process: 'undefined', api: ['command', 'on'] });
});

test('the window is sandboxed and isolated', async () => {
  const preferences = await program.app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as {
      getLastWebPreferences(): Record<string, unknown>;
    };
    const { sandbox, contextIsolation, nodeIntegration, webSecurity } = contents.getLastWebPreferences();
    return { sandbox, contextIsolation, nodeIntegration, webSecurity };
  });
  expect(preferences).toEqual({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webSecurity: true,
  });
});

test('the content security policy stops foreign and inline code, and the page needs neither', async () => {
  const violations = await program.page.evaluate(async () => {
    const seen: string[] = [];
    document.addEventListener('securitypolicyviolation', (event) => seen.push(event.effectiveDirective));
    const inline = document.createElement('script');
    inline.textContent = 'window.inlineRan = true';
    document.head.append(inline);
    await fetch('https://example.com/').catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 200));
    return { seen, ran: (window as { inlineRan?: boolean }).inlineRan ?? false };
  });
  expect(violations.ran).toBe(false);
  expect(violations.seen).toEqual(expect.arrayContaining(['script-src-elem', 'connect-src']));
});

test('the page cannot navigate, open windows or use the camera', async () => {
  const { page, app } = program;
  const before = page.url();
  await page.evaluate(() => {
    window.open('file:///etc/passwd');
    window.location.href = 'https://example.com/';
  });
  await page.waitForTimeout(500);
  expect(page.url()).toBe(before);
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  const camera = await page.evaluate(() =>
    navigator.mediaDevices.getUserMedia({ video: true }).then(
      () => 'granted',
      (error: Error) => error.name,
    ),
  );
  expect(camera).toBe('NotAllowedError');
});

test('commands with a wrong name or payload are refused, and the program goes on', async () => {
  const { page } = program;
  const refused = await page.evaluate(async () => {
    const send = window.parley.command as unknown as (name: string, argument?: unknown) => Promise<unknown>;
    const outcome = (promise: Promise<unknown>): Promise<string> =>
      promise.then(
        () => 'accepted',
        (error: Error) => error.message,
      );
    return [
      await outcome(send('app.quit')),
      await outcome(send('settings.update', { service: 'evil' })),
      await outcome(send('text.send', { text: 'x' })),
    ];
  });
  for (const message of refused) expect(message).toContain('Refused');
  await expect.poll(async () => (await program.state()).connection).toBe('connected');
});

test('the page cannot hold a frame, not even of itself', async () => {
  const framed = await program.page.evaluate(async () => {
    const violated = new Promise<string>((resolve) => {
      document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective));
    });
    const frame = document.createElement('iframe');
    frame.src = `${location.origin}/index.html`;
    document.body.append(frame);
    const directive = await violated;
    frame.remove();
    return directive;
  });
  expect(framed).toBe('frame-src');
});
