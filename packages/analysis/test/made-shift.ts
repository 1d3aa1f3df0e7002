import { type ComparisonRecord, type Sample, shiftId, type VerdictRecord } from "@unshift/contracts";
import type { AnalysisInput, ShiftColumns, ShiftInput } from "@unshift/contracts/services";
import { type Random, seededRandom } from "../src/index.js";

/** One position as the slow twins see it. */
export interface MadeRow {
  readonly sample: string;
  readonly position: number;
  readonly length: number;
  readonly id: number;
  readonly text: string;
  readonly rank: number;
  readonly kl: number;
  readonly klReverse: number;
  readonly js: number;
  readonly tv: number;
  readonly referenceLogprob: number;
  readonly subjectLogprob: number;
  readonly referenceEntropy: number;
  readonly subjectEntropy: number;
}

export const endId = 3;
export const vocabulary: readonly string[] = [
  "<s>",
  " Paris",
  ",",
  "</s>",
  "\n",
  "**",
  " 12",
  " the",
  " However",
  "Thank",
  " capital",
  " is",
  " Lyon",
  "ing",
  ".",
];

export function madeRows(answers: Readonly<Record<string, number>>, random: Random): MadeRow[] {
  const uniform = (): number => random.next() / 4294967296;
  return Object.keys(answers)
    .sort()
    .flatMap((sample) => {
      const length = answers[sample] ?? 0;
      return Array.from({ length }, (_, position): MadeRow => {
        const id = position === length - 1 ? endId : random.below(vocabulary.length);
        const u = uniform();
        return {
          sample,
          position,
          length,
          id,
          text: vocabulary[id] ?? "",
          rank: u < 0.6 ? 1 : u < 0.8 ? 2 + random.below(2) : 4 + random.below(60),
          kl: uniform() * 3,
          klReverse: uniform() * 4,
          js: uniform() / 2,
          tv: uniform(),
          referenceLogprob: -uniform(),
          subjectLogprob: -3 * uniform(),
          referenceEntropy: uniform(),
          subjectEntropy: 2 * uniform(),
        };
      });
    });
}

export function columnsOf(
  shift: string,
  rows: readonly MadeRow[],
  sampleIds = [...new Set(rows.map(({ sample }) => sample))],
): ShiftColumns {
  const float = (of: (row: MadeRow) => number): Float64Array => Float64Array.from(rows, of);
  const int = (of: (row: MadeRow) => number): Int32Array => Int32Array.from(rows, of);
  return {
    shift,
    sampleIds,
    sample: int(({ sample }) => sampleIds.indexOf(sample)),
    position: int(({ position }) => position),
    length: int(({ length }) => length),
    tokenId: int(({ id }) => id),
    tokenText: new Map(rows.map(({ id, text }) => [id, text])),
    referenceLogprob: float(({ referenceLogprob }) => referenceLogprob),
    subjectLogprob: float(({ subjectLogprob }) => subjectLogprob),
    referenceRank: int(() => 1),
    subjectRank: int(({ rank }) => rank),
    klReferenceSubject: float(({ kl }) => kl),
    klSubjectReference: float(({ klReverse }) => klReverse),
    js: float(({ js }) => js),
    tv: float(({ tv }) => tv),
    referenceEntropy: float(({ referenceEntropy }) => referenceEntropy),
    subjectEntropy: float(({ subjectEntropy }) => subjectEntropy),
    referenceDroppedMass: null,
    subjectDroppedMass: null,
  };
}

/** The shift as it is where the answers came without a model. */
export function withoutReference(shift: ShiftInput): ShiftInput {
  const unknown = (values: Float64Array): Float64Array => values.map(() => Number.NaN);
  const { columns } = shift;
  return {
    ...shift,
    columns: {
      ...columns,
      withoutReference: true,
      referenceLogprob: unknown(columns.referenceLogprob),
      referenceRank: columns.referenceRank.map(() => 0),
      klReferenceSubject: unknown(columns.klReferenceSubject),
      klSubjectReference: unknown(columns.klSubjectReference),
      js: unknown(columns.js),
      tv: unknown(columns.tv),
      referenceEntropy: unknown(columns.referenceEntropy),
    },
  };
}

export function shiftOf(
  answers: string,
  subject: string,
  rows: readonly MadeRow[],
  comparisons?: readonly ComparisonRecord[],
): ShiftInput {
  const id = shiftId(answers, subject);
  const columns = columnsOf(id, rows);
  return {
    id,
    answers,
    subject,
    columns,
    comparisons:
      comparisons ??
      columns.sampleIds.map((sampleId) =>
        comparisonOf(id, sampleId, rows.filter((row) => row.sample === sampleId).length),
      ),
    specialIds: new Set([0, endId]),
  };
}

export function comparisonOf(
  shift: string,
  sampleId: string,
  positions: number,
  status: ComparisonRecord["status"] = "scored",
): ComparisonRecord {
  return { key: `${shift} ${sampleId}`, shift, sampleId, status, positions, reason: null, subjectPrompt: null };
}

export function sampleOf(id: string, more: Partial<Sample> = {}): Sample {
  return { id, messages: [{ role: "user", content: id }], reference: [], tags: {}, ...more };
}

export function verdictOf(
  system: string,
  sampleId: string,
  judgement: VerdictRecord["judgement"],
  judge = "reference",
): VerdictRecord {
  return { key: `${judge} ${system} ${sampleId}`, judge, system, sampleId, judgement };
}

export function inputOf(shifts: readonly ShiftInput[], more: Partial<AnalysisInput> = {}): AnalysisInput {
  return { samples: [], answers: [], verdicts: [], shifts, systems: [], seed: 1, ...more };
}

/** Two subjects of the same 40 answers, some of them short. */
export function standardShifts(seed = 5): {
  readonly rows: MadeRow[];
  readonly other: MadeRow[];
  readonly shifts: ShiftInput[];
} {
  const lengths = seededRandom(seed, "lengths");
  const answers = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`q${i}`, 1 + lengths.below(45)]));
  const rows = madeRows(answers, seededRandom(seed, "zero-shot"));
  const ranks = madeRows(answers, seededRandom(seed, "urial"));
  const other = rows.map((row, i) => ({
    ...row,
    rank: Math.max(1, (ranks[i]?.rank ?? 1) - 2),
    kl: (ranks[i]?.kl ?? 0) / 2,
  }));
  return { rows, other, shifts: [shiftOf("aligned", "zero-shot", rows), shiftOf("aligned", "urial", other)] };
}
