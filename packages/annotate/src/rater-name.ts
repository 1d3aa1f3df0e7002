import { UnshiftError } from "@unshift/contracts";

const form = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,39}$/u;

/** The name as it is kept: lower case, spaces as hyphens, so that "Ada L" and "ada l" are one rater. Null where it cannot be one. */
export function raterName(text: string): string | null {
  const name = text.trim().normalize("NFC").toLowerCase().replace(/\s+/gu, "-");
  return form.test(name) ? name : null;
}

/** What a name must be, for people. */
export const raterNameRule =
  "A name has 1 to 40 letters, digits, dots, hyphens or underscores and begins with a letter or digit.";

/** @throws USAGE */
export function requireRaterName(text: string): string {
  const name = raterName(text);
  if (name === null)
    throw new UnshiftError("USAGE", `--rater: ${JSON.stringify(text)} is no name`, { hint: raterNameRule });
  return name;
}

/** The judge that a rater is. */
export function judgeIdOf(rater: string): string {
  return `human:${rater}`;
}
