/**
 * Whole rows of logits, handed out block by block as somebody asks for them.
 *
 * Rows are decoded by the same cuts as score()'s, all rows of a chunk together, whichever of them were asked for; so a row is bit for
 * bit the one that score() reduces. Chunks none of whose rows is wanted are decoded without rows, those behind the last wanted row not at
 * all. Between two blocks the context may serve others: what they overwrite is decoded again.
 */
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "pass.h"

namespace unshift {

struct LogitsRequest {
  std::vector<int32_t> tokens;  // [n] all are read; row i is the distribution behind tokens[i]
  int32_t from = 0;             // first row that can be asked for; fixes the cuts, like ScoreRequest::from − 1
  int32_t prefix = 0;
  std::vector<int32_t> rows;    // rising, within [from, n)
  bool half = false;            // float16, rounded to nearest, ties to even
  bool log_probabilities = false;
  bool raw = false;             // as llama.cpp gave them, unlooked at
  double block_bytes = 64.0 * 1024 * 1024;
};

struct LogitsBlock {
  std::vector<int32_t> rows;         // [r] of the request's
  std::unique_ptr<uint8_t[]> values; // [r, v] float32 or float16
  size_t bytes = 0;
  int32_t reused = 0, decoded = 0;   // tokens kept and evaluated for this block
};

class LogitsStream {
 public:
  /** Throws NATIVE_INVALID_ARGUMENT, CONTEXT_TOO_SMALL. */
  LogitsStream(const Context& context, LogitsRequest request);

  /** Rows that were not handed out yet. */
  size_t remaining() const { return request_.rows.size() - taken_; }
  bool half() const { return request_.half; }

  /**
   * The next rows: those of one chunk, at most as many as block_bytes hold, at least one. `context` is the same in every call.
   * Throws ABORTED, DECODE_FAILED, LOGITS_NOT_FINITE; nothing is lost then, the same block can be asked for again.
   */
  LogitsBlock next(Context& context, const AbortFlag& abort);

 private:
  void decode(Context& context, int32_t row, LogitsBlock* block, const AbortFlag& abort);
  void copy(Context& context, LogitsBlock* block) const;

  LogitsRequest request_;
  size_t taken_ = 0;
  std::optional<Pass> pass_;
  int32_t chunk_from_ = 0, chunk_to_ = 0;  // token positions of the rows that the context holds
};

}  // namespace unshift
