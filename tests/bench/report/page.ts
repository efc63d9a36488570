/** docs/BENCHMARKS.md. Pure. */
import type { Measurement, Mode } from '../figure';
import { ABOUT } from './about';
import { type BenchDocument, type Figure, headline, type Machine } from './document';
import type { Plot } from './plot';
import { marksOf } from './plot';
import { percentile } from './statistics';
import { number } from './table';

export interface PageInput {
  document: BenchDocument;
  measurements: readonly Measurement[];
  missing: readonly { name: Figure['name']; why: string }[];
  mode: Mode;
}

/** Fewer dots than this say no more than the table. */
const MIN_DOTS = 3;

export function benchmarksPage({ document, measurements, missing, mode }: PageInput): string {
  const { machine, date, figures } = document;
  return [
    '# Benchmarks',
    '',
    '<!-- Written by `npm run bench -- --write`. Change the texts in tests/bench/report, not here. -->',
    '',
    `Measured on ${date.slice(0, 10)} with \`npm run bench${mode === 'full' ? '' : ` -- --${mode}`}\` on ${machineWords(machine)}.`,
    '',
    'Times of one machine say little about another. The *ratio* does: it compares with another way of doing the same thing, measured in the same run on the same machine. Below 1 is better than that other way.',
    '',
    '| figure | n | p50 | p95 | p99 | max | goal | met | compared with | its p50 | ratio |',
    '| --- | --: | --: | --: | --: | --: | --- | --- | --- | --: | --: |',
    ...figures.map(row),
    ...missing.map(({ name, why }) => `| ${name} | | | | | | | not measured: ${cell(why)} | | | |`),
    '',
    ...METHOD,
    '',
    ...figures.flatMap((figure) => {
      const measurement = measurements.find(({ name }) => name === figure.name);
      return measurement ? section(measurement) : [];
    }),
    ...CLOSING,
    '',
  ].join('\n');
}

/** The picture of a figure; null where there is too little to draw. */
export function plotOf(measurement: Measurement): Plot | null {
  const { name, unit, samples, baseline, goal, split = {} } = measurement;
  const rows: Plot['rows'] = [
    { label: 'Parley', samples, kind: 'own' },
    ...(baseline ? [{ label: baseline.name, samples: baseline.samples, kind: 'baseline' as const }] : []),
    ...Object.entries(split).map(([label, values]) => ({ label, samples: values, kind: 'share' as const })),
  ];
  const enough = rows.filter((each) => each.samples.length >= MIN_DOTS);
  // Lags and shares of a count are milliseconds, whatever the count is of.
  const shownUnit = unit === 'sessions' ? 'ms' : unit;
  return enough.length === 0
    ? null
    : { title: ABOUT[name].title, unit: shownUnit, rows: enough, marks: marksOf(goal) };
}

function row({ name, unit, n, p50, p95, p99, max, goal, met, baseline, ratio }: Figure): string {
  const values = [p50, p95, p99, max].map((value) => (value === null ? '' : `${number(value)} ${unit}`));
  const metWord = met === null ? '' : met ? 'yes' : '**no**';
  const other = baseline?.p50 === null || !baseline ? '' : `${number(baseline.p50)} ${unit}`;
  const cells = [`[${name}](#${name.toLowerCase()})`, n, ...values, cell(goal ?? ''), metWord];
  return `| ${[...cells, cell(baseline?.name ?? ''), other, ratio === null ? '' : number(ratio)].join(' | ')} |`;
}

function section(measurement: Measurement): string[] {
  const { name, unit, split = {}, notes } = measurement;
  const { title, what } = ABOUT[name];
  const shares = Object.entries(split).filter(([, samples]) => samples.length > 0);
  const shareUnit = unit === 'sessions' ? 'ms' : unit;
  return [
    `## ${name}`,
    '',
    `**${title}.** ${what}`,
    '',
    ...(plotOf(measurement) ? [`![${title}](bench/${name}.svg)`, ''] : []),
    ...(shares.length > 0
      ? [
          '| of it | n | p50 | p95 | max |',
          '| --- | --: | --: | --: | --: |',
          ...shares.map(([label, samples]) => {
            const values = [50, 95, 100].map((p) => `${number(percentile(samples, p))} ${shareUnit}`);
            return `| ${[cell(label), samples.length, ...values].join(' | ')} |`;
          }),
          '',
        ]
      : []),
    ...notes.map((note) => `- ${note}`),
    ...(notes.length > 0 ? [''] : []),
    ...(headline(measurement) === null ? ['Nothing was measured.', ''] : []),
  ];
}

function machineWords({ cpu, cores, memoryGb, system, node, electron }: Machine): string {
  return `${system}, ${cpu}, ${cores} cores, ${memoryGb} GB of memory, Node ${node}, Electron ${electron}`;
}

/** Text that may stand in a cell of a table. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

const METHOD = [
  '## How it is measured',
  '',
  '- **The program is the built one**, in a real Electron, and nothing in it is built for the bench.',
  '- **The sound card is virtual**: PulseAudio, started by the bench, with one two-channel card. What the user says is on one channel, what the user hears on the other, and one recording from outside the program holds both on one clock. What a real sound card and the air add (buffers of the device, converters, a metre of air is 3 ms) is not in these figures; the echo of a room is simulated by playing the loudspeaker back into the microphone, softer and later.',
  '- **The voices are made**: a speech synthesiser and recordings with a free licence, at several levels, with noise. Nobody sat in a room.',
  '- **The display is virtual** and has no graphics card, so a start takes longer than on a desk.',
  '- **The offline engines** of the local server are small ones. A bigger model costs what it costs; what is ours is the time around it.',
  '- **Percentiles are nearest ranks**: p95 is the smallest measured value that 95 % of the trials do not exceed. No value is interpolated, and with fewer than 100 trials p99 is the worst of them. A share or a count is one number and stands under p50.',
  '- **Baselines are our own small models** of what other programs do, run in the same program on the same device in the same run; none is another program.',
];

const CLOSING = [
  '## Run it',
  '',
  '```',
  'npm run bench                 # everything, about an hour with the long run for memory',
  'npm run bench -- --quick      # everything with fewer trials, within ten minutes',
  'npm run bench -- --json       # one JSON document on standard output',
  'npm run bench -- --only flush,capture',
  'npm run bench -- --write      # writes this page, benchmarks.json and the pictures',
  'npm run bench -- --quick --compare docs/benchmarks.json',
  '```',
  '',
  'It installs what it needs (as root, on Debian and Ubuntu). Give it an idle machine: other programs make tails.',
  '',
  '[benchmarks.json](benchmarks.json) holds the table for programs. `npm test` closes with a short run that compares the ratios with it: more than 1.3 times the committed ratio is a warning, because two runs of one program differ by as much; more than twice is measured again, and fails when it stays so. Differences below 5 ms, 1 % or 15 MB are the error of the measurement and count as none.',
];
