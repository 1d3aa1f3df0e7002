/** Numbers in [0, 1) that follow from the seed (mulberry32). */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 15), z | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return ((z ^ (z >>> 14)) >>> 0) / 4294967296;
  };
}

const oddBytes = [
  0x00, 0x09, 0x0a, 0x0d, 0x1b, 0x22, 0x27, 0x5c, 0x60, 0x7b, 0x7d, 0x7f, 0x80, 0xc0, 0xe2, 0xef, 0xf0, 0xff,
];
const mostBytes = 1 << 16;

/**
 * A changed copy of one of `inputs`: bytes flipped, dropped, doubled and moved, words of the dictionary put in, another input spliced
 * in; up to eight changes.
 *
 * @param {readonly Uint8Array[]} inputs
 * @param {readonly string[]} dictionary
 * @param {() => number} random
 */
export function mutate(inputs, dictionary, random) {
  const pick = (/** @type {number} */ n) => Math.floor(random() * n);
  let bytes = Buffer.from(inputs[pick(inputs.length)]);
  for (let change = 1 + pick(8); change > 0; change--) {
    const at = pick(bytes.length + 1);
    const length = Math.min(bytes.length - at, 1 + Math.floor(random() ** 3 * 64));
    const put = (/** @type {Uint8Array} */ piece, /** @type {number} */ over = 0) => {
      bytes = Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at + over)]);
    };
    switch (pick(8)) {
      case 0:
        if (at < bytes.length) bytes[at] ^= 1 << pick(8);
        break;
      case 1:
        put(Buffer.from([oddBytes[pick(oddBytes.length)]]), pick(2));
        break;
      case 2:
        put(Buffer.alloc(0), length);
        break;
      case 3:
        put(Buffer.concat(Array.from({ length: 1 + pick(6) }, () => bytes.subarray(at, at + length))));
        break;
      case 4: {
        const other = Buffer.from(inputs[pick(inputs.length)]);
        const from = pick(other.length + 1);
        put(other.subarray(from, from + pick(256)), pick(2) === 0 ? 0 : length);
        break;
      }
      default:
        put(Buffer.from(dictionary[pick(dictionary.length)] ?? ""), pick(3) === 0 ? length : 0);
    }
  }
  return bytes.subarray(0, mostBytes);
}
