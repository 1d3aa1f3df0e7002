#include "score.h"

#include <algorithm>
#include <limits>

#include "../kernels/parallel.h"
#include "failure.h"
#include "first_fault.h"
#include "pass.h"

namespace unshift {
VocabularyComparison check_vocabularies(const Vocabulary& r, const Vocabulary& s, const PairRequest& request) {
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
  std::vector<int32_t> tokens(prompt);
  tokens.insert(tokens.end(), answer.begin(), answer.end() - 1);
  return tokens;
}

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
  put(i, row, v, statistics);
  return fault;
}

void Columns::put(size_t i, const float* row, size_t v, const kernels::RowStatistics& statistics) {
  logprob[i] = statistics.logprob;
  rank[i] = statistics.rank;
  entropy[i] = statistics.entropy;
  size_t k = static_cast<size_t>(top_k);
  kernels::top_k(row, v, statistics.log_sum_exp, top_k, top_ids.data() + i * k, top_logprobs.data() + i * k);
}

void PairColumns::put(size_t i, const kernels::PairDivergences& divergences) {
  kl_reference_subject[i] = divergences.kl_reference_subject;
  kl_subject_reference[i] = divergences.kl_subject_reference;
  js[i] = divergences.js;
  tv[i] = divergences.tv;
}

kernels::PairFault PairColumns::fill(size_t i, const float* x, const float* y, size_t v, int32_t id) {
  kernels::RowStatistics of_x, of_y;
  kernels::PairDivergences divergences;
  kernels::PairFault fault = kernels::pair_statistics(x, y, v, id, &of_x, &of_y, &divergences);
  if (fault.any()) return fault;
  // The row that was read last goes first: more of it is still in the cache.
  subject.put(i, y, v, of_y);
  reference.put(i, x, v, of_x);
  put(i, divergences);
  return fault;
}

kernels::PairFault PairColumns::fill_extended(size_t i, const float* x, size_t vx, const float* y, size_t vy, size_t common, int32_t id) {
  kernels::RowSums x_sums, y_sums;
  kernels::PairFault fault{reference.fill(i, x, vx, id, &x_sums), subject.fill(i, y, vy, id, &y_sums)};
  if (fault.any()) return fault;
  kernels::PairDivergences divergences;
  fault.reference = kernels::pair_divergences(x, y, common, &divergences);
  put(i, divergences);
  reference_dropped[i] = kernels::tail_mass(x, vx, common, x_sums);
  subject_dropped[i] = kernels::tail_mass(y, vy, common, y_sums);
  return fault;
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
  Pass pass(context, std::move(tokens), request.prefix, request.from - 1, pass_block_rows(context));
  pass.prompt(context, abort);
  while (!pass.done()) {
    int32_t begin, count = pass.block(context, &begin, abort);
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

PairColumns pair_columns(size_t n, const VocabularyComparison& vocabularies, int32_t top_k) {
  PairColumns columns;
  columns.extended = vocabularies.relation != VocabularyRelation::identical;
  columns.reference.top_k = columns.subject.top_k = std::min(top_k, vocabularies.common_size);
  columns.reference.resize(n);
  columns.subject.resize(n);
  for (auto* column : {&columns.kl_reference_subject, &columns.kl_subject_reference, &columns.js, &columns.tv}) column->resize(n);
  if (columns.extended) {
    columns.reference_dropped.resize(n);
    columns.subject_dropped.resize(n);
  }
  return columns;
}

void reduce_pair(PairColumns& columns, size_t i, const float* x, size_t vr, const float* y, size_t vs, size_t common, int32_t id,
                 FirstFault& reference_fault, FirstFault& subject_fault) {
  kernels::PairFault fault = columns.extended ? columns.fill_extended(i, x, vr, y, vs, common, id) : columns.fill(i, x, y, common, id);
  reference_fault.note(i, fault.reference);
  subject_fault.note(i, fault.subject);
}

int32_t pair_block_rows(int32_t reference_chunk, size_t vr, int32_t subject_chunk, size_t vs, double block_bytes) {
  return block_rows(std::min(reference_chunk, subject_chunk), block_bytes, 2, static_cast<int32_t>(std::max(vr, vs)));
}

PairColumns compare_pair(Context& reference, Context& subject, const PairRequest& request, const AbortFlag& abort) {
  reference.check_ids(request.reference_prompt, "referencePrompt");
  subject.check_ids(request.subject_prompt, "subjectPrompt");
  VocabularyComparison vocabularies = check_vocabularies(reference.model().vocabulary(), subject.model().vocabulary(), request);
  reference.check_ids(request.answer, "answer");
  check_length(reference, request.reference_prompt.size() + request.answer.size(), "The reference's prompt with the answer");
  check_length(subject, request.subject_prompt.size() + request.answer.size(), "The subject's prompt with the answer");

  size_t n = request.answer.size(), common = static_cast<size_t>(vocabularies.common_size);
  auto vr = static_cast<size_t>(reference.model().vocabulary().size()), vs = static_cast<size_t>(subject.model().vocabulary().size());
  PairColumns columns = pair_columns(n, vocabularies, request.top_k);
  int32_t rows = std::min({pair_block_rows(reference.chunk_size(), vr, subject.chunk_size(), vs, request.block_bytes), reference.max_rows(), subject.max_rows()});
  auto first_row = [](const std::vector<int32_t>& prompt) { return static_cast<int32_t>(prompt.size()) - 1; };
  Pass r(reference, joined(request.reference_prompt, request.answer), request.reference_prefix, first_row(request.reference_prompt), rows);
  Pass s(subject, joined(request.subject_prompt, request.answer), request.subject_prefix, first_row(request.subject_prompt), rows);
  r.prompt(reference, abort);
  s.prompt(subject, abort);
  while (!r.done()) {
    int32_t begin, count = r.block(reference, &begin, abort);
    s.block(subject, &begin, abort);
    FirstFault reference_fault, subject_fault;
    kernels::parallel_rows(static_cast<size_t>(count), std::max(reference.threads(), subject.threads()), [&](size_t row) {
      size_t i = static_cast<size_t>(begin) + row;
      const float *x = reference.row(static_cast<int32_t>(row)), *y = subject.row(static_cast<int32_t>(row));
      reduce_pair(columns, i, x, vr, y, vs, common, request.answer[i], reference_fault, subject_fault);
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
