import type { ErrorCode, JsonSchema } from "@unshift/contracts";

/** How one fake model differs from the others. Everything here changes numbers or texts on purpose, nothing by chance. */
export interface FakeModelOptions {
  /** Seed of the model's own noise; its name by default, so two names are two models. */
  readonly seed?: string;
  /** Models of one family share most of their distribution, as a base model and its tuned child do. Default `fake`. */
  readonly family?: string;
  /** Height of the model's own noise over the family's logits, in nats. Default 1. */
  readonly own?: number;
  /** Height of the noise that depends on every id of the context, in nats. Default 0.5; 0: only the last two ids count. */
  readonly context?: number;
  /** Overrides the request's context size. */
  readonly contextSize?: number;
  /** Jinja chat template, or null for a model without one. Default {@link fakeChatTemplate}. */
  readonly chatTemplate?: string | null;
  /** Tokens this vocabulary has behind the common ones. */
  readonly extraTokens?: number;
  /** Same tokens in another order: a vocabulary of equal size that may not be compared. */
  readonly reversedVocabulary?: boolean;
  /** `open` throws this. */
  readonly openError?: ErrorCode;
  /** `embedder` over this model throws this; for an embedder of a file the name is the file's path. */
  readonly embedError?: ErrorCode;
  /** Labels of a ranker over this file; the name is the file's path. Default: `score` alone. */
  readonly labels?: readonly string[];
  /** `ranker` over this file throws this. */
  readonly rankError?: ErrorCode;
}

/** Plain JSON, so that an experiment file can carry it: `engine: { use: testkit/fake, failCompare: "boom" }`. */
export interface FakeEngineOptions {
  /** By model name of the experiment, or path of an embedder's or ranker's file; a name that is missing gets defaults. */
  readonly models?: Readonly<Record<string, FakeModelOptions>>;
  /** `encode` and `embed` throw TOKENIZE_UNKNOWN_CHARACTER for texts that hold this text. */
  readonly failEncode?: string;
  /** `generate` throws DECODE_FAILED when a prompt that holds this text has its turn. */
  readonly failGenerate?: string;
  /** `compare` and `score` throw LOGITS_NOT_FINITE where a prompt holds this text. */
  readonly failCompare?: string;
  /** Wait before each token, comparison, embedded text and ranked pair, in milliseconds; for tests of interruption. Default 0. */
  readonly delayMs?: number;
  /** What `available` tells of this machine's memory. Absent: the engine does not know. */
  readonly availableBytes?: number;
  /** Replaces the engine's identity: another identity makes other keys. */
  readonly identity?: string;
}

export const fakeEngineOptions: JsonSchema<FakeEngineOptions> = {
  type: "object",
  additionalProperties: false,
  properties: {
    models: {
      type: "object",
      description: "Model name → how it differs from the default fake model.",
      additionalProperties: {
        type: "object",
        additionalProperties: false,
        properties: {
          seed: { type: "string", description: "Seed of the model's own noise; default: its name." },
          family: { type: "string", description: "Models of one family share most of their distribution." },
          own: { type: "number", minimum: 0, description: "Height of the model's own noise, nats." },
          context: { type: "number", minimum: 0, description: "Height of the noise of the whole context, nats." },
          contextSize: { type: "integer", minimum: 1, description: "Tokens of prompt and answer that fit." },
          chatTemplate: { type: ["string", "null"], description: "Jinja chat template, or null for none." },
          extraTokens: { type: "integer", minimum: 0, description: "Tokens behind the common vocabulary." },
          reversedVocabulary: { type: "boolean", description: "The same tokens in another order." },
          openError: { type: "string", description: "Error code that opening the model throws." },
          embedError: { type: "string", description: "Error code that making an embedder over the model throws." },
          labels: {
            type: "array",
            minItems: 1,
            items: { type: "string" },
            description: "Labels of a ranker over this file.",
          },
          rankError: { type: "string", description: "Error code that making a ranker over this file throws." },
        },
      },
    },
    failEncode: { type: "string", minLength: 1, description: "Prompts holding this text cannot be encoded." },
    failGenerate: { type: "string", minLength: 1, description: "Prompts holding this text cannot be answered." },
    failCompare: { type: "string", minLength: 1, description: "Prompts holding this text cannot be compared." },
    delayMs: {
      type: "number",
      minimum: 0,
      description: "Milliseconds before each token, each comparison, each embedded text and each ranked pair.",
    },
    availableBytes: { type: "number", minimum: 0, description: "Bytes of memory this machine can still give." },
    identity: { type: "string", minLength: 1, description: "Identity of the engine in keys." },
  },
};
