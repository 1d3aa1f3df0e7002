import { type AnswerRecord, type PositionColumns, shiftId } from "@unshift/contracts";
import type { ReportShift, StoredPositions } from "@unshift/contracts/services";
import { type Question, questions } from "./questions.js";
import { type SyntheticRun, syntheticRun } from "./run.js";

/** A sample whose chat a later one continues, and the later one. */
export const firstTurn = "capital-japan";
export const secondTurn = "capital-japan/2";
/** A sample on which the aligned system and zero-shot run away, and where the aligned answer begins to. */
export const runaway = { sample: "capital-peru", start: 28, period: 4, times: 3 };

/**
 * The synthetic run with what a run may hold besides: a system whose answers came from a file, compared without a reference; a chat of
 * two turns; answers that end in a runaway repetition.
 */
export function recordedRun(): SyntheticRun {
  const run = syntheticRun(withSecondTurn(questions()));
  const imported = { sha256: "5e".repeat(32), generator: "gpt-4-0613" };
  const samples = run.samples.map((sample) => (sample.id === secondTurn ? { ...sample, follows: firstTurn } : sample));
  const answers = run.answers.map((answer): AnswerRecord => {
    if (answer.status !== "answered" || answer.sampleId !== runaway.sample || answer.system === "urial") return answer;
    const { start, period, times } = runaway;
    return { ...answer, repetition: { start, period, times } };
  });
  const recorded = run.answers.flatMap((answer): AnswerRecord[] => {
    if (answer.status !== "answered" || answer.system !== "aligned") return [];
    const prompt = { text: "", ids: [], prefixLength: 0, provenance: {} };
    const ids = answer.ids.slice(0, -1);
    return [
      {
        ...answer,
        key: `gpt-4/${answer.sampleId}`,
        system: "gpt-4",
        prompt,
        ids,
        rawIds: ids,
        finishReason: "unknown",
        imported,
      },
    ];
  });
  const source = run.shifts.find(({ subject }) => subject === "zero-shot");
  const known = run.stored.get(shiftId("aligned", "zero-shot"));
  if (source === undefined || known === undefined) throw new Error("the synthetic run has no zero-shot subject");
  const id = shiftId("gpt-4", "zero-shot");
  const stored = new Map(
    [...known].map(([sampleId, positions]): [string, StoredPositions] => [
      sampleId,
      { ...positions, shift: id, columns: withoutReference(positions.columns) },
    ]),
  );
  const shift: ReportShift = {
    id,
    answers: "gpt-4",
    subject: "zero-shot",
    comparisons: source.comparisons.map((record) => ({ ...record, key: `${id}/${record.sampleId}`, shift: id })),
    positions: (sampleId) => Promise.resolve(stored.get(sampleId) ?? null),
  };
  return {
    ...run,
    manifest: {
      ...run.manifest,
      notes: [...run.manifest.notes, "Answers of gpt-4 came from a file: their ids are the text tokenised anew."],
    },
    samples,
    systems: [...run.systems, { id: "gpt-4", model: null, strategy: null }],
    answers: [...answers, ...recorded],
    shifts: [...run.shifts, shift],
    stored: new Map([...run.stored, [id, stored]]),
    // A system without a model has no vocabulary: asking for one is a fault.
    token: (system, token) => {
      if (system === "gpt-4") throw new Error(`gpt-4 has no vocabulary (asked for ${token})`);
      return run.vocabulary.view(token);
    },
  };
}

/** The run's recorded shift alone: nothing in it has a reference. */
export function onlyRecorded(): SyntheticRun {
  const run = recordedRun();
  return { ...run, shifts: run.shifts.filter(({ answers }) => answers === "gpt-4") };
}

export function withoutReference(columns: PositionColumns): PositionColumns {
  const unknown = (values: Float64Array): Float64Array => values.map(() => Number.NaN);
  return {
    ...columns,
    withoutReference: true,
    referenceLogprob: unknown(columns.referenceLogprob),
    referenceRank: columns.referenceRank.map(() => 0),
    klReferenceSubject: unknown(columns.klReferenceSubject),
    klSubjectReference: unknown(columns.klSubjectReference),
    js: unknown(columns.js),
    tv: unknown(columns.tv),
    referenceEntropy: unknown(columns.referenceEntropy),
    referenceTopIds: columns.referenceTopIds.map(() => -1),
    referenceTopLogprobs: unknown(columns.referenceTopLogprobs),
  };
}

function withSecondTurn(source: readonly Question[]): Question[] {
  return source.flatMap((question) =>
    question.id === firstTurn
      ? [
          question,
          {
            ...question,
            id: secondTurn,
            text: "Say that in one short sentence, please.",
            aligned: "Sure! Tokyo is the capital of Japan.",
            zeroShot: "Tokyo.",
            urial: "Hello! Tokyo is the capital of Japan. Feel free to ask more.",
          },
        ]
      : [question],
  );
}
