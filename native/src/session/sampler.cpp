#include "sampler.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "../kernels/row.h"
#include "grammar.h"

namespace unshift {

Random::Random(uint64_t seed) {
  for (uint64_t& word : state_) {
    uint64_t z = (seed += 0x9e3779b97f4a7c15ULL);
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
    word = z ^ z >> 31;
  }
}

uint64_t Random::next() {
  auto rotate = [](uint64_t x, int n) { return x << n | x >> (64 - n); };
  uint64_t result = rotate(state_[0] + state_[3], 23) + state_[0];
  uint64_t t = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= t;
  state_[3] = rotate(state_[3], 45);
  return result;
}

Sampler::Sampler(const SamplerSettings& settings, int32_t v, const std::vector<int32_t>& prompt)
    : settings_(settings), v_(static_cast<size_t>(v)), random_(settings.seed) {
  if (settings_.repetition_penalty == 1) return;
  is_seen_.resize(v_);
  for (int32_t id : prompt) remember(id);
}

void Sampler::remember(int32_t id) {
  if (settings_.repetition_penalty == 1 || is_seen_[static_cast<size_t>(id)]) return;
  is_seen_[static_cast<size_t>(id)] = true;
  seen_.push_back(id);
}

int32_t Sampler::sample(float* row, Grammar* grammar) {
  if (settings_.repetition_penalty != 1) {
    auto penalty = static_cast<float>(settings_.repetition_penalty);
    for (int32_t id : seen_) {
      float& logit = row[id];
      logit = logit > 0 ? logit / penalty : logit * penalty;
    }
  }
  int32_t id = grammar ? choose(row, *grammar) : choose(row);
  if (id >= 0) remember(id);
  return id;
}

int32_t Sampler::choose(const float* row) { return settings_.temperature == 0 ? kernels::argmax(row, v_) : draw(row); }

int32_t Sampler::choose(float* row, Grammar& grammar) {
  int32_t id = choose(row);
  if (id < 0 || grammar.allows(id)) return id;
  if (settings_.temperature == 0) {
    id = grammar.best(row);
    return id < 0 ? none_allowed : id;
  }
  return grammar.mask(row) ? draw(row) : none_allowed;
}

int32_t Sampler::draw(const float* row) {
  float max;
  if (kernels::row_max(row, v_, &max) != kernels::RowFault::none) return not_finite;
  if (settings_.top_k > 0 || settings_.top_p < 1) {
    cut_by_rank(row, max);
  } else if (settings_.min_p > 0) {
    cut_by_weight(row, max);
  } else {
    return draw_from_all(row, max);
  }
  if (settings_.min_p > 0) {
    // The largest weight is exp(0) = 1.
    for (double& weight : weights_) {
      if (weight < settings_.min_p) weight = 0;
    }
  }
  double total = std::accumulate(weights_.begin(), weights_.end(), 0.0);
  double at = random_.uniform() * total, sum = 0;
  int32_t last = not_finite;
  for (size_t i = 0; i < weights_.size(); i++) {
    if (weights_[i] == 0) continue;
    last = candidates_[i];
    sum += weights_[i];
    if (sum > at) break;
  }
  return last;
}

double Sampler::weight(float logit, float max) const { return std::exp((static_cast<double>(logit) - static_cast<double>(max)) / settings_.temperature); }

void Sampler::cut_by_rank(const float* row, float max) {
  bool nucleus = settings_.top_p < 1;
  size_t k = settings_.top_k > 0 ? std::min(static_cast<size_t>(settings_.top_k), v_) : v_;
  // As many of the best as the nucleus may need: four times as many until it is covered.
  size_t size = nucleus && k > 64 ? 64 : k;
  double total = nucleus && k == v_ ? kernels::tempered_sum(row, v_, max, settings_.temperature) : 0;
  for (;; size = std::min(size * 4, k)) {
    candidates_.resize(size);
    weights_.resize(size);
    kernels::top_k(row, v_, 0, static_cast<int32_t>(size), candidates_.data(), weights_.data());
    for (size_t i = 0; i < size; i++) weights_[i] = weight(row[candidates_[i]], max);
    double mass = std::accumulate(weights_.begin(), weights_.end(), 0.0);
    if (k < v_ && size == k) total = mass;  // the nucleus is taken of what top-k left
    if (size == k || (k == v_ && mass >= settings_.top_p * total)) break;
  }
  if (!nucleus) return;
  double sum = 0;
  size_t keep = 0;
  while (keep < candidates_.size() && (keep == 0 || sum < settings_.top_p * total)) sum += weights_[keep++];
  candidates_.resize(keep);
  weights_.resize(keep);
}

void Sampler::cut_by_weight(const float* row, float max) {
  // A little below the cut, so that rounding loses nobody; weights decide.
  double cut = static_cast<double>(max) + settings_.temperature * std::log(settings_.min_p);
  auto below = static_cast<float>(cut - 1e-6 * (1 + std::abs(cut)));
  candidates_.clear();
  weights_.clear();
  for (size_t i = 0; (i = kernels::next_above(row, i, v_, below)) < v_; i++) {
    candidates_.push_back(static_cast<int32_t>(i));
    weights_.push_back(weight(row[i], max));
  }
}

int32_t Sampler::draw_from_all(const float* row, float max) {
  constexpr size_t kPiece = 1024;
  weights_.clear();
  for (size_t from = 0; from < v_; from += kPiece) {
    weights_.push_back(kernels::tempered_sum(row + from, std::min(kPiece, v_ - from), max, settings_.temperature));
  }
  double at = random_.uniform() * std::accumulate(weights_.begin(), weights_.end(), 0.0), sum = 0, after = 0;
  // The piece in which the sum passes `at`, or the last one that has any mass; then the id within it.
  size_t piece = 0;
  for (size_t i = 0; i < weights_.size() && after <= at; i++) {
    if (weights_[i] == 0) continue;
    piece = i;
    sum = after;
    after += weights_[i];
  }
  int32_t last = not_finite;
  for (size_t i = piece * kPiece; i < std::min((piece + 1) * kPiece, v_); i++) {
    double w = weight(row[i], max);
    if (w == 0) continue;
    last = static_cast<int32_t>(i);
    sum += w;
    if (sum > at) break;
  }
  return last;
}

}  // namespace unshift
