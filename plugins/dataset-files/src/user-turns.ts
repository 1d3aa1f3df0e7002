import type { Sample } from "@unshift/contracts";
import type { Fields } from "./fields.js";
import { kindOf } from "./kind-of.js";
import { type RowPlace, rowError } from "./row.js";
import type { Turn } from "./row-sample.js";
import { referenceOf } from "./row-values.js";

/**
 * MT-bench's own form: `turns` are texts of the user; a `reference` then has one entry a turn, or none.
 *
 * @throws DATASET_FIELD
 */
export function userTurns(
  cells: ReadonlyMap<string, unknown>,
  cell: (column: string) => unknown,
  fields: Fields,
  tags: Sample["tags"],
  place: RowPlace,
): Turn[] {
  const beside = [fields.instruction, fields.messages].find((column) => cells.has(column));
  if (beside !== undefined) {
    throw rowError("DATASET_FIELD", place, `the sample has both "${fields.turns}" and "${beside}"`, {
      hint: "A sample is one instruction, a chat so far, or the user's turns of a chat.",
    });
  }
  if ("turn" in tags) {
    throw rowError("DATASET_FIELD", place, `the tag "turn" is given by the place in "${fields.turns}"`);
  }
  const turns = cell(fields.turns);
  if (!Array.isArray(turns) || turns.length === 0) {
    throw rowError("DATASET_FIELD", place, `"${fields.turns}" is a list of texts, not ${kindOf(turns)}`);
  }
  const references = cell(fields.reference) ?? turns.map(() => null);
  if (!Array.isArray(references) || ![0, turns.length].includes(references.length)) {
    const found = Array.isArray(references) ? `${references.length}` : kindOf(references);
    throw rowError(
      "DATASET_FIELD",
      place,
      `"${fields.reference}" has one entry for each of the ${turns.length} turns, not ${found}`,
    );
  }
  return turns.map((content: unknown, index) => {
    if (typeof content !== "string")
      throw rowError(
        "DATASET_FIELD",
        place,
        `turn ${index + 1} of "${fields.turns}" is a text, not ${kindOf(content)}`,
      );
    return {
      messages: [{ role: "user", content }],
      reference: referenceOf(references[index] ?? undefined, fields.reference, place),
      tags,
    };
  });
}
