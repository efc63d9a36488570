import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assistant } from './helpers';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('timers', () => {
  it('speak up when they are due, not before, and once', async () => {
    const { clock, open } = assistant();
    const talk = open();
    expect(await talk.say('set a timer for ten seconds')).toBe('Your timer is set for 10 seconds.');
    clock.advance(9.9 * SECOND);
    expect(talk.spokenUp).toEqual([]);
    clock.advance(0.1 * SECOND);
    expect(talk.spokenUp).toEqual(['Your 10 second timer is done.']);
    clock.advance(DAY);
    expect(talk.spokenUp.length).toBe(1);
  });

  it('ask for what is missing', async () => {
    const { clock, open } = assistant();
    const talk = open();
    expect(await talk.say('set a timer')).toBe('For how long?');
    expect(await talk.say('two minutes')).toBe('Your timer is set for 2 minutes.');
    expect(await talk.say('remind me to water the plants')).toBe('When should I remind you?');
    expect(await talk.say('in an hour')).toBe("Okay, I'll remind you in 1 hour: water the plants.");
    clock.advance(HOUR);
    expect(talk.spokenUp).toEqual([
      'Your 2 minute timer is done.',
      'Here is your reminder: water the plants.',
    ]);
  });

  it('are several, told apart, counted and cancelled', async () => {
    const { clock, open } = assistant();
    const talk = open();
    await talk.say('set a pasta timer for ten minutes');
    await talk.say('set a timer for five minutes for the eggs');
    clock.advance(MINUTE);
    expect(await talk.say('how much time is left')).toBe(
      'Your eggs timer has 4 minutes left. Your pasta timer has 9 minutes left.',
    );
    expect(await talk.say('how long is left on the pasta timer')).toBe(
      'Your pasta timer has 9 minutes left.',
    );
    expect(await talk.say('cancel the timer')).toBe(
      'You have the eggs timer and the pasta timer. Which one should I cancel?',
    );
    expect(await talk.say('the pasta one')).toBe('Okay, I cancelled your pasta timer.');
    expect(await talk.say('cancel the rice timer')).toBe('You have no such timer.');
    await talk.say('remind me in an hour to wash up');
    expect(await talk.say('cancel the reminder')).toBe('Okay, I cancelled your reminder: wash up.');
    expect(await talk.say('cancel all timers')).toBe('Okay, I cancelled your eggs timer.');
    expect(await talk.say('cancel the timer')).toBe('There is no timer to cancel.');
    clock.advance(DAY);
    expect(talk.spokenUp).toEqual([]);
  });

  it.each([
    ['remind me in five minutes to call my mom', "Okay, I'll remind you in 5 minutes: call your mom."],
    ['remind me at six pm to feed the cat', "Okay, I'll remind you at 6 PM: feed the cat."],
    ['remind me at six to feed the cat', "Okay, I'll remind you at 6 PM: feed the cat."],
    ['remind me at three to feed the cat', "Okay, I'll remind you tomorrow at 3 AM: feed the cat."],
    ['remind me at half past six to leave', "Okay, I'll remind you at 6:30 PM: leave."],
    ['remind me at ten to six to leave', "Okay, I'll remind you at 5:50 PM: leave."],
    ['remind me tomorrow at nine to call bob', "Okay, I'll remind you tomorrow at 9 AM: call bob."],
    [
      'remind me on friday at three to pay rent',
      "Okay, I'll remind you on Friday, November 27, at 3 PM: pay rent.",
    ],
    ['set a reminder for five pm to call bob', "Okay, I'll remind you at 5 PM: call bob."],
    ['Remind me tonight to lock the door.', "Okay, I'll remind you at 8 PM: lock the door."],
    ['wake me up at seven am', 'Your alarm is set, tomorrow at 7 AM.'],
    ['set an alarm for six thirty pm', 'Your alarm is set, at 6:30 PM.'],
    ['set a timer for five hundred days', 'That is too far away. I can wait for up to a year.'],
    ['set a timer for zero seconds', 'That is too short for a timer.'],
  ])('take "%s"', async (said, answered) => {
    expect(await assistant().open().say(said)).toBe(answered);
  });

  it('take times of day in the time zone of the user, through a change to daylight saving time', async () => {
    const { clock, open } = assistant({ timeZone: 'America/New_York' });
    clock.jumpWall(Date.parse('2027-03-13T20:00:00-05:00') - clock.now().getTime());
    const talk = open();
    expect(await talk.say('remind me tomorrow at nine am to call bob')).toContain('tomorrow at 9 AM');
    clock.advance(12 * HOUR - SECOND);
    expect(talk.spokenUp).toEqual([]);
    clock.advance(SECOND);
    // Nine in the morning of the new time: an hour less to wait than the clock's face says.
    expect(clock.now().toISOString()).toBe('2027-03-14T13:00:00.000Z');
    expect(talk.spokenUp).toEqual(['Here is your reminder: call bob.']);
  });

  it('last longer than a timer of the runtime can', async () => {
    const { clock, open } = assistant();
    const talk = open();
    expect(await talk.say('remind me in thirty days to pay rent')).toContain('in 30 days');
    expect(Math.max(...clock.delays)).toBeLessThan(2 ** 31);
    clock.advance(30 * DAY - SECOND);
    expect(talk.spokenUp).toEqual([]);
    clock.advance(SECOND);
    expect(talk.spokenUp).toEqual(['Here is your reminder: pay rent.']);
  });

  it('are no longer when somebody sets the clock back', async () => {
    const { clock, open } = assistant();
    const talk = open();
    await talk.say('set a timer for ten minutes');
    clock.jumpWall(-HOUR);
    expect(await talk.say('how much time is left')).toBe('Your 10 minute timer has 10 minutes left.');
    clock.advance(10 * MINUTE);
    expect(talk.spokenUp).toEqual(['Your 10 minute timer is done.']);
  });

  it('notice within half a minute that the machine slept or the clock was set', async () => {
    const { clock, open } = assistant();
    const talk = open();
    await talk.say('remind me at six pm to feed the cat');
    clock.advance(0);
    clock.jumpWall(3 * HOUR);
    clock.advance(30 * SECOND);
    expect(talk.spokenUp).toEqual(['Here is your reminder: feed the cat.']);
  });

  it('die with their conversation when there is no folder for them', async () => {
    const { clock, open } = assistant();
    const first = open();
    await first.say('set a timer for ten seconds');
    first.conversation.close();
    const second = open();
    expect(await second.say('how much time is left')).toBe('You have no timers or reminders.');
    clock.advance(MINUTE);
    expect([...first.spokenUp, ...second.spokenUp]).toEqual([]);
  });
});

describe('timers with a folder', () => {
  let stateDir: string;
  beforeEach(() => {
    stateDir = mkdtempSync(join(tmpdir(), 'parley-timers-'));
  });
  afterEach(() => {
    rmSync(stateDir, { recursive: true, force: true });
  });
  const file = () => join(stateDir, 'timers.json');
  const saved = (): { timers: unknown[] } => JSON.parse(readFileSync(file(), 'utf8'));

  it('are spoken by the conversation that set them', async () => {
    const { clock, open } = assistant({ stateDir });
    const first = open();
    const second = open();
    await first.say('set a timer for ten seconds');
    clock.advance(10 * SECOND);
    expect([first.spokenUp, second.spokenUp]).toEqual([['Your 10 second timer is done.'], []]);
  });

  it('are spoken by the newest open conversation when theirs is closed', async () => {
    const { clock, open } = assistant({ stateDir });
    const [first, second, third] = [open(), open(), open()];
    await first.say('set a timer for ten seconds');
    first.conversation.close();
    clock.advance(10 * SECOND);
    expect([first, second, third].map(({ spokenUp }) => spokenUp)).toEqual([
      [],
      [],
      ['Your 10 second timer is done.'],
    ]);
  });

  it('wait for the next conversation when none is open', async () => {
    const { clock, open } = assistant({ stateDir });
    const first = open();
    await first.say('set a pasta timer for ten seconds');
    await first.say('remind me in five seconds to call mom');
    first.conversation.close();
    clock.advance(MINUTE);
    const second = open();
    expect(second.spokenUp).toEqual([]);
    clock.advance(0);
    expect(second.spokenUp).toEqual([
      'While I was away, your pasta timer ended and this reminder came due: call mom.',
    ]);
  });

  it('survive a restart, and ring', async () => {
    const before = assistant({ stateDir });
    await before.open().say('set a timer for ten minutes');
    const after = assistant({ stateDir });
    const talk = after.open();
    after.clock.advance(0);
    expect(talk.spokenUp).toEqual([]);
    expect(await talk.say('how much time is left')).toBe('Your 10 minute timer has 10 minutes left.');
    after.clock.advance(10 * MINUTE);
    expect(talk.spokenUp).toEqual(['Your 10 minute timer is done.']);
    await expect.poll(() => saved().timers).toEqual([]);
  });

  it('that ended during a restart are told, once', async () => {
    await assistant({ stateDir }).open().say('set a pasta timer for ten minutes');
    const after = assistant({ stateDir });
    after.clock.jumpWall(HOUR);
    const talk = after.open();
    after.clock.advance(0);
    expect(talk.spokenUp).toEqual(['While I was away, your pasta timer ended.']);
    await expect.poll(() => saved().timers).toEqual([]);
    const again = after.open();
    after.clock.advance(MINUTE);
    expect(again.spokenUp).toEqual([]);
  });

  it('are forgotten on disk when cancelled', async () => {
    const talk = assistant({ stateDir }).open();
    await talk.say('set a timer for ten minutes');
    expect(saved().timers.length).toBe(1);
    await talk.say('cancel the timer');
    expect(saved().timers).toEqual([]);
  });

  it.each([
    '',
    '{"version":1,"timers":[{"id":',
    'null',
    '{"version":1,"timers":[{"id":7,"label":"secret"}]}',
  ])('begin anew beside a damaged file (%s)', async (content) => {
    writeFileSync(file(), content);
    const { open, logged } = assistant({ stateDir });
    const talk = open();
    expect(await talk.say('how much time is left')).toBe('You have no timers or reminders.');
    expect(readdirSync(stateDir)).toEqual(['timers.json.damaged']);
    expect(readFileSync(`${file()}.damaged`, 'utf8')).toBe(content);
    expect(logged.map(({ level, message }) => [level, message])).toEqual([
      ['warn', 'damaged timers file moved aside'],
    ]);
    expect(JSON.stringify(logged)).not.toContain('secret');
    await talk.say('set a timer for ten minutes');
    expect(saved().timers.length).toBe(1);
  });

  it('say so when they cannot be written down', async () => {
    // A file where the folder should be cannot be written into, not even by root.
    writeFileSync(file(), 'in the way');
    const { open, clock, logged } = assistant({ stateDir: file() });
    const talk = open();
    expect(await talk.say('set a timer for ten seconds')).toBe(
      'Your timer is set for 10 seconds. I could not write that down, so it holds only until I am restarted.',
    );
    expect(logged.some(({ message }) => message === 'timers cannot be saved')).toBe(true);
    clock.advance(10 * SECOND);
    expect(talk.spokenUp).toEqual(['Your 10 second timer is done.']);
  });

  it('keep what the user said out of the log', async () => {
    const { open, clock, logged } = assistant({ stateDir });
    const talk = open();
    await talk.say('remind me in ten seconds to call the doctor');
    clock.advance(10 * SECOND);
    expect(talk.spokenUp).toEqual(['Here is your reminder: call the doctor.']);
    expect(JSON.stringify(logged)).not.toContain('doctor');
  });
});
