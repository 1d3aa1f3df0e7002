/** Bytes for messages: `1.5 GB`, `320 MB`, decimal, three digits. */
export function gigabytes(bytes: number): string {
  const unit = bytes >= 1e9 ? { name: "GB", size: 1e9 } : { name: "MB", size: 1e6 };
  return `${Number((bytes / unit.size).toPrecision(3))} ${unit.name}`;
}
