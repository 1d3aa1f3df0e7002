import { type ShiftFigures, type SystemFigures, summariseShift, summariseSystem, tableRows } from "@unshift/analysis";
import type { RunOutcome } from "@unshift/core";
import { type PairFigures, pairFigures } from "./pair-figures.js";
import { type VerdictCounts, verdictCounts } from "./verdict-counts.js";

/** What `unshift run --json` prints; shares 0–1, KL in nats. */
export interface RunSummary {
  readonly run: string;
  readonly report: string | null;
  readonly systems: Readonly<Record<string, SystemFigures>>;
  readonly shifts: readonly (ShiftFigures & {
    readonly answers: string;
    readonly subject: string;
    /** Samples compared, failed and skipped. */
    readonly samples: number;
    readonly failed: number;
    readonly skipped: number;
  })[];
  readonly verdicts: Readonly<Record<string, VerdictCounts>>;
  /** By judge of pairs, aspect and pair of systems. */
  readonly preferences: readonly PairFigures[];
  readonly notes: readonly string[];
}

interface ManifestLists {
  readonly systems: readonly { readonly id: string }[];
  /** Systems known by their answers alone. */
  readonly recorded?: readonly { readonly id: string }[];
  readonly shifts: readonly { readonly id: string; readonly answers: string; readonly subject: string }[];
}

/** Figures of a finished run, read from its tables so that they are the same everywhere. */
export function runSummary(outcome: RunOutcome): RunSummary {
  const { systems, recorded = [], shifts } = outcome.manifest.experiment as unknown as ManifestLists;
  return {
    run: outcome.folder,
    report: outcome.reports.find((path) => path.endsWith(".html")) ?? outcome.reports[0] ?? null,
    systems: Object.fromEntries([...systems, ...recorded].map(({ id }) => [id, summariseSystem(outcome.tables, id)])),
    shifts: shifts.map(({ id, answers, subject }) => {
      const having = (status: string) =>
        outcome.comparisons.filter((record) => record.shift === id && record.status === status).length;
      return {
        answers,
        subject,
        samples: having("scored"),
        failed: having("failed"),
        skipped: having("skipped"),
        ...summariseShift(outcome.tables, id),
      };
    }),
    verdicts: verdictCounts(outcome.verdicts),
    preferences: pairFigures(outcome.tables),
    notes: outcome.manifest.notes,
  };
}

/** Mean of a judge's aspect over the `n` answers of a system that have a score in it, or null. */
export function meanScore(
  outcome: RunOutcome,
  system: string,
  judge: string,
  aspect: string,
): { readonly mean: number; readonly n: number } | null {
  const row = tableRows(outcome.tables, "scores").find(
    (candidate) => candidate.system === system && candidate.judge === judge && candidate.aspect === aspect,
  );
  return typeof row?.mean === "number" && typeof row.n === "number" ? { mean: row.mean, n: row.n } : null;
}
