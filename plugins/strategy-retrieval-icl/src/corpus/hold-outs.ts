import { readFile } from "node:fs/promises";
import { type PluginContext, UnshiftError } from "@unshift/contracts";

/**
 * Ids that are never retrieved: given as a list, or as a file of one id a line.
 *
 * @throws DATASET_NOT_FOUND, DATASET_SYNTAX
 */
export async function holdOuts(
  exclude: string | readonly string[],
  context: Pick<PluginContext, "resolvePath">,
): Promise<ReadonlySet<string>> {
  if (typeof exclude !== "string") return new Set(exclude);
  const file = context.resolvePath(exclude);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    const reason = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new UnshiftError("DATASET_NOT_FOUND", `the ids of \`exclude\` cannot be read (${reason}): ${file}`, {
      hint: "`exclude` is a list of ids, or the path of a file with one id a line, relative to the file that names it.",
      cause,
    });
  }
  try {
    const lines = new TextDecoder("utf-8", { fatal: true }).decode(bytes).split(/\r?\n/);
    return new Set(lines.map((line) => line.trim()).filter((line) => line !== ""));
  } catch (cause) {
    throw new UnshiftError("DATASET_SYNTAX", "the file of ids is not UTF-8", { where: { file }, cause });
  }
}
