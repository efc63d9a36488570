import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ICNS_SIZES, icnsOf, icoOf } from '../../scripts/icon-files.mjs';

const picture = (size: number) => ({ size, png: Buffer.from(`png of ${size}`) });

test('a Windows icon points at each of its pictures', () => {
  const ico = icoOf([picture(16), picture(256)]);
  expect(ico.readUInt16LE(2)).toBe(1);
  expect(ico.readUInt16LE(4)).toBe(2);
  const found = [0, 1].map((index) => {
    const at = 6 + 16 * index;
    const [length, offset] = [ico.readUInt32LE(at + 8), ico.readUInt32LE(at + 12)];
    return { width: ico.readUInt8(at), text: ico.toString('utf8', offset, offset + length) };
  });
  expect(found).toEqual([
    { width: 16, text: 'png of 16' },
    { width: 0, text: 'png of 256' },
  ]);
});

test('a macOS icon is a chain of chunks of the length it says', () => {
  const icns = icnsOf(ICNS_SIZES.map(picture));
  expect(icns.toString('latin1', 0, 4)).toBe('icns');
  expect(icns.readUInt32BE(4)).toBe(icns.length);
  const types: string[] = [];
  for (let at = 8; at < icns.length; at += icns.readUInt32BE(at + 4)) {
    types.push(icns.toString('latin1', at, at + 4));
  }
  expect(types).toContain('ic10');
  expect(new Set(types).size).toBe(types.length);
});

test('a missing size of a macOS icon is an error', () => {
  expect(() => icnsOf([picture(16)])).toThrow(/32/);
});

test.each(['build/icon.ico', 'build/icon.icns', 'build/icon.png', 'build/icons/256x256.png'])(
  '%s is there and no empty file',
  (file) => {
    expect(readFileSync(new URL(`../../${file}`, import.meta.url)).length).toBeGreaterThan(1000);
  },
);
