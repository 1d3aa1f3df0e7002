import { UnshiftError } from "@unshift/contracts";
import type { OpenModel } from "@unshift/contracts/services";
import type { PlannedLogits } from "@unshift/core";
import type { LogitsFolder } from "@unshift/store";
import type { RowForm } from "./file-plan.js";

/** One block is being written while the next is computed: small enough that both are nothing beside a model. */
const blockBytes = 16 * 1024 * 1024;

/** Computes and writes what the folder lacks, sample after sample. Throws LOGITS_UNSUPPORTED, and what engine and folder throw. */
export async function writeRows(
  model: OpenModel,
  planned: PlannedLogits,
  folder: Pick<LogitsFolder, "nextRow" | "append" | "writeVocabulary">,
  form: RowForm,
  options: { readonly signal: AbortSignal; readonly onRows: (count: number) => void },
): Promise<void> {
  const tokenBytes = model.tokenBytes?.bind(model);
  const logits = model.logits?.bind(model);
  if (tokenBytes === undefined || logits === undefined) {
    throw new UnshiftError("LOGITS_UNSUPPORTED", `the engine of model "${model.name}" gives no rows of logits`, {
      hint: "`unshift logits` needs an engine that computes locally, such as `llama`.",
    });
  }
  await folder.writeVocabulary(
    Array.from({ length: model.identity.vocabularySize }, (_, id) => ({ ...model.token(id), bytes: tokenBytes(id) })),
  );
  const { nextRow } = folder;
  for (const { firstRow, rows, item } of planned.samples) {
    if (firstRow + rows <= nextRow) continue;
    // What is there already of this sample is read again but not handed out.
    const skipped = Math.max(0, nextRow - firstRow);
    const wanted = Int32Array.from({ length: rows - skipped }, (_, index) => item.from + skipped + index);
    const { dtype, logProbabilities } = form;
    const blocks = logits({ ...item, rows: wanted, dtype, logProbabilities, blockBytes }, { signal: options.signal });
    for await (const block of blocks) {
      await folder.append(block.values);
      options.onRows(block.rows.length);
    }
  }
}
