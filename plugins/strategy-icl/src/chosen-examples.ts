import { type Example, normalisedInstruction } from "@unshift/contracts";
import type { ExampleSet } from "./example.js";

/** Examples as they come in, without those that show nothing new; the others are counted. */
export class ChosenExamples {
  readonly #examples: Example[] = [];
  readonly #asked = new Set<string>();
  readonly #leftOut = { empty: 0, duplicate: 0, withInput: 0 };

  add(example: Example): void {
    const { instruction, output } = example;
    const question = normalisedInstruction(instruction);
    if (instruction.trim() === "" || output.trim() === "") this.leaveOut("empty");
    else if (this.#asked.has(question)) this.leaveOut("duplicate");
    else {
      this.#asked.add(question);
      this.#examples.push(example);
    }
  }

  leaveOut(reason: keyof ExampleSet["leftOut"]): void {
    this.#leftOut[reason] += 1;
  }

  all(): Pick<ExampleSet, "examples" | "leftOut"> {
    return { examples: this.#examples, leftOut: this.#leftOut };
  }
}
