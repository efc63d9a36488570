import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ICNS_SIZES, icnsOf, icoOf } from './icon-files.mjs';
import { root } from './root.mjs';

/**
 * For developers: `node scripts/icons.mjs` draws build/*.svg into the files that programs and installers want, which
 * are committed. Needs rsvg-convert (Debian's package librsvg2-bin).
 */
const build = join(root, 'build');
const icons = join(build, 'icons');
mkdirSync(icons, { recursive: true });

/** @param {number[]} sizes */
const pictures = (sizes) => sizes.map((size) => ({ size, png: draw('icon.svg', size) }));

const linux = pictures([16, 24, 32, 48, 64, 128, 256, 512]);
for (const { size, png } of linux) writeFileSync(join(icons, `${size}x${size}.png`), png);
writeFileSync(join(build, 'icon.png'), draw('icon.svg', 1024));
writeFileSync(join(build, 'icon.ico'), icoOf(linux.filter(({ size }) => size <= 256)));
writeFileSync(join(build, 'icon.icns'), icnsOf(pictures(ICNS_SIZES)));

for (const file of readdirSync(build).filter((name) => /^tray.*\.svg$/.test(name))) {
  const name = basename(file, '.svg');
  // macOS reckons a template icon in points: 16 of them, and twice the pixels on a dense screen.
  const size = name.endsWith('Template') ? 16 : 32;
  writeFileSync(join(icons, `${name}.png`), draw(file, size));
  writeFileSync(join(icons, `${name}@2x.png`), draw(file, 2 * size));
}
console.log(`Wrote ${build}/icon.{png,ico,icns} and ${icons}/*.png`);

/**
 * @param {string} file in build/
 * @param {number} size in pixels
 */
function draw(file, size) {
  const { status, stdout, stderr, error } = spawnSync(
    'rsvg-convert',
    ['-w', String(size), '-h', String(size), join(build, file)],
    { maxBuffer: 64 * 1024 * 1024 },
  );
  if (status === 0) return stdout;
  throw new Error(`rsvg-convert could not draw ${file}: ${error?.message ?? stderr.toString()}`);
}
