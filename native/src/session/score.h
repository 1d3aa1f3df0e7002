/** Teacher-forced statistics of one model over an item, and of two models over the same answer. */
#pragma once

#include <cstdint>
#include <vector>

#include "../kernels/row.h"
#include "context.h"

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

PairColumns compare_pair(Context& reference, Context& subject, const PairRequest& request, const AbortFlag& abort);

}  // namespace unshift
