import { describe, expect, it } from 'vitest';
import { judge } from '../../src/client/judge';
import {
  BRIEF_VOICE_MS,
  CLEAR_VOICE_MS,
  CLEAR_WORDLESS_MS,
  COMMIT_GRACE_MS,
  DUCKED_MAX_MS,
  HELD_MAX_MS,
  type JudgeAction,
  type JudgeInput,
  type JudgePolicy,
  type JudgeState,
  QUIET,
  RESPONSE_GRACE_MS,
  SERVER_HEARS_MS,
  SHORT_VOICE_MS,
  TRANSCRIPT_MS,
  type Trial,
} from '../../src/client/judgement';
import type { Hearing } from '../../src/ear';

const atOnce: JudgePolicy = { when: 'at-once', words: 2, silenceDurationMs: 500, connected: true };
const afterWords: JudgePolicy = { ...atOnce, when: 'after-words' };
const byKey: JudgePolicy = { ...atOnce, when: 'by-key' };
const away: JudgePolicy = { ...atOnce, connected: false };

const none: Hearing = { sound: 'none', stretchMs: 0, voiceMs: 0, wordless: false, echo: false };
const hears = (hearing: Partial<Hearing>, answer = true): JudgeInput => ({
  type: 'hearing',
  hearing: { ...none, ...hearing },
  ms: 20,
  answer,
});
const likely = hears({ sound: 'likely', stretchMs: 40 });
const voice = (voiceMs: number, wordless = false) =>
  hears({ sound: 'voice', stretchMs: voiceMs + 40, voiceMs, wordless });
const ended = (voiceMs: number, wordless = false) => hears({ voiceMs, wordless });
const silent = hears({}, false);

const held = (voiceMs: number, wordless = false, forMs = 100): JudgeState => ({
  name: 'held',
  forMs,
  voiceMs,
  wordless,
});
const trial: Trial = {
  name: 'trial',
  held: true,
  over: false,
  spokenMs: 400,
  runningMs: 0,
  speaking: null,
  items: [],
};
const soft: Trial = { ...trial, held: false, spokenMs: 0, runningMs: 100 };
const committed: Trial = { ...trial, items: ['u1'] };
const over: Trial = { ...committed, over: true };
const yielded: JudgeState = { name: 'yielded', running: false, owes: false };
const speaking: JudgeState = { ...yielded, running: true };
const owing: JudgeState = { ...yielded, owes: true };

const words = (transcript: string | null, final = true, itemId = 'u1'): JudgeInput => ({
  type: 'words',
  itemId,
  transcript,
  final,
});
const commit = (itemId = 'u1', lifting = false): JudgeInput => ({ type: 'committed', itemId, lifting });
const only = (type: 'over' | 'guard-refused' | 'response-created' | 'deadline' | 'lost' | 'connected') =>
  ({ type }) as JudgeInput;
const stopped = (leaving = false): JudgeInput => ({ type: 'stopped', leaving });

const brief = (action: JudgeAction) => {
  if (action.do === 'deadline') return action.ms === null ? 'no deadline' : `deadline ${action.ms}`;
  return action.do === 'delete' ? `delete ${action.itemId}` : action.do;
};
type Case = [string, JudgeState, JudgeInput, string, JudgeState['name'] | JudgeState, JudgePolicy?];
const COMMIT = `deadline ${500 + COMMIT_GRACE_MS}`;
const HEARS = `deadline ${SERVER_HEARS_MS}`;

function check([, state, input, actions, next, policy = atOnce]: Case) {
  const judgement = judge(state, input, policy);
  expect(judgement.actions.map(brief).join(', ')).toBe(actions);
  if (typeof next === 'string') expect(judgement.state.name).toBe(next);
  else expect(judgement.state).toEqual(next);
}

describe('at once', () => {
  it.each<Case>([
    ['silence', QUIET, hears({}), '', 'quiet'],
    ['a sound that may be a voice', QUIET, likely, 'duck', 'ducked'],
    ['it stays likely', { name: 'ducked', forMs: 20 }, likely, '', { name: 'ducked', forMs: 40 }],
    ['it ends', { name: 'ducked', forMs: 40 }, hears({}), 'resume', 'quiet'],
    [
      'a noise that does not end',
      { name: 'ducked', forMs: DUCKED_MAX_MS - 20 },
      likely,
      'resume',
      'ignoring',
    ],
    ['the noise goes on', { name: 'ignoring', voice: false }, likely, '', 'ignoring'],
    ['the noise ends', { name: 'ignoring', voice: false }, hears({}), '', 'quiet'],
    ['a voice in the noise', { name: 'ignoring', voice: false }, voice(40), 'hold', 'held'],
    ['a voice after a likely sound', { name: 'ducked', forMs: 40 }, voice(20), 'hold', 'held'],
    ['a voice at once', QUIET, voice(20), 'hold', 'held'],
    ['one that is clear already', QUIET, voice(CLEAR_VOICE_MS), 'interrupt, release', 'yielded'],
    ['it goes on', held(100), voice(120), '', held(120, false, 120)],
    ['a pause in it', held(100), hears({ stretchMs: 300, voiceMs: 100 }), '', 'held'],
    ['too short for a word', held(80), ended(SHORT_VOICE_MS - 1), 'resume', 'quiet'],
    ['a cough', held(400, true), ended(400, true), 'resume', 'quiet'],
    [
      'a short word',
      held(80),
      ended(SHORT_VOICE_MS),
      `guard, release, ${HEARS}`,
      { ...trial, spokenMs: SHORT_VOICE_MS },
    ],
    [
      'a short stop is tried as a word',
      held(120),
      ended(120),
      `guard, release, ${HEARS}`,
      { ...trial, spokenMs: 120 },
    ],
    [
      'a short word while the server is away',
      held(80),
      ended(SHORT_VOICE_MS),
      'interrupt, release',
      'yielded',
      away,
    ],
    ['clear', held(580), voice(CLEAR_VOICE_MS), 'interrupt, release', 'yielded'],
    ['as long, but hummed', held(580, true), voice(CLEAR_VOICE_MS, true), '', 'held'],
    [
      'hummed for too long',
      held(1180, true),
      voice(CLEAR_WORDLESS_MS, true),
      'interrupt, release',
      'yielded',
    ],
    [
      'little voice for long',
      held(80, false, HELD_MAX_MS - 20),
      voice(SHORT_VOICE_MS - 1),
      'resume',
      { name: 'ignoring', voice: true },
    ],
    [
      'some voice for long',
      held(80, false, HELD_MAX_MS - 20),
      voice(SHORT_VOICE_MS),
      'interrupt, release',
      'yielded',
    ],
    ['ignored voice', { name: 'ignoring', voice: true }, voice(300), '', 'ignoring'],
    [
      'ignored voice becomes clear',
      { name: 'ignoring', voice: true },
      voice(600),
      'interrupt, release',
      'yielded',
    ],
    ['the answer ends while ducked', { name: 'ducked', forMs: 40 }, silent, 'resume', 'quiet'],
    ['the answer is cut by a key while held', held(80), only('over'), 'resume, release', 'yielded'],
    ['the microphone goes: no word', held(80), stopped(), 'resume', 'quiet'],
    ['the microphone goes: a word', held(300), stopped(), `guard, release, ${HEARS}`, 'trial'],
    ['free mic is left: a word', held(300), stopped(true), 'interrupt, release', yielded],
    ['free mic is left: no word', held(80), stopped(true), 'resume', 'quiet'],
    ['the server is lost while held', held(100), only('lost'), '', held(100)],
    ['words of nobody', held(100), words('stop'), '', held(100)],
  ])('%s', (...args) => check(args));
});

describe('by key no voice does anything', () => {
  it.each<Case>([
    ['likely', QUIET, likely, '', QUIET, byKey],
    ['a voice', QUIET, voice(2000), '', QUIET, byKey],
  ])('%s', (...args) => check(args));
});

describe('after words', () => {
  it.each<Case>([
    ['likely', QUIET, likely, 'duck', 'ducked', afterWords],
    ['a voice', QUIET, voice(100), 'duck, guard, release', soft, afterWords],
    ['after likely', { name: 'ducked', forMs: 40 }, voice(100), 'guard, release', soft, afterWords],
    ['the server is away', QUIET, voice(100), 'duck', 'ducked', { ...afterWords, connected: false }],
    ['a voice for long', soft, voice(5000), '', { ...soft, runningMs: 5000 }, afterWords],
    ['the voice ends', soft, ended(100), COMMIT, { ...soft, spokenMs: 100, runningMs: 0 }, afterWords],
    ['one word so far', { ...soft, speaking: 'u1' }, words('stop', false), '', 'trial', afterWords],
    [
      'two words so far',
      { ...soft, speaking: 'u1' },
      words('stop it', false),
      `interrupt, unguard, ${COMMIT}`,
      { name: 'yielded', running: true, owes: false },
      afterWords,
    ],
    ['two backchannels', { ...soft, speaking: 'u1' }, words('yeah okay', false), '', 'trial', afterWords],
    [
      'one word in all',
      { ...soft, runningMs: 0, items: ['u1'] },
      words('stop'),
      'delete u1, unguard, resume, no deadline',
      'quiet',
      afterWords,
    ],
    [
      'two words in all',
      { ...soft, runningMs: 0, items: ['u1'] },
      words('stop it'),
      'interrupt, request, unguard, no deadline',
      'quiet',
      afterWords,
    ],
    [
      'the answer ends while the user speaks',
      { ...soft, speaking: 'u1' },
      silent,
      `resume, unguard, ${COMMIT}`,
      'yielded',
      afterWords,
    ],
    [
      'the answer ends while the words are awaited',
      { ...soft, runningMs: 0, items: ['u1'] },
      silent,
      'resume',
      { ...over, held: false, spokenMs: 0 },
      afterWords,
    ],
  ])('%s', (...args) => check(args));
});

describe('trial', () => {
  it.each<Case>([
    [
      'the server hears it',
      trial,
      { type: 'speech-started', itemId: 'u1' },
      COMMIT,
      { ...trial, speaking: 'u1' },
    ],
    ['it is committed', { ...trial, speaking: 'u1' }, commit(), `deadline ${TRANSCRIPT_MS}`, committed],
    ['a backchannel', committed, words('Mm-hm.'), 'delete u1, unguard, resume, no deadline', 'quiet'],
    ['no word', committed, words(''), 'delete u1, unguard, resume, no deadline', 'quiet'],
    ['a word', committed, words('Stop.'), 'interrupt, request, unguard, no deadline', 'quiet'],
    ['a word so far', committed, words('Stop', false), '', committed],
    [
      'words that could not be recognised',
      committed,
      words(null),
      'interrupt, request, unguard, no deadline',
      'quiet',
    ],
    ['words of another item', committed, words('Stop', true, 'u9'), '', committed],
    ['no words in time', committed, only('deadline'), 'interrupt, request, unguard, no deadline', 'quiet'],
    ['not committed in time', trial, only('deadline'), 'clear, unguard, resume, no deadline', 'quiet'],
    ['the user goes on', trial, voice(100), '', { ...trial, runningMs: 100 }],
    [
      'not heard in time, but the user goes on',
      { ...trial, runningMs: 100 },
      only('deadline'),
      COMMIT,
      { ...trial, runningMs: 100 },
    ],
    [
      'the user goes on for long',
      { ...trial, runningMs: 280 },
      voice(300),
      `interrupt, unguard, ${COMMIT}`,
      { name: 'yielded', running: true, owes: false },
    ],
    [
      'the user goes on for long after a commit',
      { ...committed, runningMs: 280 },
      voice(300),
      `interrupt, unguard, ${COMMIT}`,
      { name: 'yielded', running: true, owes: true },
    ],
    [
      'the user ends again',
      { ...trial, runningMs: 100 },
      ended(100),
      COMMIT,
      { ...trial, spokenMs: 500, runningMs: 0 },
    ],
    [
      'a backchannel while the user goes on',
      { ...committed, runningMs: 100 },
      words('mm-hm'),
      `delete u1, ${COMMIT}`,
      { ...trial, runningMs: 100 },
    ],
    [
      'a backchannel while the server hears more',
      { ...committed, speaking: 'u2' },
      words('mm-hm'),
      `delete u1, ${COMMIT}`,
      { ...trial, speaking: 'u2' },
    ],
    [
      'the first of two backchannels',
      { ...trial, items: ['u1', 'u2'] },
      words('mm-hm'),
      'delete u1',
      { ...trial, items: ['u2'] },
    ],
    [
      'a syllable that is no word people cut in with',
      { ...committed, spokenMs: BRIEF_VOICE_MS - 1 },
      words('but'),
      'delete u1, unguard, resume, no deadline',
      'quiet',
    ],
    [
      'a syllable they do cut in with',
      { ...committed, spokenMs: BRIEF_VOICE_MS - 1 },
      words('Stop.'),
      'interrupt, request, unguard, no deadline',
      'quiet',
    ],
    [
      'the same word, said at length',
      { ...committed, spokenMs: BRIEF_VOICE_MS },
      words('but'),
      'interrupt, request, unguard, no deadline',
      'quiet',
    ],
    [
      'a syllable without words',
      { ...committed, spokenMs: BRIEF_VOICE_MS - 1 },
      words(null),
      'delete u1, unguard, resume, no deadline',
      'quiet',
    ],
    ['the guard is refused', trial, only('guard-refused'), 'interrupt, no deadline', 'yielded'],
    [
      'the server answers all the same',
      committed,
      only('response-created'),
      'interrupt, unguard, no deadline',
      'quiet',
    ],
    ['a key cuts the answer, committed', committed, only('over'), 'resume', over],
    ['a key cuts the answer, not committed', trial, only('over'), `resume, unguard, ${COMMIT}`, 'yielded'],
    [
      'a backchannel after the answer is a turn',
      over,
      words('okay'),
      'request, unguard, no deadline',
      'quiet',
    ],
    ['no word after the answer', over, words(' '), 'delete u1, unguard, resume, no deadline', 'quiet'],
    ['the server is lost', committed, only('lost'), 'interrupt, delete u1, no deadline', 'yielded'],
    ['the server is lost after the answer', over, only('lost'), 'delete u1, no deadline', 'yielded'],
    [
      'the microphone goes',
      { ...trial, runningMs: 100 },
      stopped(),
      COMMIT,
      { ...trial, spokenMs: 500, runningMs: 0 },
    ],
    ['free mic is left, not committed', trial, stopped(true), `interrupt, unguard, ${COMMIT}`, 'yielded'],
    [
      'free mic is left, committed',
      committed,
      stopped(true),
      'interrupt, request, unguard, no deadline',
      'quiet',
    ],
  ])('%s', (...args) => check(args));
});

describe('the user has the floor', () => {
  it.each<Case>([
    ['they pause', speaking, hears({}, false), COMMIT, yielded],
    [
      'they go on',
      yielded,
      hears({ sound: 'voice', stretchMs: 40, voiceMs: 20 }, false),
      'no deadline',
      speaking,
    ],
    ['the server commits and answers by itself', yielded, commit(), 'no deadline', 'quiet'],
    [
      'the server may have committed under guard',
      yielded,
      commit('u1', true),
      `deadline ${TRANSCRIPT_MS}`,
      owing,
    ],
    ['its words are known', owing, words('stop'), `deadline ${RESPONSE_GRACE_MS}`, owing],
    ['it answers', owing, only('response-created'), 'no deadline', 'quiet'],
    ['it does not answer', owing, only('deadline'), 'request', 'quiet'],
    ['it heard no turn', yielded, only('deadline'), '', 'quiet'],
    ['it heard no turn, being away', yielded, only('deadline'), '', yielded, away],
    ['it is back', yielded, only('connected'), COMMIT, yielded],
    ['it is back while they speak', speaking, only('connected'), '', speaking],
    ['the next answer begins', speaking, voice(100), 'no deadline', 'quiet'],
    ['the microphone goes', speaking, stopped(), COMMIT, yielded],
  ])('%s', (...args) => check(args));
});
