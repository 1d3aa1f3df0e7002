import { jsonObjects } from "./json-objects.js";

const opening = /^\s*<(?:think|thinking|thought|reasoning)>/i;
const closing = /<\/(?:think|thinking|thought|reasoning)>/gi;

/**
 * A reply without the thoughts before it: `<think> … </think>`, of which chat templates may already have written the opening. A
 * tag that is quoted within an object of the reply ends no thought, nor does one of several.
 *
 * @returns null where a thought never ends
 */
export function spokenPart(text: string, cut: boolean): string | null {
  const opened = opening.test(text);
  const [end, ...others] = text.matchAll(closing);
  if (end === undefined) return opened ? null : text;
  if (others.length > 0) return text;
  if (!opened && !jsonObjects(text, cut).rest.includes(end[0])) return text;
  return text.slice(end.index + end[0].length);
}
