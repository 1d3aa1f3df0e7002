import type { JudgeReply } from "@unshift/contracts";
import type { AskedAspect } from "./asked-aspect.js";
import { type FoundObject, jsonObjects } from "./json-objects.js";
import type { Written, WrittenObject } from "./json-text.js";
import { labelledScores } from "./labelled-scores.js";
import { readScore, undecorated } from "./read-score.js";
import { saidLast } from "./said-last.js";
import { spokenPart } from "./spoken-part.js";

/** What a reply says of each aspect, or why it cannot be read: short, and the same for the same fault. */
export type ReplyReading =
  | {
      readonly status: "read";
      readonly scores: Readonly<Record<string, number>>;
      readonly notApplicable: readonly string[];
      readonly rationales: Readonly<Record<string, string>>;
      /** How what was not as asked for was read all the same; empty for a reply in its form. */
      readonly repairs: readonly string[];
    }
  | { readonly status: "unparsed"; readonly reason: string };

export interface ReadOptions {
  /** "N/A" is an answer. */
  readonly notApplicable: boolean;
}

const scoreKeys = ["score", "rating", "preference", "winner", "choice", "verdict", "answer", "value"];
const rationaleKeys = ["rationale", "reason", "reasoning", "explanation", "justification", "feedback", "comment"];
const quotedScoreKey = new RegExp(`["“]\\s?(?:${scoreKeys.join("|")})\\s?["”]\\s*:`, "i");

/** What was written for one aspect. */
interface Told {
  readonly values: readonly Written[];
  readonly rationale: string | null;
}

/**
 * Reads a judge's reply: an object that tells of every aspect, objects that tell of one each, or labelled lines (`Clarity: 4/5`,
 * `[[4]]`) where there is no object. A reply that tells two different scores of an aspect is not read, unless it takes the former
 * back: what is thought before it or stands before a heading like `On reflection:` is a draft.
 */
export function readReply(reply: JudgeReply, aspects: readonly AskedAspect[], options: ReadOptions): ReplyReading {
  if (reply.ended === "withheld") return unparsed("withheld by a content filter");
  const cut = reply.ended === "length";
  const text = spokenPart(reply.text, cut);
  if (text === null) return unparsed(cut ? cutOff : "a thought that never ends");
  if (text.trim() === "") return unparsed(cut ? cutOff : "the reply is empty");
  const found = jsonObjects(text, cut);
  const objects = found.objects.flatMap((object) => tellingObject(object, aspects));
  // Of one aspect alone an object needs no name, so one that was quoted could stand for the broken one around it.
  if (objects.length > 0 && aspects.length === 1 && quotedScoreKey.test(found.rest)) {
    return unparsed("a score stands outside the object that can be read");
  }
  const reading = objects.length > 0 ? readObjects(objects, aspects, options) : readLabels(text, cut, aspects, options);
  if (cut && reading.status === "unparsed" && /^(?:no JSON|no score)/.test(reading.reason)) return unparsed(cutOff);
  return reading.status === "read" && text.length < reply.text.length
    ? { ...reading, repairs: ["a thought before the reply", ...reading.repairs] }
    : reading;
}

const cutOff = "cut off before it told every score";

interface TellingObject {
  readonly told: ReadonlyMap<string, Told>;
  readonly repairs: readonly string[];
  readonly before: string;
}

function readObjects(objects: readonly TellingObject[], aspects: readonly AskedAspect[], options: ReadOptions) {
  const last = saidLast(objects);
  const [only] = last;
  if (only !== undefined && last.length === 1 && (objects.length === 1 || only.told.size === aspects.length)) {
    const repairs = objects.length === 1 ? only.repairs : [...only.repairs, `the last of ${objects.length} objects`];
    return readTold(only.told, aspects, options, repairs);
  }
  // Together they may be the whole reply, if each aspect is told alike wherever it is told.
  const merged = new Map<string, Told>();
  for (const { told } of objects) {
    for (const [id, { values, rationale }] of told) {
      const before = merged.get(id);
      merged.set(id, { values: [...(before?.values ?? []), ...values], rationale: before?.rationale ?? rationale });
    }
  }
  const repairs = new Set(objects.flatMap((object) => object.repairs));
  return readTold(merged, aspects, options, [...repairs, `put together from ${objects.length} objects`]);
}

function readLabels(text: string, cut: boolean, aspects: readonly AskedAspect[], options: ReadOptions): ReplyReading {
  const labelled = labelledScores(text, cut, aspects);
  if (labelled.size === 0) return unparsed("no JSON object and no labelled score");
  const told = new Map([...labelled].map(([id, values]) => [id, { values, rationale: null }] as const));
  const reading = readTold(told, aspects, options, ["labelled lines in place of JSON"]);
  if (reading.status === "unparsed" || aspects.length !== 1) return reading;
  const [only] = aspects;
  return only === undefined ? reading : { ...reading, rationales: { [only.id]: text.trim() } };
}

function readTold(
  told: ReadonlyMap<string, Told>,
  aspects: readonly AskedAspect[],
  options: ReadOptions,
  formRepairs: readonly string[],
): ReplyReading {
  const scores: Record<string, number> = {};
  const rationales: Record<string, string> = {};
  const notApplicable: string[] = [];
  const repairs = [...formRepairs];
  for (const { id, scale } of aspects) {
    const { values, rationale } = told.get(id) ?? { values: [], rationale: null };
    if (values.length === 0) return unparsed(`no score for ${id}`);
    const reads = values.map((value) => readScore(value, scale));
    const fault = reads.find((read) => "fault" in read);
    if (fault !== undefined && "fault" in fault) {
      return unparsed(fault.fault === "no score" ? `no score for ${id}` : `${id}: ${fault.fault}`);
    }
    const distinct = new Set(reads.map((read) => ("score" in read ? read.score : "N/A")));
    if (distinct.size > 1) return unparsed(`${id}: told twice, differently`);
    const [read] = reads;
    if (read !== undefined && "score" in read) {
      scores[id] = read.score;
      if (read.repair !== undefined) repairs.push(`${id}: ${read.repair}`);
    } else if (options.notApplicable) {
      notApplicable.push(id);
    } else {
      return unparsed(`${id}: "N/A" was not offered`);
    }
    if (rationale !== null) rationales[id] = rationale;
  }
  return { status: "read", scores, notApplicable, rationales, repairs };
}

/** The object if it tells of an aspect, or the one wrapped in it that does. */
function tellingObject(object: FoundObject, aspects: readonly AskedAspect[]): TellingObject[] {
  const found = toldBy(object.value, aspects);
  if (found.size > 0) return [{ told: found, repairs: object.repairs, before: object.before }];
  return wrapped(object.value).flatMap((inner, index) => {
    const told = toldBy(inner, aspects);
    if (told.size === 0) return [];
    return [
      { told, repairs: [...object.repairs, "an object around the reply"], before: index === 0 ? object.before : "" },
    ];
  });
}

/** Objects within an object, directly or in a list: `{ "scores": { … } }`, `{ "aspects": [ … ] }`. */
function wrapped({ entries }: WrittenObject): WrittenObject[] {
  return entries.flatMap(([, value]) => {
    if (isObject(value)) return [value];
    return typeof value === "object" && value !== null && value.kind === "list" ? value.items.filter(isObject) : [];
  });
}

function toldBy(object: WrittenObject, aspects: readonly AskedAspect[]): Map<string, Told> {
  const told = new Map<string, Told>();
  for (const aspect of aspects) {
    const values = valuesUnder(object, [aspect.id, aspect.title]);
    if (values.length > 0) {
      told.set(aspect.id, {
        values: values.flatMap((value) => (isObject(value) ? scoresIn(value) : [value])),
        rationale: values.map(rationaleIn).find((text) => text !== null) ?? null,
      });
    }
  }
  const [only] = aspects;
  // Of one aspect alone the reply may leave out its name.
  if (told.size === 0 && aspects.length === 1 && only !== undefined) {
    const values = valuesUnder(object, scoreKeys);
    if (values.length > 0) told.set(only.id, { values, rationale: rationaleIn(object) });
  }
  return told;
}

function scoresIn(object: WrittenObject): Written[] {
  return valuesUnder(object, scoreKeys);
}

function rationaleIn(value: Written): string | null {
  if (!isObject(value)) return null;
  const text = valuesUnder(value, rationaleKeys).find((found) => typeof found === "string");
  return typeof text === "string" ? text : null;
}

function valuesUnder({ entries }: WrittenObject, names: readonly string[]): Written[] {
  const wanted = new Set(names.map(keyOf));
  return entries.filter(([key]) => wanted.has(keyOf(key))).map(([, value]) => value);
}

/** Keys are compared without case, decoration, blanks, hyphens. */
function keyOf(name: string): string {
  return undecorated(name).replace(/[\s-]/g, "");
}

function isObject(value: Written): value is WrittenObject {
  return typeof value === "object" && value !== null && value.kind === "object";
}

function unparsed(reason: string) {
  return { status: "unparsed", reason } as const;
}
