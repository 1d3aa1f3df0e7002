import type { Sample } from "@unshift/contracts";
import { expect, isStorable, quote } from "./expect.js";

/** Throws an AssertionError unless a sample has the form its contract asks for. `earlier`: ids of those before it. */
export function checkSample(sample: Sample, index: number, earlier: ReadonlySet<string>): void {
  const of = `sample ${index} (${JSON.stringify(sample.id)})`;
  expect(typeof sample.id === "string" && sample.id !== "", `sample ${index} has no id`);
  expect(!earlier.has(sample.id), `two samples have the id "${sample.id}"`);
  expect(Array.isArray(sample.messages) && sample.messages.length > 0, `${of} has no message`);
  for (const message of sample.messages) {
    expect(
      ["system", "user", "assistant"].includes(message.role),
      `${of} has a message of role ${quote(String(message.role))}`,
    );
    expect(typeof message.content === "string", `${of} has a message without text`);
  }
  expect(sample.messages.at(-1)?.role === "user", `${of} does not end with the user's message`);
  if (sample.follows !== undefined) {
    expect(
      earlier.has(sample.follows),
      `${of} follows ${quote(String(sample.follows))}, which is no sample before it: a turn stands behind the one it continues`,
    );
  }
  expect(isTextList(sample.reference), `${of}: reference is not a list of texts`);
  expect(typeof sample.tags === "object" && sample.tags !== null, `${of} has no tags object`);
  for (const [tag, values] of Object.entries(sample.tags)) {
    expect(isTextList(values), `${of}: tag "${tag}" is not a list of texts`);
  }
  expect(isStorable(sample), `${of} does not survive JSON`);
}

function isTextList(value: unknown): boolean {
  return Array.isArray(value) && value.every((text) => typeof text === "string");
}
