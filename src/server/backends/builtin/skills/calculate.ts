import {
  addDependencies,
  create,
  divideDependencies,
  evaluateDependencies,
  multiplyDependencies,
  powDependencies,
  sqrtDependencies,
  subtractDependencies,
  unaryMinusDependencies,
} from 'mathjs';

/** Only these operations exist for an expression: no assignment of units, no import, no functions but sqrt. */
const { evaluate } = create({
  ...addDependencies,
  ...divideDependencies,
  ...evaluateDependencies,
  ...multiplyDependencies,
  ...powDependencies,
  ...sqrtDependencies,
  ...subtractDependencies,
  ...unaryMinusDependencies,
});

/** Digits, operators, brackets and sqrt: what `understandArithmetic` writes, and all that is evaluated. */
const SAFE = /^(?:sqrt\(|[\d.+\-*/^()]|(?<=\d)e(?=[+\-\d]))*$/;

/** The value of `expression`; null when there is no real, finite one (division by zero, a root of -1). */
export function calculate(expression: string): number | null {
  if (!SAFE.test(expression)) return null;
  const value: unknown = evaluate(expression);
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

export function answerCalculation(expression: string): string {
  const value = calculate(expression);
  const asked = spokenExpression(expression);
  if (value !== null)
    return asked === null ? `That's ${spokenNumber(value)}.` : `${capital(asked)} is ${spokenNumber(value)}.`;
  if (/\/\(?-?0(?:\.0*)?\)?(?![\d.])/.test(expression)) return "You can't divide by zero.";
  return 'That has no answer among the numbers I can say.';
}

const SAID: Record<string, string> = {
  '+': 'plus',
  '-': 'minus',
  '*': 'times',
  '/': 'divided by',
  '^': 'to the power of',
};

/** A calculation of one step in words, so that a misheard number is noticed; null for longer ones. */
function spokenExpression(expression: string): string | null {
  const number = String.raw`\(?(-?[\d.]+)\)?`;
  const match = (form: string) => new RegExp(`^${form}$`).exec(expression)?.slice(1) ?? null;
  const said = (digits: string | undefined) => spokenNumber(Number(digits));
  const percent = match(String.raw`\(\(${number}/100\)\*${number}\)`);
  if (percent) return `${said(percent[0])} percent of ${said(percent[1])}`;
  const root = match(String.raw`sqrt\(${number}\)`);
  if (root) return `The square root of ${said(root[0])}`;
  const [left, sign, right] = match(String.raw`\(${number}([+\-*/^])${number}\)`) ?? [];
  if (sign === undefined) return null;
  return sign === '^' && right === '2'
    ? `${said(left)} squared`
    : `${said(left)} ${SAID[sign]} ${said(right)}`;
}

/** More decimals than these nobody can listen to. */
const DECIMALS = 4;
const LARGEST_IN_FULL = 1e15;

/** `value` for speaking: thousands in groups, at most four decimals, "about" when something was left out. */
export function spokenNumber(value: number): string {
  const size = Math.abs(value);
  if (size >= LARGEST_IN_FULL || (size > 0 && size < 0.0001)) {
    const [mantissa = '', exponent = ''] = value.toExponential(2).split('e');
    return `about ${sign(Number(mantissa))} times 10 to the power of ${sign(Number(exponent))}`;
  }
  const digits = size >= 1 ? DECIMALS : Math.min(8, DECIMALS - Math.floor(Math.log10(size || 1)) - 1);
  const rounded = Number(value.toFixed(digits));
  const exact = Math.abs(rounded - value) <= size * 1e-12;
  const text = Math.abs(rounded).toLocaleString('en-US', { maximumFractionDigits: digits });
  return `${exact ? '' : 'about '}${rounded < 0 ? 'minus ' : ''}${text}`;
}

/** As a sentence begins. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function sign(value: number): string {
  return value < 0 ? `minus ${-value}` : String(value);
}
