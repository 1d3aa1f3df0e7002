import { leaderboard, tableRows } from "@unshift/analysis";
import type { Table } from "@unshift/contracts";
import type { LeaderboardArguments } from "../commands/leaderboard.js";
import { type ComparedRuns, compareRuns, runsDocument } from "../compare/comparable-runs.js";
import { usageError } from "../output/failure.js";
import { printJson } from "../output/print.js";
import { printTables } from "../output/tables/print-tables.js";
import { askedFormat } from "../output/tables/table-format.js";

/** One leaderboard for each judge that scored answers. */
export async function leaderboardAction(args: LeaderboardArguments): Promise<void> {
  const format = askedFormat(args) ?? "text";
  const compared = await compareRuns(args);
  const boards = leaderboards(compared, args.by ?? null);
  if (format === "json") printJson({ ...runsDocument(compared), tables: boards });
  else printTables(boards, format, compared.notes);
}

/** @throws USAGE where nothing was scored, or not in the aspect asked for */
function leaderboards({ tables, comparable }: ComparedRuns, by: string | null): Table[] {
  const scores = tableRows(tables, "scores").filter(({ aspect }) => aspect !== null);
  const judges = [...new Set(scores.map(({ judge }) => String(judge)))];
  if (judges.length === 0) throw usageError("no judge scored an answer of these runs, so there is nothing to rank by");
  const boards = judges.flatMap((judge) => leaderboard(tables, judge, by) ?? []);
  if (boards.length === 0) {
    const aspects = [...new Set(scores.map(({ aspect }) => String(aspect)))];
    throw usageError(`no judge scored ${JSON.stringify(by)}. Aspects: ${aspects.join(", ")}.`);
  }
  return comparable ? boards : boards.map((board) => ({ ...board, title: `${board.title} (runs are not comparable)` }));
}
