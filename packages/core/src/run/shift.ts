import { shiftId, UnshiftError } from "@unshift/contracts";
import type { OpenModel } from "@unshift/contracts/services";
import { modelOf, type OpenModels } from "./open-models.js";
import type { PreparedExperiment, PreparedSystem } from "./prepared-experiment.js";

/** One shift as the stages work on it. */
export interface Shift {
  readonly id: string;
  /** System whose answers are compared. */
  readonly answers: string;
  /** The model that wrote them; null where they came without one. */
  readonly reference: { readonly id: string; readonly model: OpenModel } | null;
  readonly subject: PreparedSystem;
  readonly subjectModel: OpenModel;
  /** Model whose ids the answers are of. */
  readonly tokenizer: OpenModel;
}

/** The shifts of an experiment, one for each subject, with the models they need. */
export function shiftsOf(prepared: PreparedExperiment, models: OpenModels): Shift[] {
  return prepared.shifts.flatMap((spec) =>
    spec.subjects.map((subjectId): Shift => {
      const subject = systemOf(prepared, subjectId);
      const written = prepared.recorded.find(({ id }) => id === spec.answers);
      const reference = written === undefined ? systemOf(prepared, spec.answers).spec.model : null;
      const tokenizer = reference ?? written?.tokenizer ?? subject.spec.model;
      return {
        id: shiftId(spec.answers, subjectId),
        answers: spec.answers,
        reference: reference === null ? null : { id: reference, model: modelOf(models, reference) },
        subject,
        subjectModel: modelOf(models, subject.spec.model),
        tokenizer: modelOf(models, tokenizer),
      };
    }),
  );
}

function systemOf(prepared: PreparedExperiment, id: string): PreparedSystem {
  const found = prepared.systems.find(({ spec }) => spec.id === id);
  if (found === undefined) {
    throw new UnshiftError("INTERNAL", `system "${id}" is not prepared`);
  }
  return found;
}
