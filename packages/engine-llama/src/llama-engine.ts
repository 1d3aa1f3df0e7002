import { type PositionColumns, UnshiftError } from "@unshift/contracts";
import type {
  CompareItem,
  EmbedderRequest,
  Engine,
  ModelIdentity,
  ModelRequest,
  ModelRoles,
  OpenEmbedder,
  OpenModel,
  OpenRanker,
  RankerRequest,
  VocabularyMatch,
} from "@unshift/contracts/services";
import type { LoadOptions } from "@unshift/native";
import { availableMemory } from "./available-memory.js";
import { compareInTurn } from "./compare-in-turn.js";
import { comparePair } from "./compare-pair.js";
import { contextSizeOf, loadOptions } from "./context-options.js";
import { estimateMemory } from "./estimate-memory.js";
import { LlamaModel } from "./llama-model.js";
import { openRanker } from "./llama-ranker.js";
import { loadNative } from "./load-native.js";
import { matchVocabulary } from "./match-vocabulary.js";
import { coded } from "./native-error.js";
import { embedderOfFile, embedderOfModel } from "./open-embedder.js";
import { Residence } from "./residence.js";
import { schemaGrammarVersion } from "./schema-grammar/schema-grammar.js";
import { scoreAnswer } from "./score-answer.js";

/** Opens GGUF models through llama.cpp and compares them exactly. Throws NATIVE_LOAD_FAILED where the addon does not load. */
export async function createLlamaEngine(): Promise<Engine> {
  const native = await loadNative();
  const info = native.info();
  const identity = `llama ${info.llamaVersion} ${info.llamaCommit.slice(0, 12)} ${info.gpu} ${info.kernels}`;
  const open = new Set<LlamaModel>();
  const embedders = new Set<OpenEmbedder>();
  const rankers = new Set<OpenRanker>();
  const residence = new Residence();

  return {
    identity,
    schemaVersion: `grammar ${schemaGrammarVersion}`,

    async open(request: ModelRequest, options): Promise<OpenModel> {
      const { signal, onProgress } = options;
      const inTurn = request.inTurn === true;
      const load = (change: LoadOptions) =>
        coded(() =>
          native.loadModel(request.path, {
            ...loadOptions(request),
            ...(onProgress === undefined ? {} : { onProgress }),
            signal,
            ...change,
          }),
        );
      const model = await load(inTurn ? { sizesOnly: true } : {});
      try {
        const fileHash = await coded(() => model.fileHash({ signal }));
        const contextSize = contextSizeOf(request, model.trainedContext);
        const identity: ModelIdentity = {
          fileHash,
          vocabularyHash: model.vocabulary.hash,
          vocabularySize: model.vocabulary.size,
          architecture: model.metadata["general.architecture"] ?? "unknown",
          description: model.description,
          parameters: model.parameters,
          sizeBytes: model.sizeBytes,
          contextSize,
          trainedContext: model.trainedContext,
        };
        const turn = inTurn ? { residence, load: () => load({}) } : null;
        const opened = new LlamaModel(request, model, identity, turn);
        open.add(opened);
        return opened;
      } catch (error) {
        model.dispose();
        throw error;
      }
    },

    matchVocabulary(reference: OpenModel, subject: OpenModel): VocabularyMatch {
      return matchVocabulary(own(reference), own(subject));
    },

    async compare(reference: OpenModel, subject: OpenModel, item: CompareItem, options): Promise<PositionColumns> {
      const [r, s] = [own(reference), own(subject)];
      if (r !== s && (r.inTurn || s.inTurn)) {
        throw new UnshiftError("INTERNAL", `models "${r.name}" and "${s.name}" are there in turn, never together`);
      }
      return s.during(async () => comparePair(native, r, s, item, options.signal));
    },

    compareInTurn: (reference, subject, items, options) =>
      compareInTurn(native, own(reference), own(subject), items, options),

    async score(subject: OpenModel, item: Omit<CompareItem, "referencePrompt">, options): Promise<PositionColumns> {
      return own(subject).during(async () => {
        const context = await own(subject).context("subject");
        return coded(() => scoreAnswer(context, item, options.signal));
      });
    },

    async embedder(request: EmbedderRequest, options): Promise<OpenEmbedder> {
      if ("identity" in request.model) {
        return embedderOfModel(own(request.model), request.pooling, identity);
      }
      const embedder = await embedderOfFile(native, request.model, request.pooling, identity, options.signal);
      embedders.add(embedder);
      return embedder;
    },

    async ranker(request: RankerRequest, options): Promise<OpenRanker> {
      const ranker = await openRanker(native, request, identity, options.signal);
      rankers.add(ranker);
      return ranker;
    },

    async estimate(request: ModelRequest, roles?: ModelRoles) {
      return coded(() => estimateMemory(native, request, roles));
    },

    async available() {
      const devices = native.info().devices.filter(({ type }) => type === "gpu" || type === "igpu");
      return [
        await availableMemory(),
        ...devices.map(({ name, freeBytes }) => ({
          device: name,
          availableBytes: freeBytes,
          source: "free on the device",
        })),
      ];
    },

    async dispose() {
      for (const opened of [...embedders, ...rankers]) {
        await opened.dispose();
      }
      embedders.clear();
      rankers.clear();
      for (const model of open) {
        await model.dispose();
      }
      open.clear();
    },
  };
}

function own(model: OpenModel): LlamaModel {
  if (model instanceof LlamaModel) {
    return model;
  }
  throw new UnshiftError("INTERNAL", `model "${model.name}" was opened by another engine`);
}
