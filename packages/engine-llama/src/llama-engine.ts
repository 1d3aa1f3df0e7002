import { type PositionColumns, UnshiftError } from "@unshift/contracts";
import type {
  CompareItem,
  EmbedderRequest,
  Engine,
  ModelRequest,
  OpenEmbedder,
  OpenModel,
  OpenRanker,
  RankerRequest,
  VocabularyMatch,
} from "@unshift/contracts/services";
import { estimateMemory } from "./estimate-memory.js";
import { LlamaModel } from "./llama-model.js";
import { openRanker } from "./llama-ranker.js";
import { loadNative } from "./load-native.js";
import { matchVocabulary } from "./match-vocabulary.js";
import { coded } from "./native-error.js";
import { embedderOfFile, embedderOfModel } from "./open-embedder.js";
import { schemaGrammarVersion } from "./schema-grammar/schema-grammar.js";
import { scoreAnswer } from "./score-answer.js";

/** Contexts of models that declare more than this are cut to it unless the experiment says otherwise. */
const defaultContextLimit = 4096;

/** Opens GGUF models through llama.cpp and compares them exactly. Throws NATIVE_LOAD_FAILED where the addon does not load. */
export async function createLlamaEngine(): Promise<Engine> {
  const native = await loadNative();
  const info = native.info();
  const identity = `llama ${info.llamaVersion} ${info.llamaCommit.slice(0, 12)} ${info.gpu} ${info.kernels}`;
  const open = new Set<LlamaModel>();
  const embedders = new Set<OpenEmbedder>();
  const rankers = new Set<OpenRanker>();

  return {
    identity,
    schemaVersion: `grammar ${schemaGrammarVersion}`,

    async open(request: ModelRequest, options): Promise<OpenModel> {
      const model = await coded(() =>
        native.loadModel(request.path, {
          signal: options.signal,
          ...(request.gpuLayers === null ? {} : { gpuLayers: request.gpuLayers }),
          ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
        }),
      );
      try {
        const fileHash = await coded(() => model.fileHash({ signal: options.signal }));
        const contextSize = request.contextSize ?? Math.min(model.trainedContext, defaultContextLimit);
        const opened = new LlamaModel(request, model, {
          fileHash,
          vocabularyHash: model.vocabulary.hash,
          vocabularySize: model.vocabulary.size,
          architecture: model.metadata["general.architecture"] ?? "unknown",
          description: model.description,
          parameters: model.parameters,
          sizeBytes: model.sizeBytes,
          contextSize,
          trainedContext: model.trainedContext,
        });
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
      const referenceContext = await own(reference).context("reference");
      const subjectContext = await own(subject).context("subject");
      const pair = await coded(() =>
        native.comparePair(
          referenceContext,
          subjectContext,
          {
            referencePrompt: item.referencePrompt.ids,
            subjectPrompt: item.subjectPrompt.ids,
            answer: item.answerIds,
            referencePrefixLength: item.referencePrompt.prefixLength,
            subjectPrefixLength: item.subjectPrompt.prefixLength,
            topK: item.topK,
            allowExtendedVocabulary: true,
          },
          { signal: options.signal },
        ),
      );
      return {
        length: item.answerIds.length,
        topK: pair.reference.topK,
        tokenIds: item.answerIds,
        referenceLogprob: pair.reference.logprob,
        subjectLogprob: pair.subject.logprob,
        referenceRank: pair.reference.rank,
        subjectRank: pair.subject.rank,
        klReferenceSubject: pair.klReferenceSubject,
        klSubjectReference: pair.klSubjectReference,
        js: pair.js,
        tv: pair.tv,
        referenceEntropy: pair.reference.entropy,
        subjectEntropy: pair.subject.entropy,
        referenceTopIds: pair.reference.topIds,
        referenceTopLogprobs: pair.reference.topLogprobs,
        subjectTopIds: pair.subject.topIds,
        subjectTopLogprobs: pair.subject.topLogprobs,
        referenceDroppedMass: pair.referenceDroppedMass,
        subjectDroppedMass: pair.subjectDroppedMass,
      };
    },

    async score(subject: OpenModel, item: Omit<CompareItem, "referencePrompt">, options): Promise<PositionColumns> {
      const context = await own(subject).context("subject");
      return coded(() => scoreAnswer(context, item, options.signal));
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

    async estimate(request: ModelRequest) {
      return coded(() => estimateMemory(native, request, defaultContextLimit));
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
