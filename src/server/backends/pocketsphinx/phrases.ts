import type { WeightedSentence } from './language-model';

/**
 * What people say to an assistant, as patterns: `(a|b)` is a choice, `[a]` may be left out, `{slot}` is filled from
 * SLOTS. The general language model of the recogniser was trained on text and hears "times for" for "times four"; a model
 * of these sentences, mixed in, teaches it the everyday ones. It forbids nothing.
 */
const PATTERNS = `
(what|what's) [is] the time [now|in {city}]
what time is it [now|in {city}|please]
(can|could) you tell me (the time|what time it is|the date|a joke|a story)
what is the (date|day) [today|tomorrow|on {day}]
what's the date [today]
what (day|date|month|year) is it [today|tomorrow]
what day was yesterday
how many days until (christmas|{day}|new year)
what can (you do|i say|i ask|i ask you)
what (do you do|else can you do|are you|are you doing)
who (are you|made you|is this)
(what is|what's) your name
how (are you|are you doing|old are you|do you work|are things|is it going)
where are you [from]
are you (a robot|there|real|human|listening)
my name is (john|mary|david|anna|peter)
tell me (a joke|another joke|a story|another one|something funny|something|about yourself|more|the time|the date|a fun fact)
set [a|an|another] (timer|alarm) for {number} {time}
(start|set) a {number} (minute|second|hour) timer
timer for {number} {time}
(cancel|stop|pause|delete) (the|my|that|all) (timer|timers|alarm|reminder)
(cancel|stop) it
how (much time|long) is left [on the timer]
(list|show|what are) my (timers|reminders)
(remind me|reminder) to {chore} in {number} {time}
remind me in {number} {time} to {chore}
remind me to {chore} (at {number}|tomorrow|tonight|at noon)
set a reminder [to {chore}|for {number} {time}]
wake me up (at {number}|in {number} {time})
(what is|what's|how much is) {number} {operator} {number}
{number} {operator} {number}
calculate {number} {operator} {number}
what is {number} percent of {number}
what is the square root of {number}
what is {number} squared
how many {units} (are|is) in (a|an|one) {unit}
how many {units} are in {number} {units}
what is {number} {units} in {units}
convert {number} {units} to {units}
how (far|tall|big|high|long|much) is it
(flip|toss) a coin
heads or tails
roll (a|the) (dice|die)
roll two dice
(pick|give me|choose) a [random] number [between {number} and {number}]
repeat after me hello [world|there]
say (hello|that again|it again|goodbye|something)
(hello|hi|hey) [there|parley]
good (morning|evening|night|afternoon|day)
(goodbye|bye|see you|see you later|bye bye)
(thank you|thanks) [very much|a lot|so much]
thank you for your help
you are (welcome|great|funny|nice)
(yes|no|okay|sure|please|right|maybe|exactly) [please|thanks|thank you]
(stop|wait|cancel|never mind|be quiet|quiet|enough|that's enough|go on|continue|go ahead|help|again|pause|start over)
stop (it|that|talking|please|now)
(please|just) stop
what did (you|i) say
(can|could) you (repeat that|help me|hear me|say that again|speak up|slow down)
i (didn't|don't) (hear you|understand|know)
(what is|what's|how is) the weather [like] [today|tomorrow|in {city}|in {city} tomorrow|in {city} today]
is it going to rain [today|tomorrow]
play (some|the) music
turn (on|off) the (lights|light|radio|music)
(open|close) the (window|door)
what is the (capital|population) of (france|germany|italy|japan|china|england)
who is the president [of the united states]
tell me about (the weather|history|space|music)
how do you (spell|say) (hello|that|it)
i (am|feel) (fine|happy|sad|tired|bored|hungry|good)
i (would like|want|need) (to|a|some) (know|timer|help|go|coffee|reminder)
that is (all|good|right|wrong|not what i said)
what does (that|it) mean
(sing|sing me) a song
do you (like|know|love|understand) (me|music|it|english)
i love you
nice to meet you
(it is|it's) {hour} {minute} [p m|a m|in the (morning|afternoon|evening)]
(it is|it's) {hour} o'clock
(it is|it's|today is|today it is) {day} [{month} {ordinal}]
(wake me up|remind me) at {hour} [{minute}|o'clock] [p m|a m|tomorrow]
`;

const SLOTS: Record<string, string[]> = {
  number: [
    ...'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen'.split(
      ' ',
    ),
    ...'seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety'.split(' '),
    ...[
      'twenty one',
      'twenty two',
      'twenty four',
      'twenty five',
      'twenty eight',
      'thirty two',
      'thirty five',
    ],
    ...['forty two', 'forty five', 'fifty five', 'sixty four', 'seventy five', 'ninety nine', 'one hundred'],
    ...['a hundred', 'two hundred', 'five hundred', 'one thousand', 'a thousand', 'a million'],
    ...['one hundred and twenty', 'three point five', 'half a'],
  ],
  time: ['seconds', 'minutes', 'hours'],
  units:
    'miles kilometers meters feet inches centimeters yards pounds kilograms grams ounces liters gallons pints cups degrees celsius fahrenheit hours minutes seconds days weeks'.split(
      ' ',
    ),
  unit: 'mile kilometer meter foot inch centimeter yard pound kilogram gram ounce liter gallon pint cup hour minute day week month year'.split(
    ' ',
  ),
  hour: 'one two three four five six seven eight nine ten eleven twelve'.split(' '),
  minute:
    'oh five|ten|fifteen|twenty|twenty five|thirty|thirty five|forty|forty five|fifty|fifty five|oh two|fourteen|eighteen|twenty one|thirty two|forty seven|fifty nine'.split(
      '|',
    ),
  month: 'january february march april may june july august september october november december'.split(' '),
  ordinal: [
    ...'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth'.split(
      ' ',
    ),
    ...'fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth'.split(' '),
    ...['twenty first', 'twenty second', 'twenty third', 'twenty fifth', 'twenty eighth', 'thirty first'],
  ],
  operator: ['times', 'plus', 'minus', 'divided by', 'multiplied by'],
  day: 'today tomorrow yesterday monday tuesday wednesday thursday friday saturday sunday'.split(' '),
  city: 'london|paris|new york|berlin|tokyo|beijing|boston|chicago|san francisco|rome|madrid|here'.split('|'),
  chore:
    'call mom|call my mother|drink water|take out the trash|buy milk|go to bed|take a break|check the oven|leave|stretch|water the plants|feed the cat|walk the dog|take my medicine'.split(
      '|',
    ),
};

/** Every pattern has the same share, however many sentences it stands for. */
const PATTERN_WEIGHT = 60;

/** Sentences drawn for each pattern with slots at least, so that every filling meets most of its neighbours. */
const SAMPLES = 400;

/** The sentences that the patterns stand for; slots are filled from a fixed sequence, so the result never differs. */
export function assistantSentences(): WeightedSentence[] {
  const next = sequence();
  return PATTERNS.trim()
    .split('\n')
    .flatMap((pattern) => {
      const variants = expand(pattern);
      const rounds = pattern.includes('{') ? Math.ceil(SAMPLES / variants.length) : 1;
      const weight = PATTERN_WEIGHT / (variants.length * rounds);
      return Array.from({ length: rounds }, () => variants)
        .flat()
        .map((variant) => ({ words: fill(variant, next).split(' '), weight }));
    });
}

/** All ways through the choices and options of a pattern; slots stay. */
export function expand(pattern: string): string[] {
  let at = 0;
  const alternatives = (): string[] => {
    const found = series();
    while (pattern[at] === '|') {
      at++;
      found.push(...series());
    }
    at++;
    return found;
  };
  const series = (): string[] => {
    let ways = [''];
    while (at < pattern.length) {
      const sign = pattern[at] as string;
      if (sign === '|' || sign === ')' || sign === ']') break;
      at++;
      const parts = sign === '(' ? alternatives() : sign === '[' ? [...alternatives(), ''] : [sign];
      ways = ways.flatMap((way) => parts.map((part) => way + part));
    }
    return ways;
  };
  return [...new Set(series().map((way) => way.replace(/\s+/g, ' ').trim()))];
}

function fill(sentence: string, next: (below: number) => number): string {
  return sentence.replace(/\{(\w+)\}/g, (_, slot: string) => {
    const fillings = SLOTS[slot];
    if (fillings === undefined) throw new Error(`no slot is called ${slot}`);
    return fillings[next(fillings.length)] as string;
  });
}

/** Numbers that look random and never differ. */
function sequence(): (below: number) => number {
  let state = 1;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return Math.floor((state / 2_147_483_647) * below);
  };
}
