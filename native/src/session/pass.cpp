#include "pass.h"

#include <algorithm>
#include <string>

#include "failure.h"

namespace unshift {
namespace {

constexpr double kPassRowBytes = 128.0 * 1024 * 1024;

/** Where the chunk that holds token `position` begins. */
int32_t chunk_start(const std::vector<int32_t>& ends, int32_t position) {
  auto behind = std::upper_bound(ends.begin(), ends.end(), position);
  return behind == ends.begin() ? 0 : *(behind - 1);
}

}  // namespace

Pass::Pass(Context& context, std::vector<int32_t> tokens, int32_t prefix, int32_t first_row, int32_t block, int32_t needed)
    : tokens_(std::move(tokens)), first_row_(first_row) {
  auto n = static_cast<int32_t>(tokens_.size());
  prefix_ = std::min(prefix, first_row);
  ends_ = chunk_ends(n, prefix_, first_row, {context.chunk_size(), std::min(block, context.max_rows())});
  reused_ = at_ = context.reuse(0, tokens_, ends_, chunk_start(ends_, std::max(needed, first_row)));
  while (next_ < ends_.size() && ends_[next_] <= at_) next_++;
  uses_ = context.uses();
}

void Pass::prompt(Context& context, const AbortFlag& abort) {
  while (at_ < first_row_) advance(context, first_row_, abort);
}

int32_t Pass::block(Context& context, int32_t* row_begin, const AbortFlag& abort, bool rows) {
  int32_t before = at_;
  *row_begin = before - first_row_;
  advance(context, rows ? first_row_ : static_cast<int32_t>(tokens_.size()), abort);
  return at_ - before;
}

void Pass::advance(Context& context, int32_t rows_from, const AbortFlag& abort) {
  int32_t to = ends_[next_++];
  context.decode(0, tokens_, at_, to, rows_from, abort);
  at_ = to;
  if (at_ == prefix_) context.remember_state(0);
  uses_ = context.uses();
}

int32_t pass_block_rows(const Context& context) {
  return block_rows(context.chunk_size(), kPassRowBytes, 1, context.model().vocabulary().size());
}

void check_length(const Context& context, size_t tokens, const char* what) {
  if (tokens <= static_cast<size_t>(context.context_size())) return;
  throw Failure("CONTEXT_TOO_SMALL",
                std::string(what) + " has " + std::to_string(tokens) + " tokens; the context holds " + std::to_string(context.context_size()) + ". Make it with a larger contextSize.",
                {{"tokens", static_cast<double>(tokens)}, {"contextSize", static_cast<double>(context.context_size())}});
}

}  // namespace unshift
