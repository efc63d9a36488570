/**
 * A small model of a voice program that keeps sound on the UI thread. Run by tests/bench/audio-path/baseline.ts with a
 * plan (JSON in BASELINE_PLAN); leaves its times in the file the plan names.
 *
 * Playing: every delta becomes an AudioBufferSourceNode of the page, and a flush is a message to the page that stops
 * them. Capture: the page gathers 8,192 bytes and sends them from its own WebSocket. Only the silence is reported past
 * the UI thread, by a worklet behind the mix, so that the flush is timed here as the program's own is.
 */
const { once } = require('node:events');
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');
const { app, BrowserWindow, ipcMain, MessageChannelMain } = require('electron');

const plan = JSON.parse(process.env.BASELINE_PLAN);
const now = () => performance.timeOrigin + performance.now();
const SILENCE_TIMEOUT_MS = 5000;

async function run() {
  const window = new BrowserWindow({
    width: 420,
    height: 640,
    webPreferences: {
      preload: join(__dirname, 'preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      backgroundThrottling: false,
      autoplayPolicy: 'no-user-gesture-required',
    },
  });
  const { webContents } = window;
  const ready = once(ipcMain, 'ready');
  await window.loadFile(join(__dirname, 'page.html'));
  const { port1, port2 } = new MessageChannelMain();
  webContents.postMessage('port', { socketUrl: plan.socketUrl }, [port2]);
  let silent = () => undefined;
  let sounding = () => undefined;
  port1.on('message', ({ data }) => (data.silent ? silent : sounding)(data.at));
  port1.start();
  await ready;
  const seen = (listen) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, SILENCE_TIMEOUT_MS, null);
      listen((at) => {
        clearTimeout(timer);
        resolve(at);
      });
    });

  /** Milliseconds from the flush to the silence, true to one; null when it never came. */
  const flushed = async () => {
    const heard = seen((listener) => {
      silent = listener;
    });
    const sentAt = now();
    webContents.send('flush');
    const silentAt = await heard;
    return silentAt === null ? null : Math.max(0, silentAt - sentAt);
  };
  const play = async (ms) => {
    const heard = seen((listener) => {
      sounding = listener;
    });
    webContents.send('play', { ms, deltaMs: plan.deltaMs });
    await heard;
  };
  const block = () =>
    webContents.executeJavaScript(
      `(() => { const now = () => performance.timeOrigin + performance.now();
        const startMs = now(); while (now() - startMs < ${plan.blockMs}); return { startMs, endMs: now() }; })()`,
    );

  await sleep(plan.settleMs);
  const fromMs = now();
  const idleFlushMs = [];
  for (const afterMs of plan.flushAfterMs) {
    await play(plan.answerMs);
    await sleep(afterMs);
    idleFlushMs.push(await flushed());
    await sleep(plan.betweenMs);
  }
  const toMs = now();
  const blockedFlushMs = [];
  const blocks = [];
  for (const phaseMs of plan.phasesMs) {
    await play(plan.blockMs * 3);
    const blocked = block();
    await sleep(phaseMs);
    blockedFlushMs.push(await flushed());
    blocks.push(await blocked);
    await sleep(plan.betweenBlocksMs);
  }
  writeFileSync(
    plan.resultFile,
    JSON.stringify({ idleFlushMs, blockedFlushMs, idle: { fromMs, toMs }, blocks }),
  );
}

app.on('window-all-closed', () => app.quit());
app
  .whenReady()
  .then(run)
  .then(
    () => app.quit(),
    (cause) => {
      console.error(cause);
      app.exit(1);
    },
  );
