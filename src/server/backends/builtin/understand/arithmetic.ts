import { isNumber } from './text';

/**
 * Spoken or typed arithmetic as an expression of digits, operators and `sqrt(` alone, fully in brackets:
 * "what is 25 times 4" -> "(25*4)". null unless all of `words` (numbers as digits) is one calculation, apart from
 * words that ask for it. `last` stands for "that", and is what "times 2" continues.
 */
export function understandArithmetic(words: readonly string[], last: number | null): string | null {
  const plain = rephrased(words);
  const goOn = last !== null && continues(plain) ? [number(last), ...dropJoints(plain)] : null;
  if (goOn) {
    // "minus three plus five" is a calculation of its own, "minus three" goes on with the last.
    const whole = OPERATORS.get(plain[0] ?? '') === '-' ? parseAll(plain, last) : null;
    if (whole) return whole;
    const continued = parseAll(goOn, last);
    if (continued) return continued;
  }
  for (let start = 0; start < Math.min(plain.length - 1, MAX_LEAD); start++) {
    const word = plain[start] ?? '';
    const expression = parseAll(plain.slice(start), last);
    if (expression) return expression;
    // Two short words that mean nothing here may be a slip of "what is"; anything more is another question.
    if (!LEAD.has(word) && (start >= 2 || isNumber(word) || word.length > 5 || word === 'not')) return null;
  }
  return null;
}

const LEAD = new Set(
  'what is was are how much calculate compute work out tell me can you please the answer result of value a do does make and so now then give evaluate solve will be'.split(
    ' ',
  ),
);
const MAX_LEAD = 8;
const TAIL = new Set('equals equal = please make is be what'.split(' '));
const HEARD_AS_NUMBER: ReadonlyMap<string, string> = new Map(
  Object.entries({
    to: '2',
    too: '2',
    two: '2',
    due: '2',
    do: '2',
    for: '4',
    four: '4',
    far: '4',
    won: '1',
    ate: '8',
  }),
);
const OPERATORS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    plus: '+',
    '+': '+',
    minus: '-',
    '-': '-',
    less: '-',
    times: '*',
    time: '*',
    x: '*',
    '*': '*',
    '×': '*',
    '/': '/',
    '÷': '/',
    over: '/',
    '^': '^',
  }),
);

/** Forms that put the operation first, or use several words, in the order of the others. */
function rephrased(words: readonly string[]): string[] {
  const n = String.raw`(-?[\d.]+|to|too|for)`;
  const text = ` ${words.join(' ')} `
    .replace(/ (multiplied|multiply) by /g, ' times ')
    .replace(/ (divided|divide) (by|buy|bye) /g, ' / ')
    .replace(/ (divided|divide) (?=\d)(?!.* by )/g, ' / ')
    .replace(/ (added to|and add) /g, ' plus ')
    .replace(/ (take away|subtract) (?=\d+ *$)/g, ' minus ')
    .replace(/ to the (power of|power) /g, ' ^ ')
    .replace(/ to the (\w+) power /g, (whole, word) =>
      ORDINAL_POWER.has(word) ? ` ^ ${ORDINAL_POWER.get(word)} ` : whole,
    )
    .replace(/ (the )?(square|squared|squire|scare) (root|route|roots) (of )?/g, ' sqrt ')
    .replace(/ sqrt (of )?/g, ' sqrt ')
    .replace(/ (the )?cube (root|route) of /g, ' cbrt ')
    .replace(new RegExp(` add ${n} (?:and|to|plus) ${n} `), ' $1 plus $2 ')
    .replace(new RegExp(` (?:the )?sum of ${n} and ${n} `), ' $1 plus $2 ')
    .replace(new RegExp(` (?:the )?product of ${n} and ${n} `), ' $1 times $2 ')
    .replace(new RegExp(` (?:the )?difference (?:between|of) ${n} and ${n} `), ' $1 minus $2 ')
    .replace(new RegExp(` multiply ${n} (?:by|and|times|with) ${n} `), ' $1 times $2 ')
    .replace(new RegExp(` divide ${n} (?:by|and) ${n} `), ' $1 / $2 ')
    .replace(new RegExp(` subtract ${n} from ${n} `), ' $2 minus $1 ')
    .replace(/ percent(age)? /g, ' % ')
    .replace(/ (double|twice|triple) (?=\d|that|it)/g, (_, word) =>
      word === 'triple' ? ' 3 times ' : ' 2 times ',
    );
  return text.split(' ').filter((word) => word !== '');
}

const ORDINAL_POWER: ReadonlyMap<string, string> = new Map(
  Object.entries({
    second: '2',
    third: '3',
    fourth: '4',
    fifth: '5',
    tenth: '10',
  }),
);

function continues(words: readonly string[]): boolean {
  const [first] = dropJoints(words);
  return first !== undefined && (OPERATORS.has(first) || first === 'squared' || first === 'cubed');
}

function dropJoints(words: readonly string[]): readonly string[] {
  return words[0] === 'and' || words[0] === 'then' ? words.slice(1) : words;
}

function number(value: number): string {
  return `(${value})`;
}

/** The expression that all of `words` is, if at least one operation is in it. */
function parseAll(words: readonly string[], last: number | null): string | null {
  let at = 0;
  let operations = 0;

  const sum = (): string | null => {
    let left = product();
    while (left !== null && (operator() === '+' || operator() === '-')) left = binary(left, product);
    return left;
  };
  const product = (): string | null => {
    let left = signed();
    while (left !== null && (operator() === '*' || operator() === '/')) left = binary(left, signed);
    return left;
  };
  const signed = (): string | null => {
    if (words[at] === '-' || words[at] === 'minus' || words[at] === 'negative') {
      at++;
      const value = signed();
      return value === null ? null : `(-${value})`;
    }
    return power();
  };
  const power = (): string | null => {
    const base = postfixed();
    if (base === null || operator() !== '^') return base;
    return binary(base, signed);
  };
  const binary = (left: string, operand: () => string | null): string | null => {
    const sign = operator();
    at++;
    operations++;
    const right = operand();
    return right === null ? null : `(${left}${sign}${right})`;
  };
  const operator = () => OPERATORS.get(words[at] ?? '');

  const postfixed = (): string | null => {
    let value = atom();
    for (; value !== null; at++) {
      if (words[at] === 'squared') value = `(${value}^2)`;
      else if (words[at] === 'cubed') value = `(${value}^3)`;
      else if (words[at] === '%') value = `(${value}/100)`;
      else break;
      operations++;
    }
    if (value !== null && words[at] === 'of' && words[at - 1] === '%') return part(value);
    return value;
  };
  const part = (share: string): string | null => {
    at++;
    operations++;
    const whole = signed();
    return whole === null ? null : `(${share}*${whole})`;
  };
  const root = (exponent: string): string | null => {
    at++;
    operations++;
    const negative = words[at] === '-' || words[at] === 'minus' || words[at] === 'negative';
    const value = negative ? signed() : postfixed();
    return value === null ? null : exponent === '2' ? `sqrt(${value})` : `(${value}^(1/${exponent}))`;
  };
  const atom = (): string | null => {
    const word = words[at] ?? '';
    if (isNumber(word)) {
      at++;
      const fraction = FRACTIONS.get(words[at] ?? '');
      if (fraction && words[at + 1] === 'of') {
        at++;
        return part(`(${word}/${fraction})`);
      }
      return word;
    }
    if (/^\(-?[\d.e+-]+\)$/.test(word)) {
      at++;
      return word;
    }
    if (word === 'sqrt' || word === '√') return root('2');
    if (word === 'cbrt') return root('3');
    if (word === '(') {
      at++;
      const inner = sum();
      return inner !== null && words[at++] === ')' ? inner : null;
    }
    const fraction = FRACTIONS.get(word === 'a' || word === 'one' ? (words[at + 1] ?? '') : word);
    if (fraction) {
      at += word === 'a' || word === 'one' ? 2 : 1;
      return words[at] === 'of' ? part(`(1/${fraction})`) : null;
    }
    if (last !== null && (word === 'that' || word === 'it' || word === 'this')) {
      at++;
      return number(last);
    }
    const heard = HEARD_AS_NUMBER.get(word);
    if (heard === undefined) return null;
    at++;
    return heard;
  };

  const result = sum();
  while (TAIL.has(words[at] ?? '')) at++;
  return result !== null && operations > 0 && at >= words.length ? result : null;
}

const FRACTIONS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    half: '2',
    third: '3',
    thirds: '3',
    quarter: '4',
    quarters: '4',
    fifth: '5',
    fifths: '5',
    tenth: '10',
    tenths: '10',
  }),
);
