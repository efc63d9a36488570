/** One conversation: the microphone in, the speaker out, interruption, and everything again after a lost connection. */
import type { ConversationEvent, Problem } from '../shared/ipc';
import { toError } from '../shared/log';
import type { ClientEvent, RealtimeErrorBody, ServerEvent } from '../shared/realtime';
import type { SessionState } from './activity';
import { createAnswerPlayback } from './answer-playback';
import { systemClock } from './clock';
import { createConversationFeed } from './conversation-feed';
import { createFreeMic } from './free-mic';
import { createInterruption } from './interruption';
import { createListeners } from './listeners';
import { createPlaybackLedger } from './playback-ledger';
import { createRecovery } from './recovery';
import { createResponseGate } from './response-gate';
import { judgeServerError, responseProblem } from './server-error';
import { differs } from './session-config';
import type { Session, SessionOptions } from './session-contract';
import { createSetUp } from './set-up';
import { createSpokenTurns } from './spoken-turns';
import { createTalk } from './talk';
import { textItem } from './text-item';
import { createTurnTracker } from './turn-tracker';

export type { Session, SessionOptions } from './session-contract';

/** Milliseconds after which a session is renewed as soon as it is idle: the service ends it at 60 minutes. */
export const RENEW_AFTER_MS = 55 * 60_000;
const TYPICAL_OUTPUT_MS = 100;

export function createSession(options: SessionOptions): Session {
  const { connection, microphone, speaker, log, clock = systemClock, trace = () => undefined } = options;
  let { config } = options;
  let ready = false;
  let renewalDue = false;
  let cancelRenewal: () => void = () => undefined;
  let eventCount = 0;
  let interruptions = 0;

  const states = createListeners<SessionState>();
  const problems = createListeners<Problem>();
  const feed = createConversationFeed();
  const ledger = createPlaybackLedger();
  const nextEventId = (prefix: string) => `${prefix}_${++eventCount}`;
  const send = (event: ClientEvent) => void connection.send(event);
  const note = (event: ConversationEvent) => feed.emit(event);

  const gate = createResponseGate({
    clock,
    send,
    nextEventId,
    onUnanswered: () => {
      log.warn('response.create was not answered');
      problems.emit({ code: 'server-error', detail: 'the server did not answer response.create' });
      changed();
    },
  });
  const interruption = createInterruption({ speaker, ledger, clock, log, send, nextEventId, note });
  const turns = createSpokenTurns({ ready: () => ready, send, onCommitted: gate.request, nextEventId });
  const tracker = createTurnTracker(clock, () => changed());
  const playback = createAnswerPlayback({
    speaker,
    ledger,
    gate,
    interruption,
    note,
    onBegun: turns.answered,
    onChange: () => changed(),
  });
  const recovery = createRecovery({ feed, gate, turns, tracker, playback, send, nextEventId });
  const setUp = createSetUp({ config: () => config, voiced: () => playback.voiced, send, nextEventId });
  const freeMic = createFreeMic({
    speaker,
    tracker,
    clock,
    log,
    trace,
    policy: () => ({
      ...config.interruption,
      silenceDurationMs: config.turnDetection.silenceDurationMs,
      connected: ready,
    }),
    prefixPaddingMs: () => config.turnDetection.prefixPaddingMs,
    outputMs: options.outputMs ?? (() => TYPICAL_OUTPUT_MS),
    answering: () => !ledger.empty,
    send,
    rest: (on) => microphone.rest(on),
    interrupt: () => {
      recovery.newQuestion();
      cutOff();
      changed();
    },
    request: () => {
      const asked = interruptions;
      void interruption.settled().then(() => {
        if (asked !== interruptions) return;
        if (ready) gate.request();
        else recovery.owe();
        changed();
      });
    },
    setGuard: setUp.setGuard,
    lifting: () => setUp.lifting,
    forget: (itemId) => {
      tracker.dismiss();
      if (ready) sendDelete(itemId);
      note({ type: 'conversation.item.deleted', event_id: nextEventId('client'), item_id: itemId });
    },
    onChange: () => changed(),
  });
  const talk = createTalk({
    microphone,
    turns,
    clock,
    log,
    mode: config.talkMode,
    ready: () => ready,
    send,
    preRoll: () => config.preRoll,
    silenceDurationMs: () => config.turnDetection.silenceDurationMs,
    userSpeaking: () => tracker.speakingItemId !== null || freeMic.userSpeaking,
    onStream: freeMic.begin,
    onStreamed: freeMic.take,
    onStreamEnd: freeMic.stopped,
    onTurnBegins: () => {
      // The set-up of a session takes less time than the user takes to speak.
      if (!ready) connection.open();
      recovery.newQuestion();
      interrupt();
    },
    settled: interruption.settled,
    onNotice: problems.emit,
    onChange: () => changed(),
  });

  microphone.onOpened(freeMic.opened);

  const state = (): SessionState => ({
    talkMode: talk.mode,
    muted: talk.muted,
    recording: turns.recording,
    userSpeaking: tracker.speakingItemId !== null || freeMic.userSpeaking,
    responseOpen: gate.busy || tracker.pending,
    playing: ledger.playing,
    echo: freeMic.echo,
  });
  let shown = JSON.stringify(state());
  const changed = () => {
    freeMic.refresh();
    const now = state();
    const text = JSON.stringify(now);
    if (text !== shown) {
      shown = text;
      states.emit(now);
    }
    const idle = !now.recording && !now.userSpeaking && !now.responseOpen && ledger.empty;
    if (renewalDue && ready && idle) {
      renewalDue = false;
      connection.renew();
    }
  };

  const cutOff = () => {
    interruptions += 1;
    gate.cancel();
    interruption.flush();
  };
  const interrupt = () => {
    cutOff();
    freeMic.flushed();
    changed();
  };
  const sendDelete = (itemId: string) =>
    send({ type: 'conversation.item.delete', event_id: nextEventId('delete'), item_id: itemId });

  const connected = () => {
    ready = true;
    renewalDue = false;
    cancelRenewal = clock.after(RENEW_AFTER_MS, () => {
      renewalDue = true;
      changed();
    });
    setUp.configure();
    recovery.resume();
    freeMic.connected();
  };

  const disconnected = () => {
    if (!ready) return;
    ready = false;
    cancelRenewal();
    freeMic.lost();
    setUp.reset();
    recovery.suspend();
  };

  const onServerError = (error: Partial<RealtimeErrorBody>) => {
    log.warn('server error', { code: error.code ?? '', about: error.event_id ?? '' });
    if (gate.absorbs(error)) return;
    const verdict = judgeServerError(error);
    if (verdict.kind === 'benign') return;
    if (verdict.kind === 'empty-commit') turns.refused();
    problems.emit(verdict.problem);
  };

  const onEvent = (event: ServerEvent) => {
    const guardRefused = setUp.refuses(event);
    freeMic.handle(event);
    switch (event.type) {
      case 'input_audio_buffer.speech_started':
        if (freeMic.claims(event.item_id)) break;
        // The server cancels the response by itself (interrupt_response); silence is this side's part.
        recovery.newQuestion();
        interruptions += 1;
        gate.markCancelled();
        interruption.flush();
        freeMic.giveWay();
        break;
      case 'input_audio_buffer.committed':
        if (talk.mode === 'push-to-talk') turns.committed(event.item_id);
        break;
      case 'conversation.item.input_audio_transcription.completed':
      case 'conversation.item.input_audio_transcription.failed':
        turns.transcribed(event.item_id);
        break;
      case 'response.created':
        gate.created(event.response.id ?? '');
        break;
    }
    tracker.handle(event);
    playback.handle(event);
    feed.emit(event);
    if (event.type === 'response.done') {
      gate.done(event.response.id ?? '');
      const problem = responseProblem(event.response);
      if (problem) problems.emit(problem);
    }
    if (event.type === 'error') onServerError(event.error);
    if (guardRefused) freeMic.guardRefused();
    changed();
  };

  connection.onStatus((status) => {
    if (status.state === 'connected') connected();
    else disconnected();
    changed();
  });
  connection.onEvent((event) => {
    try {
      onEvent(event);
    } catch (cause) {
      // A server may leave out a field that its type promises; one such event does not end the conversation.
      log.error('server event not handled', { type: event.type, error: toError(cause) });
    }
  });

  return {
    get state() {
      return state();
    },
    get conversation() {
      return feed.conversation;
    },
    start() {
      talk.start();
      connection.open();
    },
    async close() {
      cancelRenewal();
      gate.cancel();
      interruption.flush();
      freeMic.reset();
      await Promise.all([talk.stop(), interruption.settled()]);
      freeMic.reset();
      await connection.close();
    },
    update(change) {
      const before = config;
      config = { ...config, ...change };
      if (config.talkMode !== talk.mode) {
        talk.setMode(config.talkMode, (spoke) => {
          freeMic.reset();
          if (!ready) return;
          setUp.configure();
          if (config.talkMode === 'free-mic') return;
          if (!spoke) return send({ type: 'input_audio_buffer.clear' });
          send({ type: 'input_audio_buffer.commit', event_id: nextEventId('commit') });
          tracker.reset();
          gate.request();
        });
      } else if (ready && differs(before, config)) setUp.configure();
      if (config.voice !== before.voice && playback.voiced) renewalDue = true;
      changed();
    },
    press: talk.press,
    release: talk.release,
    setMuted: talk.setMuted,
    sendText(text) {
      recovery.newQuestion();
      interrupt();
      const item = textItem(text);
      // Shown at once, and replayed from there should the connection be lost or not be there yet.
      const previous = feed.conversation.entries.at(-1)?.id ?? null;
      note({
        type: 'conversation.item.added',
        event_id: nextEventId('client'),
        item,
        previous_item_id: previous,
      });
      if (ready) {
        send({ type: 'conversation.item.create', item });
        gate.request();
      } else recovery.owe();
      changed();
    },
    interrupt,
    setEar: freeMic.setEar,
    clear() {
      const responseIds = gate.openId === null ? [] : [gate.openId];
      interrupt();
      recovery.forget();
      const known = feed.clear({ responseIds, except: tracker.speakingItemId });
      for (const id of ready ? known : []) sendDelete(id);
      freeMic.cleared();
      changed();
    },
    onConversation: feed.onEvent,
    onState: states.add,
    onProblem: problems.add,
  };
}
