import { type Example, normalisedInstruction, type PluginContext, type Sample } from "@unshift/contracts";
import { type DataFile, rowsOf } from "./data-files.js";
import { kindOf } from "./kind-of.js";
import { nameOf, type Row, type RowPlace, rowError } from "./row.js";
import { idOf } from "./row-values.js";

/** Columns of question–answer pairs, where they are not `id`, `instruction`, `output` and `input`. */
export interface TrainFields {
  readonly id?: string;
  readonly instruction?: string;
  readonly output?: string;
  readonly input?: string;
}

/**
 * Question–answer pairs that stand beside the samples. Left out, and told in the log: rows with a text in `input`, which the paper
 * leaves out too (the question alone is not the whole task), and rows that ask what a sample asks.
 */
export class TrainPart {
  readonly #fields: Required<TrainFields>;
  readonly #log: PluginContext["log"];

  constructor(
    readonly files: readonly DataFile[],
    fields: TrainFields,
    log: PluginContext["log"],
  ) {
    this.#fields = { id: "id", instruction: "instruction", output: "output", input: "input", ...fields };
    this.#log = log;
  }

  /** @throws DATASET_FIELD, DATASET_SYNTAX, DATASET_DUPLICATE_ID with file and line or row */
  async *examples(samples: AsyncIterable<Sample>, signal: AbortSignal): AsyncGenerator<Example> {
    const asked = new Set<string>();
    for await (const { messages } of samples)
      for (const { role, content } of messages) if (role === "user") asked.add(normalisedInstruction(content));
    const ids = new Map<string, RowPlace>();
    const leftOut = { withInput: 0, sample: 0 };
    let number = 0;
    for (const file of this.files) {
      for await (const row of rowsOf(file, signal)) {
        number += 1;
        const { withInput, ...example } = this.#example(row, number);
        const first = ids.get(example.id);
        if (first !== undefined)
          throw rowError(
            "DATASET_DUPLICATE_ID",
            row.place,
            `the id "${example.id}" stands at ${nameOf(first)} already`,
          );
        ids.set(example.id, row.place);
        if (withInput) leftOut.withInput += 1;
        else if (asked.has(normalisedInstruction(example.instruction))) leftOut.sample += 1;
        else yield example;
      }
    }
    this.#tell(number, leftOut);
  }

  /** Rows that need an input are part of the data, and somebody may miss them; those that ask what a sample asks nobody wants. */
  #tell(rows: number, { withInput, sample }: { readonly withInput: number; readonly sample: number }): void {
    const parts = [
      ...(withInput === 0 ? [] : [`${withInput} with a text in "${this.#fields.input}"`]),
      ...(sample === 0 ? [] : [`${sample} that ask what a sample asks`]),
    ];
    if (parts.length === 0) return;
    this.#log(withInput > 0 ? "warn" : "info", `the train part: ${rows} rows; left out ${parts.join(" and ")}`);
  }

  /** Without a column of ids, an example's id is the number of its row over all files. */
  #example({ value, place }: Row, number: number): Example & { readonly withInput: boolean } {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw rowError("DATASET_FIELD", place, `an example is an object, not ${kindOf(value)}`);
    const cells = new Map<string, unknown>(Object.entries(value).filter(([, cell]) => cell !== null));
    const text = (column: string): string => {
      const cell = cells.get(column);
      if (typeof cell === "string") return cell;
      const fields = [...cells.keys()].map((name) => `"${name}"`).join(", ");
      const found = cell === undefined ? `missing; the example's fields are ${fields || "none"}` : kindOf(cell);
      throw rowError("DATASET_FIELD", place, `"${column}" of an example is a text, not ${found}`, {
        hint: 'Map other names in the experiment: train: { path: …, fields: { output: "answer" } }.',
      });
    };
    const input = cells.get(this.#fields.input);
    return {
      id: idOf(cells.get(this.#fields.id), this.#fields.id, place) ?? String(number),
      instruction: text(this.#fields.instruction),
      output: text(this.#fields.output),
      withInput: input !== undefined && String(input).trim() !== "",
    };
  }
}
