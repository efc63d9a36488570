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
  if (value !== null) return `That's ${spokenNumber(value)}.`;
  if (/\/\(?-?0(?:\.0*)?\)?(?![\d.])/.test(expression)) return "You can't divide by zero.";
  return 'That has no answer among the numbers I can say.';
}

/** Six significant decimals are more than anyone can listen to. */
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

function sign(value: number): string {
  return value < 0 ? `minus ${-value}` : String(value);
}
