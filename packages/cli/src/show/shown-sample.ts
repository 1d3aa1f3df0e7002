import { classOfRank, instructionOf, type Sample, type ShiftClass, type VerdictRecord } from "@unshift/contracts";
import type { RunStore, StoredPositions } from "@unshift/contracts/services";
import { nearest, type StoredRun } from "@unshift/core";
import { usageError } from "../output/failure.js";

/** An id that a model thought of at a position. */
export interface ShownCandidate {
  readonly id: number;
  readonly text: string;
  /** 0–1 */
  readonly probability: number;
}

export interface ShownPosition {
  /** 0-based, of the answer */
  readonly position: number;
  readonly id: number;
  readonly text: string;
  readonly class: ShiftClass;
  readonly subjectRank: number;
  /** 0–1; null where the answer came without a model. */
  readonly referenceProbability: number | null;
  readonly subjectProbability: number;
  /** KL(reference ‖ subject), nats; null likewise. */
  readonly kl: number | null;
  /** By falling probability; empty where the answer came without a model. */
  readonly referenceTop: readonly ShownCandidate[];
  readonly subjectTop: readonly ShownCandidate[];
}

export interface ShownShift {
  readonly shift: string;
  readonly answers: string;
  readonly subject: string;
  readonly status: "scored" | "skipped" | "failed";
  readonly reason: { readonly code: string; readonly message: string } | null;
  readonly positions: readonly ShownPosition[];
}

interface ShownAnswer {
  readonly system: string;
  readonly status: "answered" | "skipped" | "failed";
  readonly text: string | null;
  readonly finishReason: string | null;
  readonly reason: { readonly code: string; readonly message: string } | null;
}

/** One sample of a run with all that was computed for it. */
export interface ShownSample {
  readonly run: string;
  readonly sample: Sample;
  readonly question: string;
  readonly answers: readonly ShownAnswer[];
  readonly shifts: readonly ShownShift[];
  readonly verdicts: readonly {
    readonly judge: string;
    readonly system: string;
    readonly against?: string;
    readonly repeat?: number;
    readonly judgement: VerdictRecord["judgement"];
  }[];
}

/** Refuses an id the run does not have, as a fault of the command line. */
export async function shownSample(store: RunStore, run: StoredRun, id: string): Promise<ShownSample> {
  const sample = run.samples.find((candidate) => candidate.id === id);
  if (sample === undefined) {
    const near = nearest(
      id,
      run.samples.map((candidate) => candidate.id),
    );
    throw usageError(
      `--sample: the run has no sample ${JSON.stringify(id)}. ` +
        (near === null ? "Without --sample its samples are listed." : `Did you mean ${JSON.stringify(near)}?`),
    );
  }
  const shifts: ShownShift[] = [];
  for (const { id: shift, answers, subject, comparisons } of run.shifts) {
    const record = comparisons.find(({ sampleId }) => sampleId === id);
    if (record === undefined) continue;
    const stored = record.positions > 0 ? await store.positionsOf(shift, id, record.key) : null;
    const positions = stored === null ? [] : positionsOf(run, stored, answers, subject);
    shifts.push({ shift, answers, subject, status: record.status, reason: record.reason, positions });
  }
  return {
    run: store.folder,
    sample,
    question: instructionOf(sample),
    answers: run.answers
      .filter(({ sampleId }) => sampleId === id)
      .map((record) =>
        record.status === "answered"
          ? {
              system: record.system,
              status: record.status,
              text: record.text,
              finishReason: record.finishReason,
              reason: null,
            }
          : { system: record.system, status: record.status, text: null, finishReason: null, reason: record.reason },
      ),
    shifts,
    verdicts: run.verdicts
      .filter(({ sampleId }) => sampleId === id)
      .map(({ judge, system, against, repeat, judgement }) => ({
        judge,
        system,
        ...(against === undefined ? {} : { against }),
        ...(repeat === undefined ? {} : { repeat }),
        judgement,
      })),
  };
}

function positionsOf(
  run: StoredRun,
  { columns, tokens }: StoredPositions,
  answers: string,
  subject: string,
): ShownPosition[] {
  const without = columns.withoutReference === true;
  return Array.from({ length: columns.length }, (_, i) => {
    const rank = columns.subjectRank[i] as number;
    const top = (system: string, ids: Int32Array, logprobs: Float64Array): ShownCandidate[] =>
      Array.from({ length: columns.topK }, (_, k) => {
        const id = ids[i * columns.topK + k] as number;
        return {
          id,
          text: run.token(system, id).text,
          probability: Math.exp(logprobs[i * columns.topK + k] as number),
        };
      });
    return {
      position: i,
      id: columns.tokenIds[i] as number,
      text: tokens[i] as string,
      class: classOfRank(rank),
      subjectRank: rank,
      referenceProbability: without ? null : Math.exp(columns.referenceLogprob[i] as number),
      subjectProbability: Math.exp(columns.subjectLogprob[i] as number),
      kl: without ? null : (columns.klReferenceSubject[i] as number),
      referenceTop: without ? [] : top(answers, columns.referenceTopIds, columns.referenceTopLogprobs),
      subjectTop: top(subject, columns.subjectTopIds, columns.subjectTopLogprobs),
    };
  });
}
