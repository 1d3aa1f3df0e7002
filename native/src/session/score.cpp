#include "score.h"

#include <algorithm>
#include <atomic>
#include <limits>

#include "../kernels/parallel.h"
#include "failure.h"

namespace unshift {
namespace {

constexpr double kScoreRowBytes = 128.0 * 1024 * 1024;

/** One item on its way through a context: prompt chunks first, then blocks of rows. */
class Pass {
 public:
  /** Rows are wanted at token positions [first_row, tokens.size()). */
  Pass(Context& context, std::vector<int32_t> tokens, int32_t prefix, int32_t first_row, int32_t block, const AbortFlag& abort)
      : context_(context), tokens_(std::move(tokens)), first_row_(first_row), abort_(abort) {
    auto n = static_cast<int32_t>(tokens_.size());
    prefix_ = std::min(prefix, first_row);
    ends_ = chunk_ends(n, prefix_, first_row, {context.chunk_size(), std::min(block, context.max_rows())});
    reused_ = at_ = context.reuse(0, tokens_, ends_, first_row);
    while (next_ < ends_.size() && ends_[next_] <= at_) next_++;
  }

  /** Decodes everything before the first row. */
  void prompt() {
    while (at_ < first_row_) advance();
  }

  /** Decodes the next block; its rows are [row_begin, row_begin + count) of all rows. */
  int32_t block(int32_t* row_begin) {
    *row_begin = at_ - first_row_;
    int32_t before = at_;
    advance();
    return at_ - before;
  }

  bool done() const { return next_ == ends_.size(); }
  int32_t reused() const { return reused_; }
  int32_t decoded() const { return at_ - reused_; }

 private:
  void advance() {
    int32_t to = ends_[next_++];
    context_.decode(0, tokens_, at_, to, first_row_, abort_);
    at_ = to;
    if (at_ == prefix_) context_.remember_state(0);
  }

  Context& context_;
  std::vector<int32_t> tokens_, ends_;
  int32_t prefix_ = 0, first_row_, at_ = 0, reused_ = 0;
  size_t next_ = 0;
  const AbortFlag& abort_;
};

void check_length(const Context& context, size_t tokens, const char* what) {
  if (tokens <= static_cast<size_t>(context.context_size())) return;
  throw Failure("CONTEXT_TOO_SMALL",
                std::string(what) + " has " + std::to_string(tokens) + " tokens; the context holds " + std::to_string(context.context_size()) + ". Make it with a larger contextSize.",
                {{"tokens", static_cast<double>(tokens)}, {"contextSize", static_cast<double>(context.context_size())}});
}

/** The first fault among rows reduced in parallel, by position. */
class FirstFault {
 public:
  void note(size_t position, kernels::RowFault fault) {
    if (fault == kernels::RowFault::none) return;
    uint64_t mine = static_cast<uint64_t>(position) << 8 | static_cast<uint64_t>(fault), seen = first_.load();
    while (mine < seen && !first_.compare_exchange_weak(seen, mine)) {
    }
  }
  void check(const Model& model) const {
    uint64_t first = first_.load();
    if (first != UINT64_MAX) check_fault(static_cast<kernels::RowFault>(first & 0xff), first >> 8, model);
  }

 private:
  std::atomic<uint64_t> first_{UINT64_MAX};
};

/** The same ids in both, or the ids both have in common when the caller allows that. */
VocabularyComparison check_vocabularies(const Context& reference, const Context& subject, const PairRequest& request) {
  const Vocabulary &r = reference.model().vocabulary(), &s = subject.model().vocabulary();
  VocabularyComparison comparison = compare_vocabularies(r, s);
  bool different = comparison.relation == VocabularyRelation::different;
  if (comparison.relation == VocabularyRelation::identical) return comparison;
  if (different || !request.allow_extended) {
    std::string message = "The models' vocabularies differ";
    message += different ? " from id " + std::to_string(comparison.first_difference) + " on (\"" + comparison.reference_token + "\" against \"" + comparison.subject_token + "\"): a comparison would mean nothing."
                         : ": " + std::to_string(r.size()) + " ids against " + std::to_string(s.size()) + ", one extending the other. Allow extended vocabularies to compare on the common ids.";
    throw Failure("VOCABULARY_MISMATCH", message,
                  {{"relation", std::string(relation_name(comparison.relation))},
                   {"referenceHash", r.hash()},
                   {"subjectHash", s.hash()},
                   {"referenceSize", static_cast<double>(r.size())},
                   {"subjectSize", static_cast<double>(s.size())},
                   {"firstDifference", static_cast<double>(comparison.first_difference)},
                   {"referenceToken", comparison.reference_token},
                   {"subjectToken", comparison.subject_token}});
  }
  // The last id is scored but never decoded, so it may be one that only the reference has (an added end of turn).
  for (size_t i = 0; i < request.answer.size(); i++) {
    if (request.answer[i] < comparison.common_size) continue;
    if (i + 1 == request.answer.size() && request.answer[i] < r.size()) continue;
    throw Failure("VOCABULARY_MISMATCH",
                  "answer[" + std::to_string(i) + "] is id " + std::to_string(request.answer[i]) + ", which only one of the two vocabularies has: the other model cannot be forced past it.",
                  {{"relation", std::string(relation_name(comparison.relation))},
                   {"index", static_cast<double>(i)},
                   {"id", static_cast<double>(request.answer[i])},
                   {"commonSize", static_cast<double>(comparison.common_size)}});
  }
  return comparison;
}

std::vector<int32_t> joined(const std::vector<int32_t>& prompt, const std::vector<int32_t>& answer) {
  // The last id is scored but never decoded: nothing comes after it.
  std::vector<int32_t> tokens(prompt);
  tokens.insert(tokens.end(), answer.begin(), answer.end() - 1);
  return tokens;
}

}  // namespace

void Columns::resize(size_t m) {
  logprob.resize(m);
  rank.resize(m);
  entropy.resize(m);
  top_ids.resize(m * static_cast<size_t>(top_k));
  top_logprobs.resize(m * static_cast<size_t>(top_k));
}

kernels::RowFault Columns::fill(size_t i, const float* row, size_t v, int32_t id, kernels::RowSums* sums) {
  kernels::RowStatistics statistics;
  bool known = static_cast<size_t>(id) < v;
  kernels::RowFault fault = kernels::row_statistics(row, v, known ? id : 0, &statistics, sums);
  if (fault != kernels::RowFault::none) return fault;
  if (!known) {  // an id this vocabulary does not have: probability 0, behind every id it has
    statistics.logprob = -std::numeric_limits<double>::infinity();
    statistics.rank = static_cast<int32_t>(v) + 1;
  }
  logprob[i] = statistics.logprob;
  rank[i] = statistics.rank;
  entropy[i] = statistics.entropy;
  size_t k = static_cast<size_t>(top_k);
  kernels::top_k(row, v, statistics.log_sum_exp, top_k, top_ids.data() + i * k, top_logprobs.data() + i * k);
  return fault;
}

void check_fault(kernels::RowFault fault, size_t position, const Model& model) {
  if (fault == kernels::RowFault::none) return;
  const char* what = fault == kernels::RowFault::not_a_number ? "NaN" : fault == kernels::RowFault::infinite ? "an infinity" : "only masked ids";
  throw Failure("LOGITS_NOT_FINITE",
                model.path() + " gave " + what + " among the logits of position " + std::to_string(position) + ": the file may be damaged, or its activations overflow in this precision.",
                {{"path", model.path()}, {"position", static_cast<double>(position)}, {"found", std::string(what)}});
}

Columns score(Context& context, const ScoreRequest& request, const AbortFlag& abort) {
  context.check_ids(request.tokens, "tokens");
  check_length(context, request.tokens.size(), "The item");
  size_t m = request.tokens.size() - static_cast<size_t>(request.from);
  auto v = static_cast<size_t>(context.model().vocabulary().size());
  Columns columns;
  columns.top_k = std::min(request.top_k, static_cast<int32_t>(v));
  columns.resize(m);
  std::vector<int32_t> tokens(request.tokens.begin(), request.tokens.end() - 1);
  int32_t rows = block_rows(context.chunk_size(), kScoreRowBytes, 1, static_cast<int32_t>(v));
  Pass pass(context, std::move(tokens), request.prefix, request.from - 1, rows, abort);
  pass.prompt();
  while (!pass.done()) {
    int32_t begin, count = pass.block(&begin);
    FirstFault fault;
    kernels::parallel_rows(static_cast<size_t>(count), context.threads(), [&](size_t r) {
      size_t i = static_cast<size_t>(begin) + r;
      fault.note(i, columns.fill(i, context.row(static_cast<int32_t>(r)), v, request.tokens[static_cast<size_t>(request.from) + i]));
    });
    fault.check(context.model());
  }
  columns.reused = pass.reused();
  columns.decoded = pass.decoded();
  return columns;
}

PairColumns compare_pair(Context& reference, Context& subject, const PairRequest& request, const AbortFlag& abort) {
  reference.check_ids(request.reference_prompt, "referencePrompt");
  subject.check_ids(request.subject_prompt, "subjectPrompt");
  VocabularyComparison vocabularies = check_vocabularies(reference, subject, request);
  reference.check_ids(request.answer, "answer");
  check_length(reference, request.reference_prompt.size() + request.answer.size(), "The reference's prompt with the answer");
  check_length(subject, request.subject_prompt.size() + request.answer.size(), "The subject's prompt with the answer");

  size_t n = request.answer.size(), common = static_cast<size_t>(vocabularies.common_size);
  auto vr = static_cast<size_t>(reference.model().vocabulary().size()), vs = static_cast<size_t>(subject.model().vocabulary().size());
  PairColumns columns;
  columns.extended = vocabularies.relation != VocabularyRelation::identical;
  columns.reference.top_k = columns.subject.top_k = std::min(request.top_k, static_cast<int32_t>(common));
  columns.reference.resize(n);
  columns.subject.resize(n);
  for (auto* column : {&columns.kl_reference_subject, &columns.kl_subject_reference, &columns.js, &columns.tv}) column->resize(n);
  if (columns.extended) {
    columns.reference_dropped.resize(n);
    columns.subject_dropped.resize(n);
  }

  // Both passes cut the answer at the same places: the smaller chunk and the longer rows decide.
  int32_t chunk = std::min(reference.chunk_size(), subject.chunk_size());
  int32_t rows = std::min({block_rows(chunk, request.block_bytes, 2, static_cast<int32_t>(std::max(vr, vs))), reference.max_rows(), subject.max_rows()});
  auto first_row = [](const std::vector<int32_t>& prompt) { return static_cast<int32_t>(prompt.size()) - 1; };
  Pass r(reference, joined(request.reference_prompt, request.answer), request.reference_prefix, first_row(request.reference_prompt), rows, abort);
  Pass s(subject, joined(request.subject_prompt, request.answer), request.subject_prefix, first_row(request.subject_prompt), rows, abort);
  r.prompt();
  s.prompt();
  while (!r.done()) {
    int32_t begin, count = r.block(&begin);
    s.block(&begin);
    FirstFault reference_fault, subject_fault;
    kernels::parallel_rows(static_cast<size_t>(count), std::max(reference.threads(), subject.threads()), [&](size_t row) {
      size_t i = static_cast<size_t>(begin) + row;
      const float *x = reference.row(static_cast<int32_t>(row)), *y = subject.row(static_cast<int32_t>(row));
      kernels::RowSums x_sums, y_sums;
      kernels::RowFault x_fault = columns.reference.fill(i, x, vr, request.answer[i], &x_sums);
      kernels::RowFault y_fault = columns.subject.fill(i, y, vs, request.answer[i], &y_sums);
      reference_fault.note(i, x_fault);
      subject_fault.note(i, y_fault);
      if (x_fault != kernels::RowFault::none || y_fault != kernels::RowFault::none) return;
      kernels::PairDivergences divergences;
      kernels::RowFault fault = kernels::pair_divergences(x, y, common, &divergences);
      reference_fault.note(i, fault);
      columns.kl_reference_subject[i] = divergences.kl_reference_subject;
      columns.kl_subject_reference[i] = divergences.kl_subject_reference;
      columns.js[i] = divergences.js;
      columns.tv[i] = divergences.tv;
      if (columns.extended) {
        columns.reference_dropped[i] = kernels::tail_mass(x, vr, common, x_sums);
        columns.subject_dropped[i] = kernels::tail_mass(y, vs, common, y_sums);
      }
    });
    reference_fault.check(reference.model());
    subject_fault.check(subject.model());
  }
  columns.reference.reused = r.reused();
  columns.reference.decoded = r.decoded();
  columns.subject.reused = s.reused();
  columns.subject.decoded = s.decoded();
  return columns;
}

}  // namespace unshift
