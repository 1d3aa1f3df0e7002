/**
 * Statistics of rows of logits: what the rest of the addon is for.
 *
 * A row is float32 [v]: the unnormalised log-probabilities a model gives every id of its vocabulary. Sums run in double over a
 * fixed number of lanes in a fixed order, so a result depends neither on the number of threads nor on the instruction set
 * (every implementation uses the same fused operations). Logarithms are natural, divergences in nats.
 *
 * −inf is a masked id (probability 0, 0·log 0 = 0). NaN or +inf anywhere makes a row not finite; so does a row of −inf only.
 *
 * The obvious slow versions these are tested against live in test/cpp/scalar_twin.h.
 */
#pragma once

#include <cstddef>
#include <cstdint>

namespace unshift::kernels {

/** Sums over one row relative to its maximum. */
struct RowSums {
  float max = 0;            // largest logit
  double sum = 0;           // Σ exp(x − max)
  double weighted = 0;      // Σ (x − max) · exp(x − max)
  double log_sum_exp() const;
  double entropy() const;   // nats, ≥ 0
};

/** What a row says about one id. */
struct RowStatistics {
  double logprob = 0;
  int32_t rank = 0;         // 1 + number of ids with a strictly greater logit
  double entropy = 0;
  double log_sum_exp = 0;
};

struct PairDivergences {
  double kl_reference_subject = 0;  // KL(reference ‖ subject); +inf where the subject excludes what the reference allows
  double kl_subject_reference = 0;
  double js = 0;                    // 0 … ln 2
  double tv = 0;                    // 0 … 1
};

enum class RowFault { none, not_a_number, infinite, empty };

/** Statistics of `id` in `row` [v]. `sums` may be null; it receives the sums for further use. */
RowFault row_statistics(const float* row, size_t v, int32_t id, RowStatistics* out, RowSums* sums = nullptr);

/** Only whether the row is one of numbers. */
RowFault row_fault(const float* row, size_t v);

/** Only the sums. */
RowFault row_sums(const float* row, size_t v, RowSums* out);

/** Only the largest logit. */
RowFault row_max(const float* row, size_t v, float* max);

/** Σ exp((x − max) / temperature) over a row or a piece of one; `max` is the whole row's. */
double tempered_sum(const float* row, size_t n, float max, double temperature);

/** Smallest index ≥ from with a logit > threshold; v if there is none. */
size_t next_above(const float* row, size_t from, size_t v, float threshold);

/**
 * The k best ids by falling logit, equal logits by rising id, and their log-probabilities under `log_sum_exp`.
 * Writes min(k, v) entries. The row must be free of NaN.
 */
void top_k(const float* row, size_t v, double log_sum_exp, int32_t k, int32_t* ids, double* logprobs);

/** Index of the largest logit, the smallest of equals; −1 if the row holds NaN, +inf or nothing but −inf. */
int32_t argmax(const float* row, size_t v);

/**
 * Divergences of two rows over the same v ids, each renormalised over them. Identical rows give exactly 0, and exchanging the
 * rows exchanges the two KL values and leaves JS and TV alone, bit for bit.
 */
RowFault pair_divergences(const float* reference, const float* subject, size_t v, PairDivergences* out);

/** A fault in each of two rows. */
struct PairFault {
  RowFault reference = RowFault::none, subject = RowFault::none;
  bool any() const { return reference != RowFault::none || subject != RowFault::none; }
};

/**
 * row_statistics of `id` in both rows [v] and their pair_divergences, with the same bits in one pass less over each row.
 * `divergences` is written only where neither row has a fault.
 */
PairFault pair_statistics(const float* reference, const float* subject, size_t v, int32_t id, RowStatistics* reference_out,
                          RowStatistics* subject_out, PairDivergences* divergences);

/** Probability mass of ids [from, v) of a row whose sums over all of [0, v) are given. */
double tail_mass(const float* row, size_t v, size_t from, const RowSums& sums);

/** `scalar`, `avx2`, `avx512` or `neon`: what this machine runs. */
const char* instruction_set();

/** For tests and measurements: use this implementation from now on. False if the machine or the build lacks it. */
bool force_instruction_set(const char* name);

}  // namespace unshift::kernels
