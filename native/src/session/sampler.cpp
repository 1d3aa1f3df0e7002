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
  kernels::RowSums sums;
  if (kernels::row_sums(row, v_, &sums) != kernels::RowFault::none) return -1;
  auto weight = [&](int32_t id) { return std::exp((static_cast<double>(row[id]) - sums.max) / settings_.temperature); };
  bool nucleus = settings_.top_p < 1;

  // Candidates by falling logit: the k best, or as many as the nucleus may need (doubled until it is covered).
  size_t k = settings_.top_k > 0 ? std::min(static_cast<size_t>(settings_.top_k), v_) : v_;
  size_t size = nucleus && k > 256 ? 256 : k;
  double total = 0;
  if (nucleus && k == v_) {
    for (size_t id = 0; id < v_; id++) total += weight(static_cast<int32_t>(id));
  }
  for (;; size = std::min(size * 4, k)) {
    candidates_.resize(size);
    weights_.resize(size);
    if (size == v_ && !nucleus) {
      std::iota(candidates_.begin(), candidates_.end(), 0);  // nothing is cut by rank: id order will do
    } else {
      kernels::top_k(row, v_, 0, static_cast<int32_t>(size), candidates_.data(), weights_.data());
    }
    for (size_t i = 0; i < size; i++) weights_[i] = weight(candidates_[i]);
    double mass = std::accumulate(weights_.begin(), weights_.end(), 0.0);
    if (!nucleus) {
      total = mass;
      break;
    }
    if (k < v_ && size == k) total = mass;  // the nucleus is taken of what top-k left
    if (size == k || (k == v_ && mass >= settings_.top_p * total)) break;
  }
  if (nucleus) {
    double sum = 0;
    size_t keep = 0;
    while (keep < candidates_.size() && (keep == 0 || sum < settings_.top_p * total)) sum += weights_[keep++];
    candidates_.resize(keep);
    weights_.resize(keep);
  }
  if (settings_.min_p > 0) {
    // The largest weight is exp(0) = 1.
    for (size_t i = 0; i < weights_.size(); i++) {
      if (weights_[i] < settings_.min_p) weights_[i] = 0;
    }
  }
  total = std::accumulate(weights_.begin(), weights_.end(), 0.0);
  double at = random_.uniform() * total, sum = 0;
  int32_t last = -1;
  for (size_t i = 0; i < weights_.size(); i++) {
    if (weights_[i] == 0) continue;
    last = candidates_[i];
    sum += weights_[i];
    if (sum > at) break;
  }
  return last;
}

}  // namespace unshift
