import type { Choice, NumberScale, Scale } from "./asked-aspect.js";
import type { Written, WrittenList } from "./json-text.js";

/** What a value says: a score, that the aspect does not apply, or why it is neither. */
export type ReadScore =
  | { readonly score: number; readonly repair?: string }
  | { readonly notApplicable: true }
  | { readonly fault: string };

const words: readonly string[] = [
  "zero",
  "one",
  "two",
  "three",
  "four",
  "five",
  "six",
  "seven",
  "eight",
  "nine",
  "ten",
];
const numeral = String.raw`[-+]?\d{1,9}(?:\.\d{1,9})?`;
const word = words.join("|");
const exactly = new RegExp(`^(${numeral})$`);
/** `4/5`, `4 out of 5`, `four out of five`, `[[4]]`, `4 (good)`, `Score: 4`. */
const ofMost = new RegExp(String.raw`^(${numeral}|${word})\s{0,3}(?:\/|out of|of)\s{0,3}(${numeral}|${word})\b`);
const labelled =
  /^(?:(?:my |the |final |overall )?(?:score|rating)(?: is)?|i(?: would|'d) give (?:it|this)(?: an?)?)\s{0,3}[:=]?\s{0,3}/;
const leading = new RegExp(String.raw`^(${numeral}|${word})(?![\p{L}\p{N}]|[.,]\d|\s*[-–/]\s*\d)`, "u");
/** Right behind a number: a second one, so that nobody knows which counts: `3 – 4`, `3 (or 4)`, "three to four", "four and a half". */
export const anotherNumber = new RegExp(
  String.raw`^[\s,:()|–—-]{0,6}(?:(?:maybe|perhaps|possibly|or|to|and|out of|of|point|plus|minus|an?) ){0,3}(?:\d{1,9}|(?:${word}|half|quarter|hundred|thousand)(?![\p{L}\p{N}]))`,
  "u",
);
const notApplicable = /^(?:n\s?\/\s?a|n\.a\.?|na|not applicable)(?![\p{L}\p{N}])/u;

/** Reads what stands where a score was asked for. Never a guess: two numbers, another scale or a number out of range is a fault. */
export function readScore(value: Written | undefined, scale: Scale): ReadScore {
  if (typeof value === "number") {
    return scale.type === "number" ? inRange(value, scale) : readChoice(String(value), scale.choices);
  }
  // `[[4]]`, the form that MT-bench asks for, put where a number should be.
  if (isListOfOne(value)) return readScore(value.items[0], scale);
  if (typeof value !== "string") return { fault: "no score" };
  const text = undecorated(value);
  if (text === "") return { fault: "no score" };
  if (notApplicable.test(text)) return { notApplicable: true };
  return scale.type === "number" ? readNumber(text, scale) : readChoice(text, scale.choices);
}

function isListOfOne(value: Written | undefined): value is WrittenList {
  return typeof value === "object" && value !== null && value.kind === "list" && value.items.length === 1;
}

function readNumber(text: string, scale: NumberScale): ReadScore {
  const plain = exactly.exec(text)?.[1];
  if (plain !== undefined) return inRange(Number(plain), scale);
  const bare = text.replace(labelled, "").replace(/^\[{1,2}\s?|\s?\]{1,2}(?=\W{0,3}$)/g, "");
  const share = ofMost.exec(bare);
  if (share !== null) {
    const [whole, part = "", most = ""] = share;
    if (numberOf(most) !== scale.max || another(bare.slice(whole.length))) return { fault: "a score of another scale" };
    return mended(
      inRange(numberOf(part), scale),
      `a score written as "${scale.max < 100 ? "n/" : "n of "}${scale.max}"`,
    );
  }
  const first = leading.exec(bare);
  if (first === null) return { fault: /\d/.test(bare) ? "more than one number" : "not a score" };
  const [whole, part = ""] = first;
  if (another(bare.slice(whole.length))) return { fault: "more than one number" };
  const repair = exactly.test(part) ? "words around a score" : "a score in words";
  return mended(inRange(numberOf(part), scale), repair);
}

/** Whether the rest of a text holds one more number: digits anywhere, a word right behind. */
function another(rest: string): boolean {
  return /\d/.test(rest) || anotherNumber.test(rest);
}

function readChoice(text: string, choices: readonly Choice[]): ReadScore {
  const bare = text.replace(/^\[{1,2}\s?|\s?\]{1,2}$/g, "");
  const spelt = (each: Choice) => [each.label, ...(each.spellings ?? [])].map(undecorated);
  const found = choices.filter((each) => spelt(each).includes(bare) || spelt(each).includes(text));
  const [only] = found;
  if (only === undefined || found.length > 1) return { fault: "not one of the choices" };
  return only.label.toLowerCase() === text
    ? { score: only.score }
    : { score: only.score, repair: `another word for "${only.label}"` };
}

function inRange(score: number, { min, max, whole }: NumberScale): ReadScore {
  if (!(score >= min && score <= max)) return { fault: "out of range" };
  // Which whole number 4.5 stands for is the judge's to say.
  if (whole && !Number.isInteger(score)) return { fault: "not a whole number" };
  // No -0, which JSON does not keep.
  return { score: score + 0 };
}

function mended(read: ReadScore, repair: string): ReadScore {
  return "score" in read ? { score: read.score, repair } : read;
}

function numberOf(text: string): number {
  const at = words.indexOf(text);
  return at >= 0 ? at : Number(text);
}

/** In small letters, without markdown, quotes and a full stop at the end. Nobody writes a score in more than 200 characters. */
export function undecorated(text: string): string {
  return text
    .slice(0, 200)
    .toLowerCase()
    .replace(/[*_`"'“”‘’]/g, "")
    .replace(/\s+/g, " ")
    .trim()
    .replace(/[.!]$/, "");
}
