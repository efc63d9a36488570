/**
 * For developers: `node scripts/icons.mjs` draws build/*.svg into the files that programs and installers want, which
 * are committed. Needs rsvg-convert (Debian's package librsvg2-bin).
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ICNS_SIZES, icnsOf, icoOf } from './icon-files.mjs';
import { root } from './root.mjs';

/** The app's own colour; it stands out by at least 3 to 1 on white and on dark grey. */
const TRAY_COLOUR = '#0c8b7f';
const build = join(root, 'build');
const icons = join(build, 'icons');
mkdirSync(icons, { recursive: true });

const icon = readFileSync(join(build, 'icon.svg'), 'utf8');
/** @param {number[]} sizes */
const pictures = (sizes) => sizes.map((size) => ({ size, png: draw(icon, size) }));

const linux = pictures([16, 24, 32, 48, 64, 128, 256, 512]);
for (const { size, png } of linux) writeFileSync(join(icons, `${size}x${size}.png`), png);
writeFileSync(join(build, 'icon.png'), draw(icon, 1024));
writeFileSync(join(build, 'icon.ico'), icoOf(linux.filter(({ size }) => size <= 256)));
writeFileSync(join(build, 'icon.icns'), icnsOf(pictures(ICNS_SIZES)));

for (const file of readdirSync(build).filter((name) => /^tray-.*\.svg$/.test(name))) {
  const name = basename(file, '.svg');
  // macOS colours a template by itself and reckons in points; elsewhere the panel may be light or dark.
  writeTray(`${name}Template`, readFileSync(join(build, file), 'utf8'), 16);
  writeTray(name, readFileSync(join(build, file), 'utf8').replaceAll('#000', TRAY_COLOUR), 32);
}
console.log(`Wrote ${build}/icon.{png,ico,icns} and ${icons}/*.png`);

/**
 * @param {string} name of the picture without its ending
 * @param {string} svg
 * @param {number} size in pixels; twice that for dense screens
 */
function writeTray(name, svg, size) {
  writeFileSync(join(icons, `${name}.png`), draw(svg, size));
  writeFileSync(join(icons, `${name}@2x.png`), draw(svg, 2 * size));
}

/**
 * @param {string} svg
 * @param {number} size in pixels
 */
function draw(svg, size) {
  const { status, stdout, stderr, error } = spawnSync(
    'rsvg-convert',
    ['-w', String(size), '-h', String(size)],
    { input: svg, maxBuffer: 64 * 1024 * 1024 },
  );
  if (status === 0) return stdout;
  throw new Error(`rsvg-convert failed: ${error?.message ?? stderr.toString()}`);
}
