import { createHash } from "node:crypto";
import { instructionOf, type Sample } from "@unshift/contracts";
import type { Questions } from "./read/questions.js";
import { type OmissionReason, omissionReasons, type ReleasedAnswer, type ReleasedRow } from "./read/released-row.js";
import { nameOf, type RowPlace, rowError } from "./read/row.js";

/** What was left out of one generator's answers, by reason. */
export type LeftOut = Readonly<Partial<Record<OmissionReason | "same-answer-again", number>>>;

/** {@link omissionReasons} and the one that only shows when files are put together. */
export const leftOutReasons: Readonly<Record<keyof LeftOut, string>> = {
  ...omissionReasons,
  "same-answer-again": "the same answer again",
};

interface Generator {
  readonly name: string;
  /** Answers kept. */
  answers: number;
  /** Texts among them that are empty. */
  empty: number;
  readonly leftOut: Partial<Record<keyof LeftOut, number>>;
}

/**
 * Puts the rows of one or several files together: one sample for each id, one answer for each sample and generator. Answers are
 * handed on, not kept; of each only a hash stays, to tell the second of two.
 */
export class ReleasedSet {
  readonly #questions: Questions | null;
  readonly #samples = new Map<string, { sample: Sample; readonly place: RowPlace }>();
  readonly #answers = new Map<string, { readonly hash: string; readonly place: RowPlace }>();
  readonly #generators = new Map<string, Generator>();
  readonly #answered = new Set<string>();

  constructor(questions: Questions | null = null) {
    this.#questions = questions;
  }

  /**
   * The row's answers that are new.
   *
   * @throws DATASET_DUPLICATE_ID where an id asks something else than before, or a generator answers it differently
   */
  add(row: ReleasedRow): ReleasedAnswer[] {
    for (const sample of row.samples) this.#addSample(sample, row.place);
    for (const { generator, reason } of row.omissions) this.#leaveOut(generator, reason);
    return row.answers.filter((answer) => this.#addAnswer(answer, row.place));
  }

  /** Whether an answer of the generator to the sample is kept. */
  has(generator: string, sampleId: string): boolean {
    return this.#answers.has(slotOf(generator, sampleId));
  }

  /** Samples that someone answered, and those they follow, in the order in which they were found. */
  samples(): Sample[] {
    const wanted = new Set(this.#answered);
    for (const { sample } of [...this.#samples.values()].reverse()) {
      if (wanted.has(sample.id) && sample.follows !== undefined) wanted.add(sample.follows);
    }
    return [...this.#samples.values()].map(({ sample }) => sample).filter(({ id }) => wanted.has(id));
  }

  /** Who answered, in the order in which they were found. */
  generators(): readonly (Omit<Generator, "leftOut"> & { readonly leftOut: LeftOut })[] {
    return [...this.#generators.values()];
  }

  /** Questions that nobody answered: found in the files, or only in the file of questions. */
  unansweredQuestions(): number {
    const inFiles = [...this.#samples.keys()];
    const known = this.#questions;
    const onlyAsked = known === null ? 0 : known.size - inFiles.filter((id) => known.sample(id) !== null).length;
    return inFiles.length + onlyAsked - this.samples().length;
  }

  #addSample(sample: Sample, place: RowPlace): void {
    const before = this.#samples.get(sample.id);
    const known = before?.sample ?? this.#questions?.sample(sample.id) ?? null;
    if (known !== null && !sameQuestion(known, sample)) {
      const at = before === undefined ? "the file of questions" : nameOf(before.place);
      throw rowError(place, `the id ${JSON.stringify(sample.id)} asks something else than at ${at}: ${shown(sample)}`, {
        code: "DATASET_DUPLICATE_ID",
        hint: `There it asks ${shown(known)}. Import files of different questions into different folders.`,
      });
    }
    const merged = known === null ? sample : merge(known, sample);
    if (before === undefined) this.#samples.set(sample.id, { sample: merged, place });
    else before.sample = merged;
  }

  #addAnswer({ sampleId, generator, text }: ReleasedAnswer, place: RowPlace): boolean {
    const key = slotOf(generator, sampleId);
    const hash = createHash("sha256").update(text).digest("base64");
    const before = this.#answers.get(key);
    if (before === undefined) {
      this.#answers.set(key, { hash, place });
      this.#answered.add(sampleId);
      const of = this.#generator(generator);
      of.answers += 1;
      if (text === "") of.empty += 1;
      return true;
    }
    if (before.hash !== hash) {
      throw rowError(
        place,
        `${JSON.stringify(generator)} answers ${JSON.stringify(sampleId)} differently at ${nameOf(before.place)}`,
        { code: "DATASET_DUPLICATE_ID", hint: "Give the two generators different names, or import one file only." },
      );
    }
    this.#leaveOut(generator, "same-answer-again");
    return false;
  }

  #leaveOut(generator: string, reason: keyof LeftOut): void {
    const { leftOut } = this.#generator(generator);
    leftOut[reason] = (leftOut[reason] ?? 0) + 1;
  }

  #generator(name: string): Generator {
    const found = this.#generators.get(name) ?? { name, answers: 0, empty: 0, leftOut: {} };
    this.#generators.set(name, found);
    return found;
  }
}

function slotOf(generator: string, sampleId: string): string {
  return JSON.stringify([generator, sampleId]);
}

function sameQuestion(a: Sample, b: Sample): boolean {
  return a.follows === b.follows && instructionOf(a) === instructionOf(b);
}

/** One file knows tags or a reference that another does not. */
function merge(known: Sample, found: Sample): Sample {
  return {
    ...known,
    reference: known.reference.length > 0 ? known.reference : found.reference,
    tags: { ...found.tags, ...known.tags },
  };
}

function shown(sample: Sample): string {
  const text = instructionOf(sample);
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
