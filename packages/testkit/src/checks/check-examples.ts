import { type Example, instructionOf, type Sample } from "@unshift/contracts";
import { expect, quote } from "./expect.js";

/** Throws an AssertionError unless these may stand in a prompt: texts with ids, none of them asking what a sample asks. */
export function checkExamples(examples: readonly Example[], samples: readonly Sample[]): void {
  const asked = new Map(samples.map((sample) => [normalised(instructionOf(sample)), sample.id]));
  const ids = new Set<string>();
  for (const [index, { id, instruction, output }] of examples.entries()) {
    expect(typeof id === "string" && id !== "", `example ${index} has no id`);
    const of = `example ${index} (${JSON.stringify(id)})`;
    expect(!ids.has(id), `two examples have the id "${id}"`);
    ids.add(id);
    expect(typeof instruction === "string" && instruction.trim() !== "", `${of} asks nothing`);
    expect(typeof output === "string" && output.trim() !== "", `${of} has no answer`);
    const sample = asked.get(normalised(instruction));
    expect(
      sample === undefined,
      `${of} is among the samples, as "${sample}": ${quote(instruction)}. Its answer would be shown to whoever is asked`,
    );
  }
}

/** Two texts that differ only in case, width and blanks ask the same. */
function normalised(text: string): string {
  return text.normalize("NFKC").toLowerCase().replaceAll(/\s+/g, " ").trim();
}
