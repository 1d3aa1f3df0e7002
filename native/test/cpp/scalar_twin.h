/**
 * The kernels as one would write them on a blackboard, in long double and without care for speed. The real ones are compared
 * with these.
 */
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

namespace twin {

using Row = std::vector<float>;
using Real = long double;

inline std::vector<Real> probabilities(const Row& x, size_t n) {
  Real max = *std::max_element(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(n)), sum = 0;
  std::vector<Real> p(n);
  for (size_t i = 0; i < n; i++) sum += p[i] = std::exp(static_cast<Real>(x[i]) - max);
  for (Real& value : p) value /= sum;
  return p;
}

inline Real log_sum_exp(const Row& x) {
  Real max = *std::max_element(x.begin(), x.end()), sum = 0;
  for (float value : x) sum += std::exp(static_cast<Real>(value) - max);
  return max + std::log(sum);
}

inline int32_t rank(const Row& x, size_t id) {
  return 1 + static_cast<int32_t>(std::count_if(x.begin(), x.end(), [&](float other) { return other > x[id]; }));
}

inline Real entropy(const Row& x) {
  Real lse = log_sum_exp(x), h = 0;
  for (float value : x) {
    Real p = std::exp(value - lse);
    if (p > 0) h -= p * (value - lse);
  }
  return h;
}

inline std::vector<int32_t> top(const Row& x, size_t k) {
  std::vector<int32_t> ids(x.size());
  std::iota(ids.begin(), ids.end(), 0);
  std::stable_sort(ids.begin(), ids.end(), [&](int32_t a, int32_t b) { return x[static_cast<size_t>(a)] > x[static_cast<size_t>(b)]; });
  ids.resize(std::min(k, ids.size()));
  return ids;
}

/** KL(a ‖ b) from the logits, so that probabilities too small for a number still have a logarithm. */
inline Real kl(const Row& a, const Row& b) {
  Real la = log_sum_exp(a), lb = log_sum_exp(b), sum = 0;
  for (size_t i = 0; i < a.size(); i++) {
    Real p = std::exp(a[i] - la);
    if (p > 0) sum += p * ((a[i] - la) - (b[i] - lb));
  }
  return sum;
}

inline Real js(const Row& a, const Row& b) {
  std::vector<Real> p = probabilities(a, a.size()), q = probabilities(b, b.size());
  Real sum = 0;
  for (size_t i = 0; i < p.size(); i++) {
    Real m = (p[i] + q[i]) / 2;
    if (p[i] > 0) sum += p[i] * std::log(p[i] / m) / 2;
    if (q[i] > 0) sum += q[i] * std::log(q[i] / m) / 2;
  }
  return sum;
}

inline Real tv(const Row& a, const Row& b) {
  std::vector<Real> p = probabilities(a, a.size()), q = probabilities(b, b.size());
  Real sum = 0;
  for (size_t i = 0; i < p.size(); i++) sum += std::abs(p[i] - q[i]) / 2;
  return sum;
}

}  // namespace twin
