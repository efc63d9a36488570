const BLOCK_BYTES = 512;

/**
 * One regular file out of a tar archive with short names, as npm packs them.
 *
 * @param {Buffer} archive not compressed
 * @param {string} name
 * @returns {Buffer | null} null when it is not in there
 */
export function fileInTar(archive, name) {
  let at = 0;
  while (at + BLOCK_BYTES <= archive.length) {
    const header = archive.subarray(at, at + BLOCK_BYTES);
    const text = (/** @type {number} */ from, /** @type {number} */ length) =>
      header.toString('utf8', from, from + length).replace(/\0.*$/s, '');
    const size = Number.parseInt(text(124, 12), 8) || 0;
    const prefix = text(345, 155);
    const path = prefix ? `${prefix}/${text(0, 100)}` : text(0, 100);
    const start = at + BLOCK_BYTES;
    if (path === name) return archive.subarray(start, start + size);
    at = start + Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
  }
  return null;
}
