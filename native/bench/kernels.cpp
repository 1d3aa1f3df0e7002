#include <cmath>
#include <random>

#include "../test/cpp/scalar_twin.h"
#include "kernels/row.h"
#include "measures.h"

namespace unshift::bench {
namespace {

using twin::Row;

Row random_row(uint32_t seed, size_t v) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal(0, 4);
  Row row(v);
  for (float& x : row) x = normal(random);
  return row;
}

volatile double sink;  // keeps what is computed from being dropped

/** The loops as one writes them without lanes, in double: one exp an id and pass, a list of the ten best. */
void plain_row(const Row& x, size_t id) {
  double max = *std::max_element(x.begin(), x.end()), sum = 0, weighted = 0;
  int rank = 1;
  for (float value : x) {
    double e = std::exp(value - max);
    sum += e;
    weighted += e * (value - max);
    rank += value > x[id];
  }
  std::vector<int32_t> best(x.size());
  std::iota(best.begin(), best.end(), 0);
  std::partial_sort(best.begin(), best.begin() + 10, best.end(), [&](int32_t a, int32_t b) {
    float xa = x[static_cast<size_t>(a)], xb = x[static_cast<size_t>(b)];
    return xa > xb || (xa == xb && a < b);
  });
  sink = std::log(sum) - weighted / sum + rank + best[9];
}

void plain_pair(const Row& a, const Row& b) {
  double ma = *std::max_element(a.begin(), a.end()), mb = *std::max_element(b.begin(), b.end()), sa = 0, sb = 0;
  for (size_t i = 0; i < a.size(); i++) sa += std::exp(a[i] - ma), sb += std::exp(b[i] - mb);
  double ka = 0, kb = 0, j = 0, t = 0;
  for (size_t i = 0; i < a.size(); i++) {
    double p = std::exp(a[i] - ma) / sa, q = std::exp(b[i] - mb) / sb, m = (p + q) / 2;
    ka += p * std::log(p / q);
    kb += q * std::log(q / p);
    j += (p * std::log(p / m) + q * std::log(q / m)) / 2;
    t += std::abs(p - q) / 2;
  }
  sink = ka + kb + j + t;
}

}  // namespace

void measure_kernels(const Arguments& arguments) {
  int32_t v = arguments.number("vocabulary", 128256), repeat = arguments.number("repeat", 8);
  arguments.check_all_used();
  auto n = static_cast<size_t>(v);
  Row a = random_row(1, n), b = random_row(2, n);
  auto times = [repeat](const std::function<void()>& body) {
    return [=] {
      for (int32_t i = 0; i < repeat; i++) body();
    };
  };
  answer_lines({{"vocabulary", v}, {"rows", repeat}},
               {{"twin row", times([&] {
                sink = static_cast<double>(twin::log_sum_exp(a)) + twin::rank(a, 7) + static_cast<double>(twin::entropy(a)) + twin::top(a, 10)[9];
              })},
             {"plain row", times([&] { plain_row(a, 7); })},
             {"row", times([&] {
                kernels::RowStatistics statistics;
                int32_t ids[10];
                double logprobs[10];
                kernels::row_statistics(a.data(), n, 7, &statistics);
                kernels::top_k(a.data(), n, statistics.log_sum_exp, 10, ids, logprobs);
                sink = statistics.entropy + logprobs[9];
              })},
             {"twin pair", times([&] { sink = static_cast<double>(twin::kl(a, b) + twin::kl(b, a) + twin::js(a, b) + twin::tv(a, b)); })},
             {"plain pair", times([&] { plain_pair(a, b); })},
             {"pair", times([&] {
                kernels::PairDivergences divergences;
                kernels::pair_divergences(a.data(), b.data(), n, &divergences);
                sink = divergences.js;
              })},
             {"apart", times([&] {
                kernels::RowStatistics first, second;
                kernels::PairDivergences divergences;
                kernels::row_statistics(a.data(), n, 7, &first);
                kernels::row_statistics(b.data(), n, 7, &second);
                kernels::pair_divergences(a.data(), b.data(), n, &divergences);
                sink = first.entropy + second.entropy + divergences.js;
              })},
             {"both", times([&] {
                kernels::RowStatistics first, second;
                kernels::PairDivergences divergences;
                kernels::pair_statistics(a.data(), b.data(), n, 7, &first, &second, &divergences);
                sink = first.entropy + second.entropy + divergences.js;
              })}});
}

}  // namespace unshift::bench
