/** Takes a secret out of texts that come from outside: an endpoint may echo the key it refuses. */
export type Mask = (text: string) => string;

/** Shorter ones are words that local servers take for a key ("none", "EMPTY"), and would be found everywhere. */
const shortestSecret = 8;
const shownAs = "[key]";

/** Also takes out echoes of a key that the endpoint has half masked itself, such as `sk-pr***xyz`. */
export function secretMask(secret: string | undefined): Mask {
  if (secret === undefined || secret.length < shortestSecret) return (text) => text;
  const start = secret.slice(0, 3).replaceAll(/[^\w-]/g, "\\$&");
  const halfMasked = new RegExp(`${start}[^\\s"']*\\*{2,}[^\\s"'.,]*`, "g");
  const spellings = new Set([secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]);
  return (text) => {
    let masked = text;
    for (const spelling of spellings) masked = masked.replaceAll(spelling, shownAs);
    return masked.replaceAll(halfMasked, shownAs);
  };
}
