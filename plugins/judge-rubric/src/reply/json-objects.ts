import { readObject, type WrittenObject } from "./json-text.js";

/** An object that stands in a reply, and what had to be mended or passed over to read it. */
export interface FoundObject {
  readonly value: WrittenObject;
  readonly open: boolean;
  readonly repairs: readonly string[];
  /** The text between the object before it, or the beginning, and itself. */
  readonly before: string;
}

/** Braces that are tried: a reply that opens more without one object is no reply. */
const mostTries = 200;

/** The objects of a reply in their order, none within another, and the text around them, which is noted once. */
export function jsonObjects(text: string, cut: boolean): { readonly objects: FoundObject[]; readonly rest: string } {
  const found: FoundObject[] = [];
  let rest = "";
  let before = "";
  let from = 0;
  for (let tries = 0; tries < mostTries; tries += 1) {
    const start = text.indexOf("{", from);
    if (start < 0) break;
    const object = readObject(text, start, cut);
    // An object without a single entry says nothing, and its brace may be a word's: "{...}".
    const counts = object !== null && object.value.entries.length > 0;
    const end = counts ? object.end : start + 1;
    const passed = text.slice(from, counts ? start : end);
    rest += passed;
    before += passed;
    if (counts) {
      found.push({ ...object, before });
      before = "";
    }
    from = end;
  }
  rest += text.slice(from);
  const around = aroundObjects(rest);
  return { objects: found.map((object) => ({ ...object, repairs: [...around, ...object.repairs] })), rest };
}

function aroundObjects(rest: string): readonly string[] {
  const prose = rest.replace(/```(?:json5?|JSON)?/g, "").trim();
  return [...(rest.includes("```") ? ["a code fence"] : []), ...(prose === "" ? [] : ["text around the JSON"])];
}
