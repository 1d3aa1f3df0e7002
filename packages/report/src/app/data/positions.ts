import { classOfRank, type ShiftClass } from "@unshift/contracts";
import type { PositionRefs, TokenEntry } from "../../payload/format.js";
import { type OpenSample, tokensAt } from "./report-data.js";

/** One alternative in a model's list. */
export interface Alternative {
  readonly token: TokenEntry;
  readonly probability: number;
}

/** All of one position, for the panel beside the answer. */
export interface PositionDetail {
  readonly token: TokenEntry;
  readonly shiftClass: ShiftClass;
  /** Whether there is a reference; without one its figures and the divergences are NaN, its list is empty. */
  readonly hasReference: boolean;
  readonly referenceProbability: number;
  readonly subjectProbability: number;
  readonly referenceRank: number;
  readonly subjectRank: number;
  readonly klReferenceSubject: number;
  readonly klSubjectReference: number;
  readonly js: number;
  readonly tv: number;
  readonly referenceEntropy: number;
  readonly subjectEntropy: number;
  readonly referenceTop: readonly Alternative[];
  readonly subjectTop: readonly Alternative[];
  readonly referenceDroppedMass: number | null;
  readonly subjectDroppedMass: number | null;
}

/** The compared positions of one answer. */
export interface Positions {
  readonly length: number;
  readonly refs: PositionRefs;
  readonly tokens: readonly TokenEntry[];
  readonly classes: readonly ShiftClass[];
  readonly ranks: ArrayLike<number>;
  readonly kl: ArrayLike<number>;
  at(position: number): PositionDetail;
}

/** Columns are read when first asked for, then kept as long as the sample is open. */
export function openPositions({ block }: OpenSample, refs: PositionRefs): Positions {
  const columns = new Map<string, ArrayLike<number>>();
  const column = (name: ColumnName): ArrayLike<number> => {
    let values = columns.get(name);
    if (values === undefined) {
      const ref = refs[name];
      values = ref === null ? [] : block.column(ref);
      columns.set(name, values);
    }
    return values;
  };
  const entries = block.header.tokens;
  const tokens = tokensAt(entries, column("token"));
  const ranks = column("subjectRank");
  const value = (name: ColumnName, position: number): number => column(name)[position] ?? Number.NaN;
  const top = (ids: ColumnName, probabilities: ColumnName, position: number): Alternative[] =>
    Array.from({ length: refs.topK }, (_, place) => place * refs.length + position)
      .filter((i) => i < column(ids).length)
      .map((i) => ({
        token: entries[column(ids)[i] ?? -1] ?? [-1, "", 0],
        probability: column(probabilities)[i] ?? Number.NaN,
      }));
  return {
    length: refs.length,
    refs,
    tokens,
    classes: Array.from(ranks, classOfRank),
    ranks,
    kl: column("klReferenceSubject"),
    at: (position) => ({
      token: tokens[position] ?? [-1, "", 0],
      shiftClass: classOfRank(ranks[position] ?? 1),
      hasReference: refs.referenceRank !== null,
      referenceProbability: value("referenceProbability", position),
      subjectProbability: value("subjectProbability", position),
      referenceRank: value("referenceRank", position),
      subjectRank: value("subjectRank", position),
      klReferenceSubject: value("klReferenceSubject", position),
      klSubjectReference: value("klSubjectReference", position),
      js: value("js", position),
      tv: value("tv", position),
      referenceEntropy: value("referenceEntropy", position),
      subjectEntropy: value("subjectEntropy", position),
      referenceTop: top("referenceTop", "referenceTopProbabilities", position),
      subjectTop: top("subjectTop", "subjectTopProbabilities", position),
      referenceDroppedMass: refs.referenceDroppedMass === null ? null : value("referenceDroppedMass", position),
      subjectDroppedMass: refs.subjectDroppedMass === null ? null : value("subjectDroppedMass", position),
    }),
  };
}

type ColumnName = Exclude<keyof PositionRefs, "length" | "topK" | "subjectPrompt">;
