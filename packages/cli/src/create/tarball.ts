import { gzipSync } from "node:zlib";

export interface TarEntry {
  /** Path inside the package. */
  readonly name: string;
  readonly content: Buffer;
}

const block = 512;

/** An npm package as `npm pack` writes it: gzipped ustar, everything below `package/`. The same entries give the same bytes. */
export function packageTarball(entries: readonly TarEntry[]): Buffer {
  const parts = entries.flatMap(({ name, content }) => {
    const padding = (block - (content.length % block)) % block;
    return [header(`package/${name}`, content.length), content, Buffer.alloc(padding)];
  });
  return gzipSync(Buffer.concat([...parts, Buffer.alloc(2 * block)]));
}

/** One ustar header (POSIX.1-1988): an ordinary file that everybody may read. */
function header(path: string, size: number): Buffer {
  const at = path.length > 100 ? path.lastIndexOf("/", 155) : -1;
  const name = path.slice(at + 1);
  const prefix = at < 0 ? "" : path.slice(0, at);
  if (Buffer.byteLength(name) > 100 || Buffer.byteLength(prefix) > 155) {
    throw new RangeError(`a name too long for an archive: ${path}`);
  }
  const bytes = Buffer.alloc(block);
  const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, "0")}\0`;
  bytes.write(name, 0);
  bytes.write(octal(0o644, 7), 100);
  bytes.write(octal(0, 7), 108);
  bytes.write(octal(0, 7), 116);
  bytes.write(octal(size, 11), 124);
  bytes.write(octal(499_162_500, 11), 136); // 1985-10-26, the date npm gives every file
  bytes.write("        ", 148);
  bytes.write("0", 156);
  bytes.write("ustar\u000000", 257);
  bytes.write(prefix, 345);
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return bytes;
}
