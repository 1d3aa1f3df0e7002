interface ErrorKind {
  /** Exit code of the process: 1 threshold missed, 2 usage or config, 3 environment, 4 our bug, 130 interrupted. */
  readonly exit: 1 | 2 | 3 | 4 | 130;
  /** One sentence for docs/reference/errors.md. */
  readonly meaning: string;
}

/** Every error a user can see is born here; docs/reference/errors.md holds one paragraph each (a test compares both). */
export const errorCatalogue = {
  USAGE: { exit: 2, meaning: "The command line was not understood." },
  CONFIG_NOT_FOUND: { exit: 2, meaning: "The experiment file does not exist or cannot be read." },
  CONFIG_SYNTAX: { exit: 2, meaning: "The file is not valid YAML." },
  CONFIG_UNKNOWN_KEY: { exit: 2, meaning: "A key that means nothing at this place." },
  CONFIG_INVALID: { exit: 2, meaning: "A value of the wrong type or out of range, or a missing key." },
  CONFIG_UNKNOWN_REFERENCE: { exit: 2, meaning: "A name that the experiment does not define: a model, a system." },
  CONFIG_EXTENDS: { exit: 2, meaning: "An `extends` chain that is broken or goes in a circle." },
  CONFIG_SECRET: {
    exit: 2,
    meaning: "A secret written into the experiment, or an environment variable that is not set.",
  },
  PLUGIN_NOT_FOUND: { exit: 2, meaning: "A plugin package or file could not be resolved." },
  PLUGIN_IMPORT_FAILED: { exit: 2, meaning: "A plugin threw while it was imported." },
  PLUGIN_INVALID: { exit: 2, meaning: "What a plugin exports is not a plugin." },
  PLUGIN_CONTRACT_VERSION: { exit: 2, meaning: "A plugin asks for another version of the contract." },
  PLUGIN_CLASH: { exit: 2, meaning: "Two plugins offer the same id." },
  PLUGIN_UNKNOWN_ID: {
    exit: 2,
    meaning: "No loaded plugin offers this strategy, dataset, judge, analysis, engine or reporter.",
  },
  PLUGIN_OPTIONS: {
    exit: 2,
    meaning: "Options that the plugin's own schema refuses, or options for something that takes none.",
  },
  PLUGIN_CREATE_FAILED: { exit: 2, meaning: "A plugin's factory threw." },
  STRATEGY_FAILED: { exit: 2, meaning: "A strategy could not build a prompt." },
  STRATEGY_NO_TEMPLATE: { exit: 2, meaning: "The model carries no chat template and none was named." },
  STRATEGY_TEMPLATE: { exit: 2, meaning: "A chat template does not parse, or refused the chat it was given." },
  PROMPT_FILE: { exit: 2, meaning: "A prompt file that does not exist or does not hold the query/answer format." },
  DATASET_SYNTAX: { exit: 2, meaning: "A dataset line or file that cannot be parsed." },
  DATASET_FIELD: { exit: 2, meaning: "A sample lacks a field, or a field has the wrong type." },
  DATASET_DUPLICATE_ID: { exit: 2, meaning: "Two samples with one id." },
  DATASET_EMPTY: { exit: 2, meaning: "No sample is left to work on." },
  DATASET_NOT_FOUND: { exit: 2, meaning: "A dataset file does not exist or cannot be read." },
  MODEL_NOT_FOUND: { exit: 3, meaning: "A model file does not exist." },
  MODEL_IS_DIRECTORY: { exit: 3, meaning: "A model path names a directory." },
  MODEL_NO_PERMISSION: { exit: 3, meaning: "A model file may not be read." },
  MODEL_NOT_GGUF: { exit: 3, meaning: "A file that is not GGUF, or a damaged one." },
  MODEL_GGUF_VERSION: { exit: 3, meaning: "A GGUF version this build does not read." },
  MODEL_TRUNCATED: { exit: 3, meaning: "A GGUF file that ends too early." },
  MODEL_LOAD_FAILED: { exit: 3, meaning: "llama.cpp could not load the model." },
  CONTEXT_CREATE_FAILED: { exit: 3, meaning: "The memory for a context could not be had." },
  CONTEXT_TOO_SMALL: {
    exit: 2,
    meaning: "Prompt and answer are longer than the context. In a run the sample is skipped and counted.",
  },
  VOCABULARY_MISMATCH: {
    exit: 2,
    meaning: "Reference and subject do not share a vocabulary, so their distributions cannot be compared.",
  },
  TOKENIZE_UNKNOWN_CHARACTER: { exit: 2, meaning: "A character the model's vocabulary cannot spell." },
  LOGITS_NOT_FINITE: { exit: 3, meaning: "A model gave NaN or infinite logits." },
  DECODE_FAILED: { exit: 3, meaning: "llama.cpp could not evaluate a batch." },
  NATIVE_LOAD_FAILED: { exit: 3, meaning: "The native addon could not be loaded." },
  NATIVE_BUSY: { exit: 4, meaning: "A context was used twice at the same time." },
  NATIVE_DISPOSED: { exit: 4, meaning: "A model or context was used after it was closed." },
  NATIVE_INVALID_ARGUMENT: { exit: 4, meaning: "The addon was called with an argument it does not take." },
  RUN_NOT_FOUND: { exit: 2, meaning: "A run folder does not exist or is not one." },
  RUN_OTHER_EXPERIMENT: { exit: 2, meaning: "The run folder belongs to another experiment; nothing was overwritten." },
  RUN_NEWER_FORMAT: { exit: 2, meaning: "The run folder was written by a newer version." },
  RUN_NOT_WRITABLE: { exit: 3, meaning: "The run folder cannot be written." },
  RUN_NO_SPACE: { exit: 3, meaning: "The disk is full." },
  RUN_CORRUPT: { exit: 3, meaning: "A file of the run folder is damaged." },
  RUN_LOCKED: { exit: 3, meaning: "Another process works in the run folder." },
  EXPORT_TARGET: { exit: 2, meaning: "The export target exists, or its format is not offered." },
  SAMPLES_FAILED: { exit: 1, meaning: "Samples failed and `--fail-on` asked to be told." },
  THRESHOLD_MISSED: { exit: 1, meaning: "A figure missed the threshold the user set." },
  ABORTED: { exit: 130, meaning: "Interrupted; all finished items are saved and the same command continues." },
  INTERNAL: { exit: 4, meaning: "A fault of Unshift itself." },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorCatalogue;
