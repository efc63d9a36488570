/**
 * Can it be hummed or coughed? A hum keeps one shape from begin to end, low and dark; a cough is breath. Whatever
 * moves between sounds or hisses may be a word. Doubt counts as a word: who says "stop" must be heard.
 */
import { BAND_HZ, BANDS } from './bands';
import { WORDLESS } from './parameters';

/** Hz between which a sound's shape is told. */
const EDGES = [100, 300, 600, 1000, 1700, 2700, 7000];
const REGIONS = EDGES.length - 1;
const REGION_OF = BAND_HZ.map((hz) => EDGES.findIndex((edge) => hz < edge) - 1);
const DARK_TO = EDGES.indexOf(600);
const HISS_FROM = EDGES.indexOf(2700);

/** Hops that are kept: three seconds; longer stretches are no hums. */
const MOST_HOPS = 300;

export interface Wordlessness {
  /** A new stretch begins. */
  begin(): void;
  /** Takes one hop of the stretch: its power by band. */
  take(powers: Float64Array): void;
  /** Whether nothing heard since `begin` needs a word. False until enough was heard. */
  verdict(): boolean;
}

export function createWordlessness(): Wordlessness {
  /** Power by region, and of the whole, for each hop. */
  const hops: { regions: Float64Array; power: number }[] = [];
  let full = false;

  const isHum = (loud: { regions: Float64Array; power: number }[]) => {
    if (loud.length < WORDLESS.leastHops) return false;
    let spread = 0;
    for (let r = 1; r < REGIONS; r++) {
      const shares = loud.map(({ regions, power }) =>
        Math.max(WORDLESS.faintDb, ratio(regions[r] as number, power)),
      );
      shares.sort((a, b) => a - b);
      spread += at(shares, 0.85) - at(shares, 0.15);
    }
    if (spread / (REGIONS - 1) > WORDLESS.humSpreadDb) return false;
    const tilts = loud.map(({ regions }) =>
      ratio(sum(regions, DARK_TO, HISS_FROM), sum(regions, 0, DARK_TO)),
    );
    tilts.sort((a, b) => a - b);
    return at(tilts, 0.5) <= WORDLESS.humTiltDb;
  };

  return {
    begin() {
      hops.length = 0;
      full = false;
    },
    take(powers) {
      if (hops.length >= MOST_HOPS) {
        full = true;
        return;
      }
      const regions = new Float64Array(REGIONS);
      let power = 0;
      for (let b = 0; b < BANDS; b++) {
        const region = REGION_OF[b] as number;
        regions[region] = (regions[region] as number) + (powers[b] as number);
        power += powers[b] as number;
      }
      hops.push({ regions, power });
    },
    verdict() {
      if (full || hops.length < WORDLESS.leastHops) return false;
      const loudest = hops.reduce((most, { power }) => Math.max(most, power), 0);
      const above = (db: number) => hops.filter(({ power }) => ratio(power, loudest) > db);
      const hiss = ({ regions }: { regions: Float64Array }) =>
        ratio(sum(regions, HISS_FROM, REGIONS), sum(regions, 0, HISS_FROM)) > WORDLESS.hissDb;
      return !above(WORDLESS.softDb).some(hiss) && isHum(above(WORDLESS.loudDb));
    },
  };
}

const ratio = (a: number, b: number) => 10 * Math.log10((a + 1e-13) / (b + 1e-13));
const at = (sorted: number[], share: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] as number;

function sum(regions: Float64Array, from: number, to: number): number {
  let total = 0;
  for (let r = from; r < to; r++) total += regions[r] as number;
  return total;
}
