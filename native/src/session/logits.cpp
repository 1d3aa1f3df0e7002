#include "logits.h"

#include <algorithm>
#include <atomic>
#include <string>

#include "../kernels/parallel.h"
#include "../kernels/rows_out.h"
#include "failure.h"
#include "first_fault.h"

namespace unshift {

LogitsStream::LogitsStream(const Context& context, LogitsRequest request) : request_(std::move(request)) {
  context.check_ids(request_.tokens, "tokens");
  check_length(context, request_.tokens.size(), "The item");
}

LogitsBlock LogitsStream::next(Context& context, const AbortFlag& abort) {
  LogitsBlock block;
  if (remaining() == 0) return block;
  int32_t row = request_.rows[taken_];
  bool held = pass_ && pass_->stands(context) && row >= chunk_from_ && row < chunk_to_;
  if (!held) decode(context, row, &block, abort);

  auto v = static_cast<size_t>(context.model().vocabulary().size());
  size_t row_bytes = v * (request_.half ? 2 : 4);
  auto most = static_cast<size_t>(std::max(1.0, request_.block_bytes / static_cast<double>(row_bytes)));
  for (size_t i = taken_; i < request_.rows.size() && request_.rows[i] < chunk_to_ && block.rows.size() < most; i++) block.rows.push_back(request_.rows[i]);
  block.bytes = block.rows.size() * row_bytes;
  block.values.reset(new uint8_t[block.bytes]);
  copy(context, &block);
  taken_ += block.rows.size();
  return block;
}

void LogitsStream::decode(Context& context, int32_t row, LogitsBlock* block, const AbortFlag& abort) {
  if (!pass_ || !pass_->stands(context)) {
    pass_.emplace(context, request_.tokens, request_.prefix, request_.from, pass_block_rows(context), row);
    block->reused = pass_->reused();
  }
  int32_t before = pass_->at();
  pass_->prompt(context, abort);
  while (pass_->at() <= row) {
    int32_t begin;
    chunk_from_ = pass_->at();
    pass_->block(context, &begin, abort, pass_->next_end() > row);
  }
  chunk_to_ = pass_->at();
  block->decoded = pass_->at() - before;
}

void LogitsStream::copy(Context& context, LogitsBlock* block) const {
  auto v = static_cast<size_t>(context.model().vocabulary().size());
  FirstFault fault;
  std::atomic<int32_t> overflow{INT32_MAX};
  kernels::parallel_rows(block->rows.size(), context.threads(), [&](size_t i) {
    const float* row = context.row(block->rows[i] - chunk_from_);
    auto position = static_cast<size_t>(block->rows[i]);
    kernels::RowSums sums;
    if (!request_.raw) {
      kernels::RowFault found = request_.log_probabilities ? kernels::row_sums(row, v, &sums) : kernels::row_fault(row, v);
      fault.note(position, found);
      if (found != kernels::RowFault::none) return;
    }
    const kernels::RowSums* normalise = request_.log_probabilities ? &sums : nullptr;
    uint8_t* out = block->values.get() + i * (block->bytes / block->rows.size());
    if (!request_.half) {
      kernels::write_row(row, v, normalise, reinterpret_cast<float*>(out));
    } else if (!kernels::write_half_row(row, v, normalise, reinterpret_cast<uint16_t*>(out)) && !request_.raw) {
      int32_t seen = overflow.load();
      while (block->rows[i] < seen && !overflow.compare_exchange_weak(seen, block->rows[i])) {
      }
    }
  });
  const Model& model = context.model();
  fault.check(model);
  int32_t position = overflow.load();
  if (position == INT32_MAX) return;
  throw Failure("LOGITS_NOT_FINITE",
                model.path() + " gave a logit at position " + std::to_string(position) + " that float16 does not hold (65504 at most): ask for float32.",
                {{"path", model.path()}, {"position", static_cast<double>(position)}, {"found", std::string("beyond float16")}});
}

}  // namespace unshift
