#include "split_pair.h"

#include <algorithm>

#include "../kernels/parallel.h"
#include "failure.h"
#include "pass.h"

namespace unshift {
namespace {

/** What both halves know of the pair, so that they agree. */
struct Plan {
  VocabularyComparison vocabularies;
  size_t common, vr, vs;
  int32_t rows;
  RowsShape shape;
};

Plan plan_of(const Vocabulary& r, int32_t r_chunk, const Vocabulary& s, int32_t s_chunk, const SplitRequest& request) {
  Plan plan{};
  plan.vocabularies = check_vocabularies(r, s, request.pair);
  plan.common = static_cast<size_t>(plan.vocabularies.common_size);
  plan.vr = static_cast<size_t>(r.size());
  plan.vs = static_cast<size_t>(s.size());
  plan.rows = pair_block_rows(r_chunk, plan.vr, s_chunk, plan.vs, request.pair.block_bytes);
  plan.shape.n = static_cast<int32_t>(request.pair.answer.size());
  plan.shape.v = r.size();
  plan.shape.top_k = std::min(request.pair.top_k, plan.vocabularies.common_size);
  plan.shape.dropped = plan.vocabularies.relation != VocabularyRelation::identical;
  plan.shape.half = request.half;
  return plan;
}

int32_t first_row(const std::vector<int32_t>& prompt) { return static_cast<int32_t>(prompt.size()) - 1; }

}  // namespace

WrittenRows write_reference_rows(Context& reference, const AbsentSide& subject, const SplitRequest& request, const AbortFlag& abort) {
  const PairRequest& pair = request.pair;
  reference.check_ids(pair.reference_prompt, "referencePrompt");
  Plan plan = plan_of(reference.model().vocabulary(), reference.chunk_size(), *subject.vocabulary, subject.chunk_size, request);
  reference.check_ids(pair.answer, "answer");
  check_length(reference, pair.reference_prompt.size() + pair.answer.size(), "The reference's prompt with the answer");

  Columns columns;
  columns.top_k = plan.shape.top_k;
  columns.resize(pair.answer.size());
  std::vector<double> dropped(plan.shape.dropped ? pair.answer.size() : 0);
  RowsWriter writer(request.path, plan.shape);
  Pass pass(reference, joined(pair.reference_prompt, pair.answer), pair.reference_prefix, first_row(pair.reference_prompt), std::min(plan.rows, reference.max_rows()));
  pass.prompt(reference, abort);
  while (!pass.done()) {
    int32_t begin, count = pass.block(reference, &begin, abort);
    FirstFault fault;
    kernels::parallel_rows(static_cast<size_t>(count), reference.threads(), [&](size_t row) {
      size_t i = static_cast<size_t>(begin) + row;
      const float* x = reference.row(static_cast<int32_t>(row));
      kernels::RowSums sums;
      kernels::RowFault found = columns.fill(i, x, plan.vr, pair.answer[i], &sums);
      fault.note(i, found);
      if (found == kernels::RowFault::none && plan.shape.dropped) dropped[i] = kernels::tail_mass(x, plan.vr, plan.common, sums);
    });
    fault.check(reference.model());
    writer.rows(reference.row(0), static_cast<size_t>(count), reference.threads());
  }
  writer.finish(columns, dropped);
  return {rows_file_bytes(plan.shape), writer.rounding(), pass.reused(), pass.decoded()};
}

SplitColumns compare_with_rows(const Model& reference, int32_t reference_chunk, Context& subject, const SplitRequest& request, const AbortFlag& abort) {
  const PairRequest& pair = request.pair;
  subject.check_ids(pair.subject_prompt, "subjectPrompt");
  Plan plan = plan_of(reference.vocabulary(), reference_chunk, subject.model().vocabulary(), subject.chunk_size(), request);
  check_length(subject, pair.subject_prompt.size() + pair.answer.size(), "The subject's prompt with the answer");

  PairColumns columns = pair_columns(pair.answer.size(), plan.vocabularies, pair.top_k);
  RowsReader reader(request.path, plan.shape);
  Pass pass(subject, joined(pair.subject_prompt, pair.answer), pair.subject_prefix, first_row(pair.subject_prompt), std::min(plan.rows, subject.max_rows()));
  pass.prompt(subject, abort);
  while (!pass.done()) {
    int32_t begin, count = pass.block(subject, &begin, abort);
    const float* rows = reader.rows(static_cast<size_t>(count), subject.threads());
    FirstFault reference_fault, subject_fault;
    kernels::parallel_rows(static_cast<size_t>(count), subject.threads(), [&](size_t row) {
      size_t i = static_cast<size_t>(begin) + row;
      reduce_pair(columns, i, rows + row * plan.vr, plan.vr, subject.row(static_cast<int32_t>(row)), plan.vs, plan.common, pair.answer[i], reference_fault,
                  subject_fault);
    });
    reference_fault.check(reference);
    subject_fault.check(subject.model());
  }
  // What only the reference says comes from its own rows, also where those that waited were rounded.
  reader.finish(columns.reference, columns.reference_dropped);
  columns.subject.reused = pass.reused();
  columns.subject.decoded = pass.decoded();
  return {std::move(columns), reader.rounding()};
}

}  // namespace unshift
