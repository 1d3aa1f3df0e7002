/** Teacher-forced statistics of one model over an item, and of two models over the same answer. */
#pragma once

#include <cstdint>
#include <vector>

#include "../kernels/row.h"
#include "context.h"
#include "first_fault.h"

namespace unshift {

/** Columns over m positions; mirrors ScoreColumns of index.d.ts. */
struct Columns {
  std::vector<double> logprob;       // [m]
  std::vector<int32_t> rank;         // [m]
  std::vector<double> entropy;       // [m] nats
  std::vector<int32_t> top_ids;      // [m, k]
  std::vector<double> top_logprobs;  // [m, k]
  int32_t top_k = 0;
  int32_t reused = 0, decoded = 0;

  void resize(size_t m);
  /** Fills position i from a row [v]. `sums` may be null. */
  kernels::RowFault fill(size_t i, const float* row, size_t v, int32_t id, kernels::RowSums* sums = nullptr);
  /** Fills position i from a row [v] whose statistics are known. */
  void put(size_t i, const float* row, size_t v, const kernels::RowStatistics& statistics);
};

struct ScoreRequest {
  std::vector<int32_t> tokens;
  int32_t from = 1;
  int32_t prefix = 0;
  int32_t top_k = 10;
};

Columns score(Context& context, const ScoreRequest& request, const AbortFlag& abort);

struct PairRequest {
  std::vector<int32_t> reference_prompt, subject_prompt, answer;
  int32_t reference_prefix = 0, subject_prefix = 0;
  int32_t top_k = 10;
  double block_bytes = 256.0 * 1024 * 1024;
  bool allow_extended = false;
};

struct PairColumns {
  Columns reference, subject;
  std::vector<double> kl_reference_subject, kl_subject_reference, js, tv;  // [n]
  bool extended = false;
  std::vector<double> reference_dropped, subject_dropped;  // [n] when extended

  /** Fills position i from both rows [v] of one vocabulary. */
  kernels::PairFault fill(size_t i, const float* x, const float* y, size_t v, int32_t id);
  /** Fills position i from rows [vx] and [vy] of vocabularies whose first `common` ids are the same. */
  kernels::PairFault fill_extended(size_t i, const float* x, size_t vx, const float* y, size_t vy, size_t common, int32_t id);

 private:
  void put(size_t i, const kernels::PairDivergences& divergences);
};

/** Columns of n positions, empty. */
PairColumns pair_columns(size_t n, const VocabularyComparison& vocabularies, int32_t top_k);

/** Fills position i from both rows [vr], [vs], of which the first `common` ids are compared; faults go where they belong. */
void reduce_pair(PairColumns& columns, size_t i, const float* x, size_t vr, const float* y, size_t vs, size_t common, int32_t id,
                 FirstFault& reference_fault, FirstFault& subject_fault);

/** The same ids in both, or the ids both have in common where the request allows that. Throws VOCABULARY_MISMATCH. */
VocabularyComparison check_vocabularies(const Vocabulary& reference, const Vocabulary& subject, const PairRequest& request);

/** Rows of a block of both passes: the smaller chunk and the longer rows decide, so that both cut the answer at the same places. */
int32_t pair_block_rows(int32_t reference_chunk, size_t vr, int32_t subject_chunk, size_t vs, double block_bytes);

/** What is decoded of prompt and answer: the last id is scored only, nothing comes after it. */
std::vector<int32_t> joined(const std::vector<int32_t>& prompt, const std::vector<int32_t>& answer);

PairColumns compare_pair(Context& reference, Context& subject, const PairRequest& request, const AbortFlag& abort);

}  // namespace unshift
