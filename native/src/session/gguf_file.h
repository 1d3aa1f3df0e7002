/**
 * Strict check of a GGUF file before llama.cpp sees it.
 *
 * llama.cpp trusts much of a header: an absurd count, a string length past the end or a tensor outside the file can end in an
 * assertion, that is in the death of the process. This reads the header with its own bounds and refuses with a code and the
 * offset instead. It needs nothing of llama.cpp's.
 */
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace unshift {

struct GgufSummary {
  uint32_t version = 0;
  uint64_t tensor_count = 0;
  uint64_t metadata_count = 0;
  std::string architecture;
  uint64_t file_bytes = 0;
  /** Number of parts of a split model; 1 for a whole one. */
  uint32_t split_count = 1;
  uint32_t split_index = 0;
  /** Bytes of the tensors of each layer (`blk.N.`), and of all others by name. */
  std::map<int32_t, uint64_t> layer_bytes;
  std::map<std::string, uint64_t> other_bytes;
};

/**
 * Opens and checks one file. Throws Failure with MODEL_NOT_FOUND, MODEL_IS_DIRECTORY, MODEL_NO_PERMISSION, MODEL_NOT_GGUF,
 * MODEL_GGUF_VERSION, MODEL_TRUNCATED or MODEL_LOAD_FAILED.
 */
GgufSummary check_gguf_file(const std::string& path);

/** Checks `path` and, if it is the first of a split model, all other parts. Returns every path in order. */
std::vector<std::string> check_model_files(const std::string& path);

}  // namespace unshift
