import { systemTables } from "@unshift/analysis";
import { type Table, UnshiftError } from "@unshift/contracts";
import { nearest } from "@unshift/core";
import { usageError } from "../output/failure.js";
import { joinRuns } from "./joined-runs.js";
import { type OpenedRun, openRuns } from "./opened-run.js";
import { describeRunDifference, type RunDifference, runDifferences } from "./run-differences.js";
import { describeGaps, gapShare, verdictGaps } from "./verdict-gaps.js";

/** Several runs in one set of tables. */
export interface ComparedRuns {
  readonly runs: readonly OpenedRun[];
  readonly differences: readonly RunDifference[];
  /** No difference but bearable ones. */
  readonly comparable: boolean;
  /** What every reader of the tables must see. */
  readonly notes: readonly string[];
  readonly tables: readonly Table[];
}

/**
 * Reads runs and makes the tables of all their systems. Runs that differ in judges, dataset or selection are refused with every
 * difference, or, `anyway`, marked in the title of each table.
 *
 * @throws RUNS_NOT_COMPARABLE, RUN_…, USAGE
 */
export async function compareRuns(args: {
  readonly runs: readonly string[];
  readonly judge?: readonly string[] | undefined;
  readonly anyway: boolean;
}): Promise<ComparedRuns> {
  const runs = await openRuns(args.runs);
  const judges = args.judge ?? null;
  refuseUnknownJudge(runs, judges ?? []);
  const differences = runDifferences(runs, judges);
  const lines = differences.filter(({ bearable }) => bearable !== true).map(describeRunDifference);
  if (lines.length > 0 && !args.anyway) {
    throw new UnshiftError(
      "RUNS_NOT_COMPARABLE",
      `the runs differ in what makes their scores comparable:\n${lines.map((line) => `  - ${line}`).join("\n")}`,
      {
        hint: "`--judge` compares by judges that are the same; `--anyway` goes on, and every table says that its scores are not comparable.",
      },
    );
  }
  const tables = systemTables(joinRuns(runs, judges));
  return {
    runs,
    differences,
    comparable: lines.length === 0,
    notes: [...lines.map((line) => `not comparable: ${line}`), ...gapNotes(runs, judges, lines)],
    tables: lines.length === 0 ? tables : tables.map(marked),
  };
}

/** Of every judge some of whose verdicts are without a score: how many in each run. Those refused for it are told already. */
function gapNotes(
  runs: readonly OpenedRun[],
  judges: readonly string[] | null,
  told: readonly string[],
): readonly string[] {
  const gaps = runs.map((opened) => ({ label: opened.label, byJudge: verdictGaps(opened, judges) }));
  const known = [...new Set(gaps.flatMap(({ byJudge }) => [...byJudge.keys()]))];
  return known.flatMap((judge) => {
    const own = gaps.flatMap(({ label, byJudge }) => {
      const found = byJudge.get(judge);
      return found === undefined ? [] : [{ label, found }];
    });
    const path = `verdicts of ${judge} without a score`;
    if (own.every(({ found }) => gapShare(found) === 0) || told.some((line) => line.startsWith(`${path}:`))) return [];
    return [`${path}: ${own.map(({ label, found }) => `${describeGaps(found)} in ${label}`).join(", ")}`];
  });
}

function marked(table: Table): Table {
  return { ...table, title: `${table.title} (runs are not comparable)` };
}

function refuseUnknownJudge(runs: readonly OpenedRun[], judges: readonly string[]): void {
  const known = [
    ...new Set(
      runs.flatMap(({ experiment }) => [...experiment.judges, ...(experiment.annotators ?? [])].map(({ id }) => id)),
    ),
  ];
  for (const judge of judges) {
    if (known.includes(judge)) continue;
    const near = nearest(judge, known);
    throw usageError(
      `no run has a judge ${JSON.stringify(judge)}. Judges: ${known.join(", ") || "none"}.${near === null ? "" : ` Did you mean "${near}"?`}`,
    );
  }
}

/** What `--json` says of the runs, beside the tables. */
export function runsDocument({ runs, differences, comparable, notes }: ComparedRuns) {
  return {
    runs: runs.map(({ label, folder, run }) => ({
      label,
      folder,
      experiment: run.manifest.name,
      systems: run.systems.map(({ id }) => `${label}/${id}`),
    })),
    comparable,
    differences,
    notes,
  };
}
