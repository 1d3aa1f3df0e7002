/**
 * Choosing the next id from a row: repetition penalty, then greedy or temperature → top-k → top-p → min-p → draw.
 *
 * Under a grammar the id chosen so is kept where it is allowed. Otherwise it is chosen again from the allowed ids alone, cuts by
 * rank and mass included; without cuts a draw follows exactly the distribution restricted to them.
 *
 * The generator is our own and belongs to one request, so a request's ids depend on its seed and its logits only, never on the
 * slot it runs in or on its neighbours.
 */
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace unshift {

class Grammar;

/** xoshiro256++, seeded by splitmix64. */
class Random {
 public:
  explicit Random(uint64_t seed);
  uint64_t next();
  /** Uniform in [0, 1), 53 bits. */
  double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

 private:
  uint64_t state_[4];
};

struct SamplerSettings {
  double temperature = 0;        // 0: greedy, ties to the smaller id
  int32_t top_k = 0;             // 0: off
  double top_p = 1;              // 1: off
  double min_p = 0;              // 0: off
  double repetition_penalty = 1; // 1: off
  uint64_t seed = 0;
};

class Sampler {
 public:
  Sampler(const SamplerSettings& settings, int32_t v, const std::vector<int32_t>& prompt);

  static constexpr int32_t not_finite = -1, none_allowed = -2;

  /**
   * The next id, or one of the two above. Changes `row` [v] in place (penalty, what `grammar` refuses). The id is remembered for
   * the penalty; telling the grammar is left to the caller.
   */
  int32_t sample(float* row, Grammar* grammar = nullptr);

  /** Whether `sample` may change the row. */
  bool changes_row(const Grammar* grammar) const { return settings_.repetition_penalty != 1 || grammar; }
  bool greedy() const { return settings_.temperature == 0; }

 private:
  void remember(int32_t id);
  int32_t choose(const float* row);
  int32_t choose(float* row, Grammar& grammar);
  int32_t draw(const float* row);
  /** exp((x − max) / temperature) */
  double weight(float logit, float max) const;
  /** Candidates and weights by falling logit: the k best, the nucleus of them. */
  void cut_by_rank(const float* row, float max);
  /** Candidates and weights by rising id: those whose weight may reach min-p. */
  void cut_by_weight(const float* row, float max);
  /** Nothing is cut: weights of pieces of the row find the piece, weights of its ids the id. */
  int32_t draw_from_all(const float* row, float max);

  SamplerSettings settings_;
  size_t v_;
  Random random_;
  std::vector<int32_t> seen_;      // distinct ids of prompt and output
  std::vector<bool> is_seen_;      // [v], only with a penalty
  std::vector<int32_t> candidates_;
  std::vector<double> weights_;
};

}  // namespace unshift
