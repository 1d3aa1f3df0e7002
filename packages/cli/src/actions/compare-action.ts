import type { CompareArguments } from "../commands/compare.js";
import { compareRuns, runsDocument } from "../compare/comparable-runs.js";
import { usageError } from "../output/failure.js";
import { printJson } from "../output/print.js";
import { printTables } from "../output/tables/print-tables.js";
import { askedFormat, chooseTables } from "../output/tables/table-format.js";

/** What people see unless they name tables; those by tag and both ways round are long. */
const first = ["score_averages", "scores", "score_comparisons", "preferences", "ratings", "judge_agreement"];

export async function compareAction(args: CompareArguments): Promise<void> {
  const format = askedFormat(args) ?? "text";
  if (args.runs.length < 2) throw usageError("`compare` takes two runs or more; `unshift analyse` shows one");
  const compared = await compareRuns(args);
  const asked = args.table === undefined ? null : chooseTables(compared.tables, args.table);
  if (format === "json") {
    printJson({ ...runsDocument(compared), tables: asked ?? compared.tables });
    return;
  }
  const filled = compared.tables.filter(({ name, rows }) => first.includes(name) && rows.length > 0);
  // Runs that nobody judged: how long the answers are, and how they ended.
  const shown = asked ?? (filled.length > 0 ? filled : chooseTables(compared.tables, ["systems"]));
  printTables(shown, format, compared.notes);
}
