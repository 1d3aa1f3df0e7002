const decoder = new TextDecoder("utf-8", { fatal: true });

/** Bytes of one token as text; where they are no UTF-8 by themselves every byte shows as `\xE2`. */
export function tokenText(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    // A token may end inside a character: its bytes are shown instead of a replacement character, so nothing is lost.
    return Array.from(bytes, (byte) => `\\x${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");
  }
}
