import { rawTimeZones } from '@vvo/tzdb';
import { distance } from 'fastest-levenshtein';

export interface Place {
  /** As it is said: "New York". */
  name: string;
  /** IANA. */
  zone: string;
}

/** Everyday names that the time zone database lacks, and countries of several zones by their capital's. */
const MORE: Record<string, string> = {
  beijing: 'Asia/Shanghai',
  'new york': 'America/New_York',
  'washington dc': 'America/New_York',
  washington: 'America/New_York',
  boston: 'America/New_York',
  miami: 'America/New_York',
  atlanta: 'America/New_York',
  california: 'America/Los_Angeles',
  florida: 'America/New_York',
  texas: 'America/Chicago',
  hawaii: 'Pacific/Honolulu',
  seattle: 'America/Los_Angeles',
  'las vegas': 'America/Los_Angeles',
  'silicon valley': 'America/Los_Angeles',
  england: 'Europe/London',
  scotland: 'Europe/London',
  britain: 'Europe/London',
  'great britain': 'Europe/London',
  'the uk': 'Europe/London',
  uk: 'Europe/London',
  'the united kingdom': 'Europe/London',
  holland: 'Europe/Amsterdam',
  'the netherlands': 'Europe/Amsterdam',
  bangalore: 'Asia/Kolkata',
  india: 'Asia/Kolkata',
  munich: 'Europe/Berlin',
  frankfurt: 'Europe/Berlin',
  cologne: 'Europe/Berlin',
  geneva: 'Europe/Zurich',
  utc: 'Etc/UTC',
  gmt: 'Etc/UTC',
  'saint petersburg': 'Europe/Moscow',
  china: 'Asia/Shanghai',
  germany: 'Europe/Berlin',
  'new zealand': 'Pacific/Auckland',
  'hong kong': 'Asia/Hong_Kong',
  edinburgh: 'Europe/London',
  krakow: 'Europe/Warsaw',
  'tel aviv': 'Asia/Jerusalem',
};

/** Names of one slip apart are still the same place from this length on. */
const SLIP_LENGTH = 5;

const PLACES = buildIndex();

/** The place called `words`, with `slips` also with one letter in five wrong; null when there is none. */
export function findPlace(words: readonly string[], { slips = true } = {}): Place | null {
  const name = words.join(' ');
  const exact = PLACES.get(name) ?? PLACES.get(name.replace(/^the /, ''));
  if (exact) return exact;
  if (!slips || name.length < SLIP_LENGTH) return null;
  const allowed = Math.floor(name.length / 5);
  for (const [known, place] of PLACES) {
    if (known[0] === name[0] && Math.abs(known.length - name.length) <= allowed) {
      if (distance(known, name) <= allowed) return place;
    }
  }
  return null;
}

function buildIndex(): Map<string, Place> {
  const places = new Map<string, Place>();
  const add = (spoken: string, zone: string) => {
    const name = plain(spoken);
    if (name && !places.has(name)) places.set(name, { name: spoken, zone });
  };
  for (const [name, zone] of Object.entries(MORE)) {
    const short = name === 'uk' || name === 'utc' || name === 'gmt' || name === 'the uk';
    add(short ? name.replace(/\b(uk|utc|gmt)\b/, (word) => word.toUpperCase()) : titled(name), zone);
  }
  for (const zone of rawTimeZones) {
    for (const city of zone.mainCities.flatMap((names) => names.split(' / '))) add(city, zone.name);
  }
  for (const zone of rawTimeZones) {
    for (const name of zone.group) {
      const last = name.split('/').pop() ?? '';
      if (name.includes('/') && !name.startsWith('Etc/')) add(last.replace(/_/g, ' '), zone.name);
    }
  }
  const zonesOf = new Map<string, string[]>();
  for (const { countryName, name } of rawTimeZones) {
    zonesOf.set(countryName, [...(zonesOf.get(countryName) ?? []), name]);
  }
  for (const [country, [zone, ...others]] of zonesOf) {
    // A country of several zones has no one time to tell.
    if (zone && others.length === 0) add(country, zone);
  }
  return places;
}

function plain(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z ]/g, ' ')
    .replace(/ +/g, ' ')
    .trim();
}

function titled(name: string): string {
  return name.replace(/\b(?!the\b)[a-z]/g, (letter) => letter.toUpperCase());
}
