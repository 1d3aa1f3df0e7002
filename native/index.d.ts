/**
 * The contract of the native addon: llama.cpp models, contexts, exact full-vocabulary statistics.
 *
 * Every long call runs off the JavaScript thread and takes an AbortSignal. Every failure is an Error whose `code` is one of
 * {@link NativeErrorCode}; a C++ exception never crosses the border uncoded. Logarithms are natural, divergences are in nats.
 */

export type NativeErrorCode =
  | "MODEL_NOT_FOUND"
  | "MODEL_IS_DIRECTORY"
  | "MODEL_NO_PERMISSION"
  | "MODEL_NOT_GGUF"
  | "MODEL_GGUF_VERSION"
  | "MODEL_TRUNCATED"
  | "MODEL_LOAD_FAILED"
  | "DEVICE_NOT_FOUND"
  | "RPC_UNSUPPORTED"
  | "RPC_UNREACHABLE"
  | "RPC_LOST"
  | "CONTEXT_CREATE_FAILED"
  | "CONTEXT_TOO_SMALL"
  | "VOCABULARY_MISMATCH"
  | "TOKENIZE_UNKNOWN_CHARACTER"
  | "LOGITS_NOT_FINITE"
  | "DECODE_FAILED"
  | "EMBEDDING_UNSUPPORTED"
  | "GRAMMAR_UNSUPPORTED"
  | "RUN_NO_SPACE"
  | "RUN_NOT_WRITABLE"
  | "RUN_CORRUPT"
  | "NATIVE_BUSY"
  | "NATIVE_DISPOSED"
  | "NATIVE_INVALID_ARGUMENT"
  | "ABORTED";

/** An error of the addon. `details` holds what a message for people needs (paths, lengths, hashes, first differing token …). */
export interface NativeError extends Error {
  readonly code: NativeErrorCode;
  readonly details: Readonly<Record<string, string | number | boolean>>;
}

export interface Device {
  readonly name: string;
  readonly description: string;
  readonly type: "cpu" | "gpu" | "igpu" | "accel";
  readonly freeBytes: number;
  readonly totalBytes: number;
}

export interface AddonInfo {
  /** llama.cpp version and the commit of the vendored tree. */
  readonly llamaVersion: string;
  readonly llamaCommit: string;
  /** `cpu`, `cuda`, `metal`, `vulkan`: what the addon was built with. */
  readonly gpu: string;
  readonly systemInfo: string;
  readonly devices: readonly Device[];
  /** Instruction set the kernels chose at run time: `scalar`, `avx2`, `avx512`, `neon`. */
  readonly kernels: string;
  /** Default number of threads: physical cores within the cgroup limit. */
  readonly defaultThreads: number;
}

export function info(): AddonInfo;

/** llama.cpp's log lines; level 1 debug … 4 error. `null` silences (the default). One callback per environment. */
export function setLog(callback: ((level: number, text: string) => void) | null): void;

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface LoadOptions extends CallOptions {
  /** Only vocabulary and metadata; no weights (the model can tokenise but not score). */
  readonly vocabOnly?: boolean;
  /**
   * Only what things would take: no weight is read and no memory had. The model knows its metadata, tokenises, and its contexts tell
   * their `memory`; whatever would compute refuses.
   */
  readonly sizesOnly?: boolean;
  /** Layers kept on devices other than the CPU. Default: all, where there is a device. */
  readonly gpuLayers?: number;
  /** Names of devices of this machine, as `info()` has them; [] is the CPU alone. Default: every GPU. DEVICE_NOT_FOUND. */
  readonly devices?: readonly string[];
  /** RPC servers, `host:port`; their devices stand in front of this machine's. RPC_UNSUPPORTED, RPC_UNREACHABLE. */
  readonly rpc?: readonly string[];
  /** Shares of the layers, in the order of `rpc` and `devices`. Default: by free memory. */
  readonly tensorSplit?: readonly number[];
  /** How layers are spread: whole layers, rows of each, or one device alone (`mainGpu`). Default `layer`. */
  readonly splitMode?: "layer" | "row" | "none";
  /** Index of the one device of `splitMode: "none"`, in the order of `rpc` and `devices`. Default 0. */
  readonly mainGpu?: number;
  /** Weights are mapped from the file rather than read. Default true. */
  readonly mmap?: boolean;
  /** Share of the weights that is loaded, 0–1. */
  readonly onProgress?: (share: number) => void;
}

/** Opens a GGUF file (the first part of a split one). */
export function loadModel(path: string, options?: LoadOptions): Promise<Model>;

export type TokenKind = "normal" | "unknown" | "control" | "user" | "unused" | "byte";

export interface Vocabulary {
  readonly size: number;
  /** `spm`, `bpe`, `wpm`, `ugm`, `rwkv`, `plamo2`, `none`. */
  readonly type: string;
  /** −1 where the vocabulary has none. */
  readonly bos: number;
  readonly eos: number;
  readonly eot: number;
  readonly unknown: number;
  readonly newline: number;
  /** What stands between two texts that are read together ([SEP]). */
  readonly separator: number;
  readonly addBos: boolean;
  readonly addEos: boolean;
  readonly addSeparator: boolean;
  /** Ids that end a generation. */
  readonly endOfGeneration: readonly number[];
  /** sha256 over every token's bytes and kind, in id order. Equal hash: ids mean the same. */
  readonly hash: string;
}

export interface EncodeOptions {
  /** `true`: begin with BOS (exactly one, also where the text spells it). Default false. */
  readonly addBos?: boolean;
  /** Whether control tokens spelled in the text become their ids. Default false. */
  readonly parseSpecial?: boolean;
  /**
   * `true`: with the tokens the file wants around a text that stands by itself (BOS or [CLS] in front, EOS or [SEP] behind), as
   * embedding models were trained. Goes with neither of the others.
   */
  readonly framed?: boolean;
}

export type VocabularyRelation = "identical" | "reference-extends" | "subject-extends" | "different";

export interface VocabularyComparison {
  readonly relation: VocabularyRelation;
  /** Ids below this mean the same in both. */
  readonly commonSize: number;
  readonly referenceSize: number;
  readonly subjectSize: number;
  readonly referenceHash: string;
  readonly subjectHash: string;
  /** −1 where no id differs. */
  readonly firstDifference: number;
  readonly referenceToken: string;
  readonly subjectToken: string;
}

/** Bytes on one device; `CPU` is this machine's memory, the first of every list. */
export interface DeviceMemory {
  readonly device: string;
  readonly bytes: number;
}

export interface Model {
  readonly path: string;
  /** Every metadata key of the file with its value as text. Long arrays are left out. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly description: string;
  readonly parameters: number;
  readonly sizeBytes: number;
  readonly trainedContext: number;
  readonly embeddingSize: number;
  readonly layers: number;
  /** Recurrent or hybrid: its memory cannot be cut at any position. */
  readonly recurrent: boolean;
  /** The file's Jinja chat template, or null. */
  readonly chatTemplate: string | null;
  readonly vocabulary: Vocabulary;
  /** Where the weights lie; with `sizesOnly` where they would. Mapped pages of the file count as the CPU's. */
  readonly memory: readonly DeviceMemory[];
  /** sha256 of the file's bytes (of all parts, in order). Computed off the JavaScript thread; cached by path, size, mtime. */
  fileHash(options?: CallOptions & { readonly onProgress?: (share: number) => void }): Promise<string>;
  encode(text: string, options?: EncodeOptions): Int32Array;
  /** The bytes one id stands for; control tokens give their spelling. May be a part of a UTF-8 sequence. */
  tokenBytes(id: number): Uint8Array;
  tokenKind(id: number): TokenKind;
  /** Text of ids, incomplete UTF-8 as U+FFFD. */
  decode(ids: Int32Array | readonly number[], options?: { readonly special?: boolean }): string;
  compareVocabulary(subject: Model): VocabularyComparison;
  createContext(options?: ContextOptions): Context;
  /**
   * Throws EMBEDDING_UNSUPPORTED for a model that ranks pairs of texts; `details` hold the `pooling` found and those `allowed`.
   * CONTEXT_CREATE_FAILED as for a context.
   */
  createEmbedder(options?: EmbedderOptions): Embedder;
  /**
   * Throws EMBEDDING_UNSUPPORTED for a model without a classifier head; `details` hold the `tensor` it lacks. CONTEXT_CREATE_FAILED as
   * for a context.
   */
  createRanker(options?: RankerOptions): Ranker;
  readonly disposed: boolean;
  /** Idempotent. Contexts, embedders and rankers of this model must be disposed before. */
  dispose(): void;
}

export type Numerics = "strict" | "fast";

export interface ContextOptions {
  /** Tokens of one item (prompt + answer). Default: the trained context, at most 4096. */
  readonly contextSize?: number;
  /** Tokens of one decode; the fixed grid at which items are cut. Default 512. */
  readonly chunkSize?: number;
  /** Items generated at the same time. Default 1. */
  readonly sequences?: number;
  readonly threads?: number;
  /**
   * `strict` (default): no flash attention, f32 KV, canonical chunks; an item's numbers do not depend on its neighbours.
   * `fast`: flash attention where the backend has it, f16 KV.
   */
  readonly numerics?: Numerics;
}

export interface ScoreRequest {
  /** [n] prompt ids followed by the ids to score. */
  readonly tokens: Int32Array;
  /** First scored position in `tokens`, ≥ 1. Positions [from, n) are scored. */
  readonly from: number;
  /**
   * Length of the static prefix of `tokens` that other items share (a URIAL prompt). A cut is made there, so its memory can
   * be reused. Part of the item, not a hint: it changes where chunks are cut. Default 0.
   */
  readonly prefixLength?: number;
  /** Default 10. */
  readonly topK?: number;
}

/** Columns over m = n − from positions. */
export interface ScoreColumns {
  /** [m] */
  readonly logprob: Float64Array;
  /** [m] 1 + number of ids with a strictly greater logit. */
  readonly rank: Int32Array;
  /** [m] nats */
  readonly entropy: Float64Array;
  /** [m, k] by falling logit, equal logits by rising id. */
  readonly topIds: Int32Array;
  /** [m, k] */
  readonly topLogprobs: Float64Array;
  readonly topK: number;
  readonly reusedTokens: number;
  readonly decodedTokens: number;
}

export interface LogitsRequest {
  /** [n] All of them are read; row i is the model's distribution behind `tokens[i]`, over what comes next. At least one. */
  readonly tokens: Int32Array;
  /**
   * First row that can be asked for, 0 … n − 1. Like `prefixLength` part of the item, not a hint: it fixes where chunks are cut. The
   * rows that `score({ tokens, from })` reduces are those of its tokens without the last one, from `from − 1` on.
   */
  readonly from: number;
  /** Rising, each in [from, n). Default: all of these. Which are asked for changes no bit of them. */
  readonly rows?: Int32Array;
  readonly prefixLength?: number;
  /** `f32` (default); `f16`: IEEE binary16 of the float32, rounded to nearest, ties to even. */
  readonly dtype?: "f32" | "f16";
  /** x − log Σ exp over the whole vocabulary instead of the logits, nats. Default false. */
  readonly logProbabilities?: boolean;
  /**
   * Default false: NaN, +∞, rows of −∞ alone and logits beyond float16 are LOGITS_NOT_FINITE. `true`: what llama.cpp gave, unlooked at;
   * not with `logProbabilities`.
   */
  readonly raw?: boolean;
  /** Bound on the bytes of one block, which holds one row at least. Default 64 MiB. Changes no number. */
  readonly blockBytes?: number;
}

export interface LogitsBlock {
  /** [r] which rows these are */
  readonly rows: Int32Array;
  /** [r, V] row by row; `Uint16Array` holds the bits of binary16. The caller's to keep; V8 counts its bytes. */
  readonly values: Float32Array | Uint16Array;
  /** Tokens that memory held, and tokens evaluated, for this block. */
  readonly reusedTokens: number;
  readonly decodedTokens: number;
}

/**
 * Rows as they are asked for: nothing is decoded between two calls of `next`, and no rows wait but those of the chunk decoded last, in
 * llama.cpp's own buffer. Between two calls the context is free; what others overwrite is decoded again, in strict numerics to the same
 * bits. There is nothing to close.
 */
export interface LogitsStream {
  /** Rows that were not handed out yet. */
  readonly remaining: number;
  /** null behind the last block. What it throws (ABORTED, LOGITS_NOT_FINITE …) costs nothing: the block can be asked for again. */
  next(): Promise<LogitsBlock | null>;
}

export interface PairRequest {
  /** Ids of the prompt under which the reference model wrote the answer. At least one id. */
  readonly referencePrompt: Int32Array;
  readonly subjectPrompt: Int32Array;
  /**
   * [n] The same ids are forced in both contexts. The last one is not decoded, so it may be an id only the reference has: the
   * subject's logprob is −∞ then, its rank 1 + its vocabulary's size.
   */
  readonly answer: Int32Array;
  readonly referencePrefixLength?: number;
  readonly subjectPrefixLength?: number;
  readonly topK?: number;
  /** Bound on the rows of logits that are alive at once, both models together. Default 256 MiB. Fixes the chunk grid too. */
  readonly blockBytes?: number;
  /** Compare vocabularies of which one extends the other on the common ids (renormalised). Default false: refuse. */
  readonly allowExtendedVocabulary?: boolean;
}

/** Columns over n answer positions, full vocabulary. Divergences are ≥ 0; identical rows give exactly 0. */
export interface PairColumns {
  readonly reference: ScoreColumns;
  readonly subject: ScoreColumns;
  /** [n] KL(reference ‖ subject), nats */
  readonly klReferenceSubject: Float64Array;
  /** [n] KL(subject ‖ reference), nats */
  readonly klSubjectReference: Float64Array;
  /** [n] Jensen–Shannon divergence, nats, 0 … ln 2 */
  readonly js: Float64Array;
  /** [n] total variation, 0 … 1 */
  readonly tv: Float64Array;
  /** [n] probability mass on ids only one vocabulary has; null where the vocabularies are identical. */
  readonly referenceDroppedMass: Float64Array | null;
  readonly subjectDroppedMass: Float64Array | null;
}

export type FinishReason = "eos" | "stop" | "length" | "context";

export interface GenerateRequest {
  /** [n] prompt ids, at least one. */
  readonly prompt: Int32Array;
  readonly prefixLength?: number;
  readonly maxTokens: number;
  /** 0: greedy, ties to the smaller id. */
  readonly temperature?: number;
  readonly topK?: number;
  readonly topP?: number;
  readonly minP?: number;
  /** Hugging Face semantics over prompt and output: a positive logit is divided, a negative multiplied. 1 = off. */
  readonly repetitionPenalty?: number;
  readonly seed?: number;
  /**
   * Generation ends when the text holds one of these: the one that ends first, of several that end together the longest. They may
   * span tokens and UTF-8 boundaries; how the text was split into tokens does not show.
   */
  readonly stop?: readonly string[];
  /** Stop strings that count within a code block too. */
  readonly stopAlways?: readonly string[];
  /**
   * Default false. `true`: the answer stands between back-tick fences itself. A line of three or more back-ticks and a language
   * opens a code block when none is open; a line of back-ticks alone, at least as many, closes it. `stop` does not count where it
   * begins between the newline behind the opening line and the newline behind the closing line, that one excluded. A first line
   * of back-ticks alone ends the answer, which is empty then: `stop` is that line.
   */
  readonly codeBlocks?: boolean;
  /** Ids that end the generation besides the vocabulary's own. */
  readonly stopIds?: readonly number[];
  /**
   * GBNF rules, `root` the first of them: every id continues a text of the grammar, and an id that ends the generation comes only
   * where the grammar may end. The id is chosen as without a grammar, and again from the allowed ids alone where it is refused.
   * Text is well-formed UTF-8; control tokens are no text. Throws GRAMMAR_UNSUPPORTED where llama.cpp does not take the rules
   * (before anything is generated) and where no id of the vocabulary is allowed (`details`: `index`, `ids`, `text`).
   */
  readonly grammar?: string;
  /** Keep per-step statistics of the model's own distribution (before penalty, temperature and grammar). */
  readonly capture?: { readonly topK?: number };
}

export interface Generation {
  /** [n] every id that was sampled, the ending id included. */
  readonly ids: Int32Array;
  /** Text of `ids` without the ending id; whole, stop string included, as generated. */
  readonly raw: string;
  /**
   * How many of `ids` belong to the answer: an ending control id counts (the paper scores `</s>`), ids that complete a stop
   * string do not: the answer ends before the first id that carries a byte of the stop string.
   */
  readonly answerLength: number;
  /** Text before the stop string (cut at the byte, so it may hold a piece of an id that `answerLength` leaves out). */
  readonly text: string;
  readonly finishReason: FinishReason;
  /** The stop string that ended it, or null. */
  readonly stop: string | null;
  /** A code block was open when it ended, as far as whole lines tell. False without `codeBlocks`. */
  readonly inCodeBlock: boolean;
  readonly promptTokens: number;
  readonly reusedTokens: number;
  /** Wall time from admission to the end, milliseconds. */
  readonly durationMs: number;
  readonly captured: ScoreColumns | null;
}

export interface GenerateOptions extends CallOptions {
  /** Called as each request ends, in order of ending. */
  readonly onDone?: (index: number, generation: Generation) => void;
  readonly onToken?: (index: number, id: number) => void;
}

/** One KV memory with its threads. One call at a time: a second concurrent call is NATIVE_BUSY. */
export interface Context {
  readonly model: Model;
  readonly contextSize: number;
  readonly chunkSize: number;
  readonly threads: number;
  readonly numerics: Numerics;
  /** Bytes of KV memory, compute buffers, and rows of logits at their most. */
  readonly memoryBytes: number;
  /** The same by device. */
  readonly memory: readonly DeviceMemory[];
  score(request: ScoreRequest, options?: CallOptions): Promise<ScoreColumns>;
  /** Rows of logits as they are. `signal` aborts the `next` under way and all later ones. Throws like `score`. */
  logits(request: LogitsRequest, options?: CallOptions): LogitsStream;
  generate(requests: readonly GenerateRequest[], options?: GenerateOptions): Promise<Generation[]>;
  /** Forget the prefix memory. */
  clear(): void;
  readonly disposed: boolean;
  dispose(): void;
}

/** How the hidden states of a text's tokens, behind the model's last norm, become one row. */
export type Pooling = "mean" | "last" | "cls";

export interface EmbedderOptions {
  /**
   * Tokens of one text, never more than the trained context. Default: the trained context, at most 2048; where attention looks at
   * a whole text at once, at most what 512 MiB of logits allow (llama.cpp keeps room for them).
   */
  readonly contextSize?: number;
  readonly threads?: number;
  /** Default and null: the file's own (`<architecture>.pooling_type`), mean where it names none. `cls` is the first token. */
  readonly pooling?: Pooling | null;
}

export interface EmbedOptions extends CallOptions {
  /** Hears the number of texts finished, about a hundred times at most, the last time all of them. */
  readonly onDone?: (texts: number) => void;
}

export interface Embeddings {
  /** [texts, dimensions] row by row, each of length 1 (L2, computed in double); all zero for a text without an id. */
  readonly rows: Float32Array;
  /** Ids evaluated. */
  readonly tokens: number;
}

/**
 * Rows of texts, one text at a time from an empty memory in strict numerics: a row follows from its text alone, bit for bit. One
 * call at a time: a second concurrent call is NATIVE_BUSY.
 */
export interface Embedder {
  readonly model: Model;
  readonly dimensions: number;
  readonly pooling: Pooling;
  /** Ids of a text that can be read; a longer text is CONTEXT_TOO_SMALL. */
  readonly maxTokens: number;
  readonly threads: number;
  /** Bytes of memory and compute buffers, as far as llama.cpp tells. */
  readonly memoryBytes: number;
  /** `texts`: ids of each, with whatever the model wants around them. A row that is not finite is LOGITS_NOT_FINITE. */
  embed(texts: readonly Int32Array[], options?: EmbedOptions): Promise<Embeddings>;
  readonly disposed: boolean;
  dispose(): void;
}

export interface RankerOptions {
  /**
   * Tokens of one text, never more than the trained context. Default: the trained context, at most 2048 and what 512 MiB of logits
   * allow (llama.cpp keeps room for them).
   */
  readonly contextSize?: number;
  readonly threads?: number;
}

export interface ScoreTextsOptions extends CallOptions {
  /** Hears the number of texts finished, about a hundred times at most, the last time all of them. */
  readonly onDone?: (texts: number) => void;
}

export interface TextScores {
  /** [texts, labels] row by row, as the head gives them; of a Qwen3 ranker probabilities. */
  readonly rows: Float32Array;
  /** Ids evaluated. */
  readonly tokens: number;
}

/**
 * The classifier head of a model (a reward model, a ranker of pairs, a classifier), one text at a time from an empty memory in strict
 * numerics: a score follows from its text alone, bit for bit. One call at a time: a second concurrent call is NATIVE_BUSY.
 */
export interface Ranker {
  readonly model: Model;
  /** One for each output of the head; "" where the file names none. */
  readonly labels: readonly string[];
  /** Ids of a text that can be read; a longer text is CONTEXT_TOO_SMALL. */
  readonly maxTokens: number;
  readonly threads: number;
  /** Bytes of memory and compute buffers, as far as llama.cpp tells. */
  readonly memoryBytes: number;
  /** `texts`: ids of each, at least one, with whatever the model wants around and between them. */
  score(texts: readonly Int32Array[], options?: ScoreTextsOptions): Promise<TextScores>;
  readonly disposed: boolean;
  dispose(): void;
}

/** Teacher-forces one answer through two contexts (which may share one model) and reduces both rows at every position. */
export function comparePair(
  reference: Context,
  subject: Context,
  request: PairRequest,
  options?: CallOptions,
): Promise<PairColumns>;

/** The model of a pair that is not there: its vocabulary is enough (`sizesOnly`), and the chunk size its context has. */
export interface AbsentSide {
  readonly model: Model;
  readonly chunkSize: number;
}

export interface SplitPairRequest extends PairRequest {
  /** File in which the reference's rows wait. It gets this name when it is whole. */
  readonly path: string;
  /** `f32` (default): every bit. `f16`: x − max rounded to float16; columns of the reference alone are still those of its own rows. */
  readonly precision?: "f32" | "f16";
}

export interface WrittenRows {
  /** Of the whole file. */
  readonly bytes: number;
  /** Largest total variation, and KL in nats, between a row and what was kept of it: 0 for `f32`. */
  readonly roundingTv: number;
  readonly roundingKl: number;
  readonly reusedTokens: number;
  readonly decodedTokens: number;
}

/**
 * First half of comparePair, for models that are never in memory together: the reference's rows go to a file. Throws RUN_NO_SPACE,
 * RUN_NOT_WRITABLE.
 */
export function writeReferenceRows(
  reference: Context,
  subject: AbsentSide,
  request: SplitPairRequest,
  options?: CallOptions,
): Promise<WrittenRows>;

/** As {@link WrittenRows} says it of these rows. */
export interface SplitColumns {
  readonly columns: PairColumns;
  readonly roundingTv: number;
  readonly roundingKl: number;
}

/**
 * Second half, with the same request: with `f32` rows the columns of comparePair, bit for bit; `reference.reusedTokens` and
 * `decodedTokens` are 0. Throws RUN_CORRUPT for a file that is not of this request's shape. The file stays.
 */
export function compareWithRows(
  reference: AbsentSide,
  subject: Context,
  request: SplitPairRequest,
  options?: CallOptions,
): Promise<SplitColumns>;

/** The kernels on rows given from JavaScript: for tests and for people with logits of their own. */
export namespace kernels {
  /** `row` [v]; statistics of `id`. Throws LOGITS_NOT_FINITE on NaN or +inf. */
  function rowStatistics(
    row: Float32Array,
    id: number,
    topK: number,
  ): {
    logprob: number;
    rank: number;
    entropy: number;
    logSumExp: number;
    topIds: Int32Array;
    topLogprobs: Float64Array;
  };
  function pairDivergences(
    reference: Float32Array,
    subject: Float32Array,
  ): { klReferenceSubject: number; klSubjectReference: number; js: number; tv: number };
}
