/**
 * Takes the storyboard's pictures: node tests/renderer/storyboard/shoot.mjs <folder> [only] [--axe]
 * `only` is a regular expression on a picture's name. Needs Debian's chromium, or CHROMIUM=<path>.
 */
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import react from '@vitejs/plugin-react';
import { build } from 'vite';

const here = fileURLToPath(new URL('.', import.meta.url));
const options = process.argv.slice(2).filter((argument) => argument.startsWith('--'));
const [folder, only = ''] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
if (!folder) {
  console.error('usage: node tests/renderer/storyboard/shoot.mjs <folder> [only] [--axe]');
  process.exit(2);
}
const axe = options.includes('--axe')
  ? await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  : null;

const MAIN = [
  'empty',
  'empty-free-mic',
  'empty-model',
  'idle',
  'listening',
  'latched',
  'opening',
  'thinking',
  'speaking',
  'interrupted',
  'marks',
  'muted',
  'connecting',
  'long',
  'no-hotkey',
  'microphone-denied',
  'key-rejected',
  'local-server-stopped',
  'echo-heard',
  'echo-heard-off',
  'speaking-by-key',
  'held',
];
const SETTINGS = [
  'settings-conversation',
  'settings-openai',
  'settings-refused',
  'settings-sound',
  'settings-talking',
  'settings-interruption',
  'settings-interruption-words',
  'settings-interruption-key',
  'settings-local',
  'settings-chat',
  'settings-look',
];
const scenes = [...MAIN, ...SETTINGS];
const shots = [];
const add = (names, more) => {
  shots.push(...names.map((scene) => ({ scene, width: 420, height: 640, ...more })));
};
add(scenes, {});
add(scenes, { theme: 'dark' });
add(scenes, { language: 'zh' });
add(scenes, { width: 340, height: 520 });
add(['empty', 'speaking', 'interrupted', 'microphone-denied', 'settings-talking', 'settings-local'], {
  width: 900,
  height: 700,
});
add(['echo-heard', 'settings-interruption-words'], { width: 900, height: 700 });
add(['speaking', 'settings-talking'], { width: 900, height: 700, theme: 'dark', language: 'zh' });
add(['empty', 'interrupted', 'microphone-denied', 'settings-talking', 'settings-openai'], { text: 200 });
add(['echo-heard', 'echo-heard-off', 'settings-interruption-words'], { text: 200 });
add(['empty', 'speaking'], { width: 340, height: 460 });
add(['empty', 'listening', 'microphone-denied', 'settings-talking', 'settings-interruption-words'], {
  contrast: 'more',
});
add(['empty', 'listening', 'settings-talking', 'settings-interruption-words'], { forced: 'active' });
add(['speaking'], { motion: 'reduce' });

const out = await mkdtemp(join(tmpdir(), 'storyboard-'));
await build({
  configFile: false,
  root: here,
  logLevel: 'error',
  plugins: [react()],
  build: { outDir: out, emptyOutDir: true, target: 'chrome114', modulePreload: false },
});
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };
const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://x');
  const file = join(out, pathname === '/' ? 'index.html' : pathname);
  const body = await readFile(file).catch(() => null);
  response.writeHead(body ? 200 : 204, { 'content-type': types[extname(file)] ?? 'text/plain' }).end(body);
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address();

await mkdir(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--force-color-profile=srgb'],
});
let failures = 0;
for (const shot of shots) {
  const { scene, width, height, theme = 'light', language = 'en', text = 100 } = shot;
  const extras = [
    shot.contrast && 'contrast',
    shot.forced && 'forced',
    shot.motion && 'still',
    text !== 100 && `text${text}`,
  ];
  const name = [scene, `${width}x${height}`, theme, language, ...extras.filter(Boolean)].join('_');
  if (!new RegExp(only).test(name)) continue;
  const context = await browser.newContext({
    viewport: { width, height },
    deviceScaleFactor: 2,
    colorScheme: theme,
    contrast: shot.contrast ?? 'no-preference',
    forcedColors: shot.forced ?? 'none',
    reducedMotion: shot.motion ?? 'no-preference',
    bypassCSP: axe !== null,
  });
  const page = await context.newPage();
  const complaints = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(`http://127.0.0.1:${port}/#${scene}?theme=${theme}&language=${language}&text=${text}`);
  await page.waitForSelector('.app');
  await page.waitForTimeout(scene.startsWith('settings') ? 400 : 1100);
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
  const wide = await page.evaluate(() =>
    [...document.querySelectorAll('body *')]
      .filter((element) => {
        const box = element.getBoundingClientRect();
        const hidden = element.closest('.visually-hidden, [aria-hidden=true], [hidden]');
        return !hidden && box.width > 1 && (box.right > innerWidth + 1 || box.left < -1);
      })
      .map((element) => `${element.tagName}.${element.getAttribute('class') ?? ''}`),
  );
  if (wide.length > 0) complaints.push(`outside the window: ${[...new Set(wide)].slice(0, 5).join(', ')}`);
  if (axe) {
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() =>
      window.axe.run(document, {
        // The first wants landmarks a window this small does not need; the second takes a label below the fold for hidden.
        rules: { region: { enabled: false }, 'label-title-only': { enabled: false } },
      }),
    );
    for (const violation of violations) {
      complaints.push(
        `${violation.id}: ${violation.help}\n    ${violation.nodes
          .slice(0, 3)
          .map((node) => node.html.slice(0, 160))
          .join('\n    ')}`,
      );
    }
  }
  if (complaints.length > 0) {
    failures += 1;
    console.log(`${name}\n  ${complaints.join('\n  ')}`);
  }
  await context.close();
}
await browser.close();
server.close();
await rm(out, { recursive: true });
console.log(failures === 0 ? 'no complaints' : `${failures} pictures with complaints`);
process.exitCode = failures === 0 ? 0 : 1;
