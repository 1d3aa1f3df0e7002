/** One item on its way through a context by the canonical cuts of grid.h: its prompt first, then blocks of rows. */
#pragma once

#include <cstdint>
#include <vector>

#include "context.h"

namespace unshift {

class Pass {
 public:
  /**
   * Rows are wanted at token positions [first_row, tokens.size()), at most `block` of them a decode. What the context's memory holds of the
   * item is kept, except that the chunk of `needed` (default: the first row) and all behind it are decoded anew.
   */
  Pass(Context& context, std::vector<int32_t> tokens, int32_t prefix, int32_t first_row, int32_t block, int32_t needed = -1);

  /** Decodes everything before the first row. */
  void prompt(Context& context, const AbortFlag& abort);

  /** Decodes the next block; its rows are [row_begin, row_begin + count) of all rows. Without `rows` only the memory moves on. */
  int32_t block(Context& context, int32_t* row_begin, const AbortFlag& abort, bool rows = true);

  /** Whether the context's memory and its last rows are still as this pass left them. */
  bool stands(const Context& context) const { return uses_ == context.uses(); }

  bool done() const { return next_ == ends_.size(); }
  /** Tokens in the memory, and how many there will be behind the next decode. */
  int32_t at() const { return at_; }
  int32_t next_end() const { return ends_[next_]; }
  int32_t reused() const { return reused_; }
  int32_t decoded() const { return at_ - reused_; }

 private:
  void advance(Context& context, int32_t rows_from, const AbortFlag& abort);

  std::vector<int32_t> tokens_, ends_;
  int32_t prefix_ = 0, first_row_, at_ = 0, reused_ = 0;
  size_t next_ = 0;
  uint64_t uses_ = 0;
};

/** Rows of one block of a pass over one model: as many as 128 MiB hold. Part of the grid. */
int32_t pass_block_rows(const Context& context);

/** Throws CONTEXT_TOO_SMALL unless an item of so many tokens fits; `what` begins the sentence. */
void check_length(const Context& context, size_t tokens, const char* what);

}  // namespace unshift
