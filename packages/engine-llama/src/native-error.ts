import { type ErrorCode, errorCatalogue, isUnshiftError, UnshiftError } from "@unshift/contracts";

const hints: Partial<Record<ErrorCode, string>> = {
  MODEL_NOT_GGUF: "Models are GGUF files; convert others with llama.cpp's convert_hf_to_gguf.py.",
  MODEL_GGUF_VERSION: "Convert the model again with a recent llama.cpp.",
  MODEL_TRUNCATED: "Download the file again and compare its checksum.",
  EMBEDDING_UNSUPPORTED: "Choose an embedding model, or a model for generation, whose hidden states are pooled.",
  DEVICE_NOT_FOUND:
    "`unshift doctor` lists the devices of this build; `UNSHIFT_GPU=cuda|metal|vulkan` builds for others.",
  RPC_UNSUPPORTED: "Build it again without `UNSHIFT_RPC=0`: node native/scripts/build.mjs",
  RPC_UNREACHABLE:
    "Start llama.cpp's `ggml-rpc-server` there, of the version that `unshift doctor` shows, and check host, port and firewall.",
  RPC_LOST: "Start the server again and give the same command: finished items are saved.",
  CONTEXT_CREATE_FAILED: "Set a smaller `contextSize` or `parallel`, or close other programs.",
  VOCABULARY_MISMATCH: "Compare models of one family, trained with the same tokenizer.",
};

/** An error of the addon as one of the catalogue: the same code, the addon's words, what to do. */
export function fromNative(error: unknown): UnshiftError {
  if (isUnshiftError(error)) {
    return error;
  }
  if (error instanceof Error && "code" in error && typeof error.code === "string" && error.code in errorCatalogue) {
    const code = error.code as ErrorCode;
    return new UnshiftError(code, error.message, { cause: error, hint: hintOf(error, code) });
  }
  return new UnshiftError("INTERNAL", error instanceof Error ? error.message : String(error), { cause: error });
}

/** A model refused for its missing classifier head needs another remedy than one refused for its pooling. */
function hintOf(error: Error, code: ErrorCode): string | undefined {
  // llama.cpp names the first tensor it misses; without this one the file holds no weights at all.
  if (code === "MODEL_LOAD_FAILED" && error.message.includes("token_embd.weight")) {
    return "The file holds a vocabulary without weights: it can tokenise, but neither answer nor embed. Take the whole model.";
  }
  const { details } = error as { readonly details?: Readonly<Record<string, unknown>> };
  return code === "EMBEDDING_UNSUPPORTED" && details?.["tensor"] !== undefined
    ? "Choose a reranker or a classifier: llama.cpp reads heads of BERT, XLM-R, ModernBERT, NeoBERT and Qwen3 files."
    : hints[code];
}

/** Runs a call of the addon so that whatever it throws is coded. */
export async function coded<Result>(call: () => Promise<Result> | Result): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    throw fromNative(error);
  }
}
