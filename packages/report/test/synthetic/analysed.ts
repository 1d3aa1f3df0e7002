import { createShiftAnalysis } from "@unshift/analysis";
import type { JudgeInput, ReportInput, ShiftColumns, ShiftInput, StoredPositions } from "@unshift/contracts/services";
import type { SyntheticRun } from "./run.js";

/** The run with its tables, as the real analysis makes them. */
export async function analysed(run: SyntheticRun): Promise<ReportInput> {
  const shifts = run.shifts.map(
    ({ id, answers, subject, comparisons }): ShiftInput => ({
      id,
      answers,
      subject,
      comparisons,
      columns: columnsOf(id, run.stored.get(id) ?? new Map()),
      specialIds: new Set([run.vocabulary.id("<|end|>", true)]),
    }),
  );
  const tables = await createShiftAnalysis().analyse({
    samples: run.samples,
    answers: run.answers,
    verdicts: run.verdicts,
    shifts,
    systems: run.systems.map(({ id }) => id),
    judges: judgesOf(run),
    seed: 7,
  });
  return { ...run, tables };
}

/** What the manifest stores of the judges. */
function judgesOf({ manifest }: SyntheticRun): JudgeInput[] {
  const stored = (manifest.experiment.judges ?? []) as unknown as (Omit<JudgeInput, "repeat"> & { repeat?: number })[];
  return stored.map((judge) => ({ repeat: 1, ...judge }));
}

function columnsOf(shift: string, stored: ReadonlyMap<string, StoredPositions>): ShiftColumns {
  const sampleIds = [...stored.keys()].sort((a, b) => (a < b ? -1 : 1));
  const blocks = sampleIds.flatMap((id) => stored.get(id) ?? []);
  const joined = (pick: (block: StoredPositions) => ArrayLike<number>): number[] =>
    blocks.flatMap((block) => Array.from(pick(block)));
  const tokenText = new Map(
    blocks.flatMap(({ columns, tokens }) => Array.from(columns.tokenIds, (id, t) => [id, tokens[t] ?? ""] as const)),
  );
  return {
    shift,
    ...(blocks[0]?.columns.withoutReference === true ? { withoutReference: true } : {}),
    sampleIds,
    sample: Int32Array.from(blocks.flatMap(({ tokens }, index) => tokens.map(() => index))),
    position: Int32Array.from(blocks.flatMap(({ tokens }) => tokens.map((_, t) => t))),
    length: Int32Array.from(blocks.flatMap(({ tokens }) => tokens.map(() => tokens.length))),
    tokenId: Int32Array.from(joined(({ columns }) => columns.tokenIds)),
    tokenText,
    referenceLogprob: Float64Array.from(joined(({ columns }) => columns.referenceLogprob)),
    subjectLogprob: Float64Array.from(joined(({ columns }) => columns.subjectLogprob)),
    referenceRank: Int32Array.from(joined(({ columns }) => columns.referenceRank)),
    subjectRank: Int32Array.from(joined(({ columns }) => columns.subjectRank)),
    klReferenceSubject: Float64Array.from(joined(({ columns }) => columns.klReferenceSubject)),
    klSubjectReference: Float64Array.from(joined(({ columns }) => columns.klSubjectReference)),
    js: Float64Array.from(joined(({ columns }) => columns.js)),
    tv: Float64Array.from(joined(({ columns }) => columns.tv)),
    referenceEntropy: Float64Array.from(joined(({ columns }) => columns.referenceEntropy)),
    subjectEntropy: Float64Array.from(joined(({ columns }) => columns.subjectEntropy)),
    referenceDroppedMass: null,
    subjectDroppedMass: null,
  };
}
