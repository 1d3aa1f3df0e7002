import { type ShiftFigures, type SystemFigures, summariseShift, summariseSystem } from "@unshift/analysis";
import type { JudgingCost, RunOutcome } from "@unshift/core";
import { type PairFigures, pairFigures } from "./pair-figures.js";
import { type ScoreFigures, scoreFigures } from "./score-figures.js";
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
  /** By judge of answers, aspect and system; of the average over a judge's aspects `aspect` is null. */
  readonly scores: readonly ScoreFigures[];
  /** By judge of pairs, aspect and pair of systems. */
  readonly preferences: readonly PairFigures[];
  /** What judging has used so far, by id of the judge engine. */
  readonly judging: Readonly<Record<string, JudgingCost>>;
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
    scores: scoreFigures(outcome.tables),
    preferences: pairFigures(outcome.tables),
    judging: outcome.judging,
    notes: outcome.manifest.notes,
  };
}
