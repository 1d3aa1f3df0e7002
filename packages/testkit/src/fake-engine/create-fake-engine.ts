import { createHash } from "node:crypto";
import { type PositionColumns, UnshiftError } from "@unshift/contracts";
import type {
  CompareItem,
  EmbedderRequest,
  Engine,
  ModelRequest,
  OpenModel,
  VocabularyMatch,
} from "@unshift/contracts/services";
import type { FakeCalls } from "./fake-calls.js";
import { compareRows } from "./fake-comparison.js";
import { FakeEmbedder, type FakeEmbedderModel } from "./fake-embedder.js";
import { FakeModel } from "./fake-model.js";
import type { FakeEngineOptions } from "./fake-options.js";
import { FakeRanker } from "./fake-ranker.js";
import { checkScorable, rowAt, scoreFake } from "./fake-score.js";
import { FakeVocabulary } from "./fake-vocabulary.js";
import { pause } from "./pause.js";

export interface FakeEngine extends Engine {
  score: NonNullable<Engine["score"]>;
  compareInTurn: NonNullable<Engine["compareInTurn"]>;
  embedder: NonNullable<Engine["embedder"]>;
  ranker: NonNullable<Engine["ranker"]>;
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
  const calls: FakeCalls = {
    opened: [],
    generated: [],
    compared: [],
    scored: [],
    embedded: [],
    ranked: [],
    disposed: [],
  };
  const open = new Set<FakeModel>();
  const own = (model: OpenModel): FakeModel => {
    if (model instanceof FakeModel && open.has(model)) return model;
    throw new UnshiftError("NATIVE_INVALID_ARGUMENT", `model "${model.name}" was not opened by this engine`);
  };

  const identity = options.identity ?? "testkit/fake@1";
  return {
    identity,
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

    async compareInTurn(reference, subject, items, { signal, onDone, onGroup }) {
      for (const [index, item] of items.entries()) {
        await pause(options.delayMs ?? 0, signal);
        const columns = compareFake(own(reference), own(subject), item, options, calls);
        await onDone(index, { columns, durationMs: options.delayMs ?? 0 });
      }
      await onGroup();
    },

    async score(subject, item, { signal }) {
      await pause(options.delayMs ?? 0, signal);
      const columns = scoreFake(own(subject), item, options);
      calls.scored.push({ subject: subject.name, positions: columns.length });
      return columns;
    },

    async embedder(request, { signal }) {
      await pause(0, signal);
      const model = embedderModel(request.model, own);
      const { embedError } = options.models?.[model.name] ?? {};
      if (embedError !== undefined) {
        throw new UnshiftError(embedError, `model "${model.name}" is set to give no embeddings`);
      }
      return new FakeEmbedder(model, request.pooling ?? "mean", identity, options, calls);
    },

    async ranker({ path }, { signal }) {
      await pause(0, signal);
      const { rankError, labels } = options.models?.[path] ?? {};
      if (rankError !== undefined) throw new UnshiftError(rankError, `model "${path}" is set to give no scores`);
      return new FakeRanker(path, labels ?? ["score"], identity, options, calls);
    },

    async estimate(request) {
      const contextSize = options.models?.[request.name]?.contextSize ?? request.contextSize ?? 4096;
      const need = { weightsBytes: 1_000_000, contextBytes: contextSize * request.sequences * 1024 };
      return { ...need, devices: [{ device: "CPU", ...need }] };
    },

    ...(options.availableBytes === undefined
      ? {}
      : {
          available: async () => [{ device: "CPU", availableBytes: options.availableBytes ?? 0, source: "as told" }],
        }),

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

function embedderModel(model: EmbedderRequest["model"], own: (model: OpenModel) => FakeModel): FakeEmbedderModel {
  if ("identity" in model) {
    const { name, identity, vocabulary } = own(model);
    return {
      name,
      fileHash: identity.fileHash,
      contextSize: identity.contextSize,
      vocabulary,
      alive: () => own(model).alive(),
    };
  }
  const fileHash = createHash("sha256").update(model.path).digest("hex");
  return { name: model.path, fileHash, contextSize: 4096, vocabulary: new FakeVocabulary(), alive: () => undefined };
}

function compareFake(
  reference: FakeModel,
  subject: FakeModel,
  item: CompareItem,
  options: FakeEngineOptions,
  calls: FakeCalls,
): PositionColumns {
  const { relation, commonSize } = matchFakeVocabulary(reference, subject);
  checkScorable(reference, item.referencePrompt, item.answerIds, options);
  checkScorable(subject, item.subjectPrompt, item.answerIds, options);
  if (item.answerIds.some((id) => id >= commonSize)) {
    throw new UnshiftError("VOCABULARY_MISMATCH", "the answer holds an id that only one of the vocabularies has");
  }
  calls.compared.push({ reference: reference.name, subject: subject.name, positions: item.answerIds.length });
  const { answerIds } = item;
  return compareRows(answerIds, item.topK, commonSize, relation !== "identical", (position) => ({
    reference: rowAt(reference, item.referencePrompt.ids, answerIds, position),
    subject: rowAt(subject, item.subjectPrompt.ids, answerIds, position),
  }));
}
