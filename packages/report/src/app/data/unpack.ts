/** Reads a data element: base64, then gzip. */
export async function unpack(elementId: string): Promise<Uint8Array> {
  const packed = document.getElementById(elementId)?.textContent;
  if (!packed) throw new Error(`This file is incomplete: its part "${elementId}" is missing.`);
  const binary = atob(packed);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i += 1) bytes[i] = binary.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
