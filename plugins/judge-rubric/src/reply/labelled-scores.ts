import type { AskedAspect } from "./asked-aspect.js";
import { anotherNumber, undecorated } from "./read-score.js";

/** A line longer than this is prose, not a label with its score. */
const longestLine = 1000;
const anyScore = ["score", "rating", "verdict", "preference", "winner"];
/** What a label's score ends in: the end, a bracket, a brace, a stop or a dash; more words may follow only behind one of them. */
const told = String.raw`[-+]?\d{1,9}(?:\.\d{1,9})?(?:\s{0,3}(?:/|out of|of)\s{0,3}\d{1,9})?|(?:zero|one|two|three|four|five|six|seven|eight|nine|ten)(?: (?:out )?of (?:five|ten|\d{1,3}))?|n\s?/\s?a|not applicable`;
const behind = String.raw`(?=\s{0,3}(?:$|[,;:()|}–—]|\.(?!\d)|- ))`;

/**
 * Scores that lines say by a label: `**Clarity**: 4/5`, `Depth - 3 (thin)`, `Rating: [[5]]`; of one aspect alone also `Score: 4`.
 *
 * @returns aspect → what is written for it, each time it is; aspects that no line tells are left out
 */
export function labelledScores(text: string, cut: boolean, aspects: readonly AskedAspect[]): Map<string, string[]> {
  const [only] = aspects;
  const lines = text.split("\n").filter((line) => line.length <= longestLine && line.trim() !== "");
  // The last line of a reply that was cut off may lack digits.
  const whole = (cut ? lines.slice(0, -1) : lines).map(plain);
  const found = new Map<string, string[]>();
  if (aspects.length === 1 && only !== undefined) {
    const ratings = whole.flatMap((line) =>
      [...line.matchAll(/\[\[\s?([^[\]]{1,20}?)\s?\]\]/g)].map(([, value]) => value ?? ""),
    );
    if (ratings.length > 0) return new Map([[only.id, ratings]]);
  }
  for (const aspect of aspects) {
    const names = [aspect.id, aspect.title, ...(aspects.length === 1 ? anyScore : [])];
    const values = whole.flatMap((line) => labelled(line, names, aspect));
    if (values.length > 0) found.set(aspect.id, values);
  }
  return found;
}

/** What is written behind a label; of a number with another one right behind it both, so that a span is not read as its first. */
function labelled(line: string, names: readonly string[], aspect: AskedAspect): string[] {
  const name = names.map((each) => escaped(undecorated(each))).join("|");
  const pattern = new RegExp(
    String.raw`(?<![\p{L}\p{N}])(?:${name})(?: score| rating)?(?: \([^()]{0,30}\))?\s{0,3}(?:[:=–—]|- |is )\s{0,3}(?:score\s{0,3}[:=]\s{0,3})?\[{0,2}(${valuesOf(aspect)})\]{0,2}${behind}`,
    "gu",
  );
  return [...line.matchAll(pattern)].map((match) => {
    const [whole, value = ""] = match;
    const more = aspect.scale.type === "number" ? anotherNumber.exec(line.slice(match.index + whole.length)) : null;
    return more === null ? value : value + more[0];
  });
}

function valuesOf({ scale }: AskedAspect): string {
  if (scale.type === "number") return told;
  const spellings = scale.choices.flatMap(({ label, spellings = [] }) => [label, ...spellings]).map(undecorated);
  return [...spellings.sort((one, other) => other.length - one.length).map(escaped), String.raw`n\s?/\s?a`].join("|");
}

function plain(line: string): string {
  return line
    .toLowerCase()
    .replace(/[*_`"'“”‘’]/g, "")
    .replace(/\s+/g, " ")
    .trim();
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}
