/** One conversation: the microphone in, the speaker out, interruption, and everything again after a lost connection. */
import { randomUUID } from 'node:crypto';
import type { Conversation } from '../shared/conversation';
import type { ConversationEvent, Problem } from '../shared/ipc';
import { type Logger, toError } from '../shared/log';
import type { ClientEvent, RealtimeErrorBody, ServerEvent, ServerEventOf } from '../shared/realtime';
import type { SessionState } from './activity';
import { createAnswerPlayback } from './answer-playback';
import type { Microphone, Speaker } from './audio';
import { type Clock, systemClock } from './clock';
import type { Connection } from './connection';
import { createConversationFeed } from './conversation-feed';
import { withoutKeys } from './failure';
import { createInterruption } from './interruption';
import { createListeners } from './listeners';
import { createPlaybackLedger } from './playback-ledger';
import { replayEvents } from './replay';
import { createResponseGate } from './response-gate';
import { type SessionConfig, sessionUpdate } from './session-config';
import { createSpokenTurns } from './spoken-turns';
import { createTalk } from './talk';

export interface SessionOptions {
  connection: Connection;
  microphone: Microphone;
  speaker: Speaker;
  config: SessionConfig;
  log: Logger;
  clock?: Clock;
}

export interface Session {
  readonly state: SessionState;
  readonly conversation: Conversation;
  start(): void;
  /** Silence, microphone off, socket closed. */
  close(): Promise<void>;
  /** Takes effect at once; a new voice after the session has spoken, as soon as nobody speaks. */
  update(change: Partial<SessionConfig>): void;
  /** Push-to-talk key down: interrupts and records. No effect in free mic. */
  press(): void;
  release(): void;
  setMuted(muted: boolean): void;
  /** A turn in writing; interrupts. Kept while there is no connection. */
  sendText(text: string): void;
  interrupt(): void;
  /** A new conversation with the same server session. */
  clear(): void;
  /** What `reduceConversation` folds, in order; never sound. */
  onConversation(listener: (event: ConversationEvent) => void): () => void;
  onState(listener: (state: SessionState) => void): () => void;
  /** What went wrong in the conversation; what is wrong with the connection is its own status. */
  onProblem(listener: (problem: Problem) => void): () => void;
}

/** Milliseconds after which a session is renewed as soon as it is idle: the service ends it at 60 minutes. */
export const RENEW_AFTER_MS = 55 * 60_000;
/** Milliseconds to wait for a response to a turn that server turn detection ended. */
const TURN_PENDING_MS = 15_000;

export function createSession(options: SessionOptions): Session {
  const { connection, microphone, speaker, log, clock = systemClock } = options;
  let { config } = options;
  let ready = false;
  /** The id of the item that the user is speaking, by the server's turn detection. */
  let speakingItemId: string | null = null;
  /** Server turn detection ended a turn and no response has come of it yet; cancels the wait. */
  let turnPending: (() => void) | null = null;
  /** A question lost its answer before it began; asked again once after reconnection. */
  let owed = false;
  let askedAgain = false;
  let renewalDue = false;
  let cancelRenewal: () => void = () => undefined;
  let eventCount = 0;

  const states = createListeners<SessionState>();
  const problems = createListeners<Problem>();
  const feed = createConversationFeed();
  const ledger = createPlaybackLedger();
  const nextEventId = (prefix: string) => `${prefix}_${++eventCount}`;
  const send = (event: ClientEvent) => void connection.send(event);
  const note = (event: ConversationEvent) => feed.emit(event);

  const gate = createResponseGate(send, nextEventId);
  const interruption = createInterruption({ speaker, ledger, clock, log, send, nextEventId, note });
  const turns = createSpokenTurns({ ready: () => ready, send, onCommitted: gate.request, nextEventId });
  const playback = createAnswerPlayback({
    speaker,
    ledger,
    gate,
    interruption,
    note,
    onBegun: () => {
      turns.answered();
      askedAgain = false;
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
    userSpeaking: () => speakingItemId !== null,
    onTurnBegins: () => interrupt(),
    settled: interruption.settled,
    onNotice: problems.emit,
    onChange: () => changed(),
  });

  const state = (): SessionState => ({
    talkMode: talk.mode,
    muted: talk.muted,
    recording: turns.recording,
    userSpeaking: speakingItemId !== null,
    responseOpen: gate.busy || turnPending !== null,
    playing: ledger.playing,
  });
  let shown = JSON.stringify(state());
  const changed = () => {
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

  const endTurnPending = () => {
    turnPending?.();
    turnPending = null;
  };
  const interrupt = () => {
    gate.cancel();
    interruption.flush();
    changed();
  };
  const configure = () =>
    send(sessionUpdate(config, { voice: !playback.voiced, eventId: nextEventId('session') }));

  const connected = () => {
    ready = true;
    renewalDue = false;
    cancelRenewal = clock.after(RENEW_AFTER_MS, () => {
      renewalDue = true;
      changed();
    });
    configure();
    const replay = replayEvents(feed.conversation);
    feed.expectEcho(replay.flatMap((event) => ('item' in event ? (event.item.id ?? []) : [])));
    for (const event of replay) send(event);
    const unsent = turns.waiting;
    turns.resend();
    // A turn that is sent again asks for its answer by itself.
    if (owed && !unsent) gate.request();
    askedAgain = owed || unsent;
    owed = false;
  };

  const disconnected = () => {
    if (!ready) return;
    ready = false;
    cancelRenewal();
    // Without push-to-talk the server asks for the answer, so a turn it has understood is owed one.
    const last = feed.conversation.entries.at(-1);
    const understood = turnPending !== null && last?.role === 'user' && last.status === 'completed';
    endTurnPending();
    speakingItemId = null;
    const { openId, asked } = gate.reset();
    if (openId !== null && playback.begun) note({ type: 'client.response_lost', responseId: openId });
    owed = (understood || asked || (openId !== null && !playback.begun)) && !askedAgain;
    playback.lost();
    settleUnfinished(turns.lost());
  };

  /** What the lost server session had begun and this side cannot finish: it is sent again or it has failed. */
  const settleUnfinished = (sentAgain: string[]) => {
    for (const entry of feed.conversation.entries) {
      if (!entry.partial || entry.status !== 'in_progress') continue;
      const gone = sentAgain.includes(entry.id) || (entry.role === 'assistant' && entry.text === '');
      const ids = { event_id: nextEventId('client'), item_id: entry.id };
      if (gone) note({ type: 'conversation.item.deleted', ...ids });
      else if (entry.role === 'user') {
        const error = { code: 'connection_lost' };
        note({ type: 'conversation.item.input_audio_transcription.failed', content_index: 0, error, ...ids });
      }
    }
  };

  const onServerError = (error: Partial<RealtimeErrorBody>) => {
    const code = error.code ?? '';
    const about = error.event_id ?? '';
    log.warn('server error', { code, about });
    if (gate.absorbs(error)) return;
    // What was heard is known here anyway; a conversation does not end over it.
    if (/^(truncate|delete)_/.test(about) || /^item_(truncate|delete)_/.test(code)) return;
    if (code === 'input_audio_buffer_commit_empty') {
      turns.refused();
      problems.emit({ code: 'not-heard', detail: error.message ?? code });
      return;
    }
    problems.emit({ code: 'server-error', detail: withoutKeys(error.message || code, null) });
  };

  const onUserTurn = (event: ServerEvent) => {
    switch (event.type) {
      case 'input_audio_buffer.speech_started':
        speakingItemId = event.item_id;
        endTurnPending();
        gate.markCancelled();
        interruption.flush();
        break;
      case 'input_audio_buffer.speech_stopped':
        speakingItemId = null;
        endTurnPending();
        turnPending = clock.after(TURN_PENDING_MS, () => {
          turnPending = null;
          changed();
        });
        break;
      case 'input_audio_buffer.committed':
        if (talk.mode === 'push-to-talk') turns.committed(event.item_id);
        break;
      case 'conversation.item.input_audio_transcription.completed':
        turns.transcribed(event.item_id);
        if (event.transcript.trim() === '') endTurnPending();
        break;
      case 'conversation.item.input_audio_transcription.failed':
        turns.transcribed(event.item_id);
        endTurnPending();
        break;
    }
  };

  const onResponseDone = ({ response }: ServerEventOf<'response.done'>) => {
    gate.done(response.id ?? '');
    if (response.status !== 'failed') return;
    const error = response.status_details?.error;
    problems.emit({
      code: 'server-error',
      detail: withoutKeys(error?.message || error?.code || 'the response failed', null),
    });
  };

  const onEvent = (event: ServerEvent) => {
    onUserTurn(event);
    if (event.type === 'response.created') {
      gate.created(event.response.id ?? '');
      endTurnPending();
    }
    playback.handle(event);
    feed.emit(event);
    if (event.type === 'response.done') onResponseDone(event);
    if (event.type === 'error') onServerError(event.error);
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
      await Promise.all([talk.stop(), interruption.settled()]);
      await connection.close();
    },
    update(change) {
      const before = config;
      config = { ...config, ...change };
      if (config.talkMode !== talk.mode) {
        talk.setMode(config.talkMode, (spoke) => {
          if (!ready) return;
          configure();
          if (config.talkMode === 'free-mic') return;
          if (!spoke) return send({ type: 'input_audio_buffer.clear' });
          send({ type: 'input_audio_buffer.commit', event_id: nextEventId('commit') });
          speakingItemId = null;
          gate.request();
        });
      } else if (ready) configure();
      if (config.voice !== before.voice && playback.voiced) renewalDue = true;
      changed();
    },
    press: talk.press,
    release: talk.release,
    setMuted: talk.setMuted,
    sendText(text) {
      interrupt();
      const id = `msg_${randomUUID().replaceAll('-', '').slice(0, 24)}`;
      const item = {
        id,
        type: 'message',
        role: 'user',
        status: 'completed',
        content: [{ type: 'input_text', text }],
      } as const;
      // Shown at once, and replayed from there should the connection be lost or not be there yet.
      const previous = feed.conversation.entries.at(-1)?.id ?? null;
      const at = { event_id: nextEventId('client'), previous_item_id: previous };
      note({ type: 'conversation.item.added', item: { ...item, content: [...item.content] }, ...at });
      if (ready) {
        send({ type: 'conversation.item.create', item: { ...item, content: [...item.content] } });
        gate.request();
      } else owed = true;
      changed();
    },
    interrupt,
    clear() {
      const responseIds = gate.openId === null ? [] : [gate.openId];
      interrupt();
      turns.forget();
      owed = false;
      const known = feed.clear({ responseIds, except: speakingItemId });
      for (const id of ready ? known : []) {
        send({ type: 'conversation.item.delete', event_id: nextEventId('delete'), item_id: id });
      }
      changed();
    },
    onConversation: feed.onEvent,
    onState: states.add,
    onProblem: problems.add,
  };
}
