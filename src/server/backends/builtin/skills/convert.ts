import { create, toDependencies, unitDependencies } from 'mathjs';
import type { UnitName } from '../intent';
import { UNITS } from '../units';
import { capital, spokenNumber } from './calculate';

const { unit } = create({ ...toDependencies, ...unitDependencies });

/** Heavy rounding is honest for measures: nobody wants a fourth decimal of a mile. */
const SIGNIFICANT = 5;

/** "10 miles is about 16.093 kilometers." `from` and `to` are of the same kind. */
export function answerConversion(amount: number, from: UnitName, to: UnitName): string {
  const exact = unit(amount, from).toNumber(to);
  const rounded = Number(exact.toPrecision(SIGNIFICANT));
  const about = Math.abs(rounded - exact) > Math.abs(exact) * 1e-9 ? 'about ' : '';
  const result = spokenNumber(rounded).replace(/^about /, '');
  return `${capital(measure(spokenNumber(amount), amount, from))} is ${about}${measure(result, rounded, to)}.`;
}

function measure(spoken: string, amount: number, name: UnitName): string {
  const unitSaid = UNITS.get(name);
  return `${spoken} ${Math.abs(amount) === 1 ? unitSaid?.one : unitSaid?.many}`;
}
