import { type PositionColumns, UnshiftError } from "@unshift/contracts";
import type { CompareItem, Engine, ModelRequest, OpenModel, VocabularyMatch } from "@unshift/contracts/services";
import type { FakeCalls } from "./fake-calls.js";
import { compareRows } from "./fake-comparison.js";
import { contextOf, fakeLogits } from "./fake-distribution.js";
import { FakeModel, pause } from "./fake-model.js";
import type { FakeEngineOptions } from "./fake-options.js";

export interface FakeEngine extends Engine {
  readonly calls: FakeCalls;
  open(
    request: ModelRequest,
    options: { readonly signal: AbortSignal; readonly onProgress?: (share: number) => void },
  ): Promise<FakeModel>;
}

/**
 * An engine without weights or files: distributions come from a formula over model names and ids, so every number is known
 * in advance and the same on every machine. Paths of models are not looked at.
 *
 * `compare` computes each column by its definition over full float64 rows, contexts hashed anew at every position: a slow
 * reference for what reads the columns.
 */
export function createFakeEngine(options: FakeEngineOptions = {}): FakeEngine {
  const calls: FakeCalls = { opened: [], generated: [], compared: [], disposed: [] };
  const open = new Set<FakeModel>();
  const own = (model: OpenModel): FakeModel => {
    if (model instanceof FakeModel && open.has(model)) return model;
    throw new UnshiftError("NATIVE_INVALID_ARGUMENT", `model "${model.name}" was not opened by this engine`);
  };

  return {
    identity: options.identity ?? "testkit/fake@1",
    calls,

    async open(request, { signal, onProgress }) {
      await pause(0, signal);
      const model = options.models?.[request.name] ?? {};
      if (model.openError !== undefined) {
        throw new UnshiftError(model.openError, `model "${request.name}" (${request.path}) is set to fail`);
      }
      onProgress?.(1);
      calls.opened.push(request.name);
      const opened = new FakeModel(request, model, options, calls);
      open.add(opened);
      return opened;
    },

    matchVocabulary: (reference, subject) => matchFakeVocabulary(own(reference), own(subject)),

    async compare(reference, subject, item, { signal }) {
      await pause(options.delayMs ?? 0, signal);
      return compareFake(own(reference), own(subject), item, options, calls);
    },

    async estimate(request) {
      const contextSize = options.models?.[request.name]?.contextSize ?? request.contextSize ?? 4096;
      return { weightsBytes: 1_000_000, contextBytes: contextSize * request.sequences * 1024 };
    },

    async dispose() {
      for (const model of open) await model.dispose();
      open.clear();
    },
  };
}

function matchFakeVocabulary(reference: FakeModel, subject: FakeModel): VocabularyMatch {
  const [r, s] = [reference.vocabulary, subject.vocabulary];
  const commonSize = Math.min(r.size, s.size);
  for (let id = 0; id < commonSize; id += 1) {
    if (r.bytes(id) !== s.bytes(id)) {
      throw new UnshiftError(
        "VOCABULARY_MISMATCH",
        `models "${reference.name}" (sha256 ${r.hash}) and "${subject.name}" (sha256 ${s.hash}) have different vocabularies; the first difference is id ${id}: ${JSON.stringify(r.view(id).text)} against ${JSON.stringify(s.view(id).text)}`,
      );
    }
  }
  if (r.size === s.size) return { relation: "identical", commonSize, note: null };
  const relation = r.size > s.size ? "reference-extends" : "subject-extends";
  return { relation, commonSize, note: `${Math.abs(r.size - s.size)} tokens are known to one model only` };
}

function compareFake(
  reference: FakeModel,
  subject: FakeModel,
  item: CompareItem,
  options: FakeEngineOptions,
  calls: FakeCalls,
): PositionColumns {
  const { relation, commonSize } = matchFakeVocabulary(reference, subject);
  for (const [model, prompt] of [
    [reference, item.referencePrompt],
    [subject, item.subjectPrompt],
  ] as const) {
    if (
      options.failCompare !== undefined &&
      model.vocabulary.decode(Array.from(prompt.ids)).includes(options.failCompare)
    ) {
      throw new UnshiftError("LOGITS_NOT_FINITE", `the prompt of "${model.name}" holds "${options.failCompare}"`);
    }
    const needed = prompt.ids.length + item.answerIds.length;
    if (needed > model.identity.contextSize) {
      throw new UnshiftError(
        "CONTEXT_TOO_SMALL",
        `prompt and answer have ${needed} tokens, the context of "${model.name}" ${model.identity.contextSize}`,
      );
    }
  }
  if (item.answerIds.some((id) => id >= commonSize)) {
    throw new UnshiftError("VOCABULARY_MISMATCH", "the answer holds an id that only one of the vocabularies has");
  }
  calls.compared.push({ reference: reference.name, subject: subject.name, positions: item.answerIds.length });
  const row = (model: FakeModel, prompt: Int32Array, position: number): Float64Array =>
    fakeLogits(model.distribution, contextOf([...prompt, ...item.answerIds.subarray(0, position)]));
  return compareRows(item.answerIds, item.topK, commonSize, relation !== "identical", (position) => ({
    reference: row(reference, item.referencePrompt.ids, position),
    subject: row(subject, item.subjectPrompt.ids, position),
  }));
}
