// One file, because every kernel is checked on the same rows against the same scalar twins, on every instruction set.
#include <doctest/doctest.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <limits>
#include <random>
#include <string>

#include "kernels/lanes.h"
#include "kernels/parallel.h"
#include "kernels/row.h"
#include "scalar_twin.h"

using namespace unshift::kernels;
using twin::Row;

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

std::vector<const char*> instruction_sets() {
  std::vector<const char*> names;
  for (const char* name : {"scalar", "avx2", "avx512", "neon"}) {
    if (force_instruction_set(name)) names.push_back(name);
  }
  return names;
}

Row random_row(size_t v, unsigned seed, float spread) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal(0, spread);
  Row row(v);
  for (float& x : row) x = normal(random);
  return row;
}

/** Equal to 1e-6 relative, or both below what double sums of such rows resolve. */
bool close(double value, long double truth) {
  if (value == static_cast<double>(truth)) return true;  // also infinities
  return std::abs(value - static_cast<double>(truth)) <= 1e-6 * std::abs(static_cast<double>(truth)) + 1e-14;
}

bool same_bits(double a, double b) { return std::memcmp(&a, &b, sizeof a) == 0; }

bool same_bits(const RowStatistics& a, const RowStatistics& b) {
  return same_bits(a.logprob, b.logprob) && a.rank == b.rank && same_bits(a.entropy, b.entropy) && same_bits(a.log_sum_exp, b.log_sum_exp);
}

bool same_bits(const PairDivergences& a, const PairDivergences& b) {
  return same_bits(a.kl_reference_subject, b.kl_reference_subject) && same_bits(a.kl_subject_reference, b.kl_subject_reference) &&
         same_bits(a.js, b.js) && same_bits(a.tv, b.tv);
}

void check_row(const Row& row, int32_t id) {
  RowStatistics statistics;
  REQUIRE(row_statistics(row.data(), row.size(), id, &statistics) == RowFault::none);
  long double lse = twin::log_sum_exp(row);
  CHECK(close(statistics.log_sum_exp, lse));
  CHECK(close(statistics.logprob, row[static_cast<size_t>(id)] - lse));
  CHECK(statistics.rank == twin::rank(row, static_cast<size_t>(id)));
  CHECK(close(statistics.entropy, twin::entropy(row)));
  for (int32_t k : {1, 3, 10, 200}) {
    std::vector<int32_t> expected = twin::top(row, static_cast<size_t>(k)), ids(expected.size());
    std::vector<double> logprobs(ids.size());
    top_k(row.data(), row.size(), statistics.log_sum_exp, k, ids.data(), logprobs.data());
    CHECK(ids == expected);
    CHECK(close(logprobs[0], row[static_cast<size_t>(ids[0])] - lse));
  }
  CHECK(argmax(row.data(), row.size()) == twin::top(row, 1)[0]);
}

PairDivergences divergences(const Row& a, const Row& b) {
  PairDivergences out;
  REQUIRE(pair_divergences(a.data(), b.data(), a.size(), &out) == RowFault::none);
  return out;
}

void check_pair(const Row& a, const Row& b) {
  PairDivergences ab = divergences(a, b), ba = divergences(b, a);
  CHECK(close(ab.kl_reference_subject, twin::kl(a, b)));
  CHECK(close(ab.kl_subject_reference, twin::kl(b, a)));
  CHECK(close(ab.js, twin::js(a, b)));
  CHECK(close(ab.tv, twin::tv(a, b)));
  CHECK(same_bits(ab.kl_reference_subject, ba.kl_subject_reference));
  CHECK(same_bits(ab.kl_subject_reference, ba.kl_reference_subject));
  CHECK(same_bits(ab.js, ba.js));
  CHECK(same_bits(ab.tv, ba.tv));
  CHECK(ab.js >= 0);
  CHECK(ab.tv >= 0);
}

}  // namespace

TEST_CASE("every instruction set agrees with the twin") {
  for (const char* name : instruction_sets()) {
    CAPTURE(name);
    REQUIRE(force_instruction_set(name));
    for (size_t v : {1u, 2u, 7u, 8u, 15u, 16u, 17u, 31u, 33u, 100u, 1000u, 4096u, 32003u}) {
      CAPTURE(v);
      for (float spread : {0.01f, 1.0f, 5.0f, 40.0f}) {
        Row a = random_row(v, static_cast<unsigned>(v), spread), b = random_row(v, static_cast<unsigned>(v) + 1, spread);
        check_row(a, static_cast<int32_t>(v / 3));
        check_row(a, static_cast<int32_t>(v - 1));
        check_pair(a, b);
        Row near = a;
        for (size_t i = 0; i < v; i++) near[i] += 1e-3f * b[i];
        check_pair(a, near);
      }
    }
  }
}

TEST_CASE("all instruction sets give the same bits") {
  Row a = random_row(32003, 5, 6), b = random_row(32003, 6, 6);
  for (bool masked : {false, true}) {
    if (masked) a[17] = -kInfinity;
    std::vector<PairDivergences> pairs;
    std::vector<RowStatistics> rows;
    for (const char* name : instruction_sets()) {
      REQUIRE(force_instruction_set(name));
      pairs.push_back(divergences(a, b));
      rows.emplace_back();
      REQUIRE(row_statistics(a.data(), a.size(), 100, &rows.back()) == RowFault::none);
    }
    for (size_t i = 1; i < pairs.size(); i++) {
      CHECK(same_bits(pairs[i], pairs[0]));
      CHECK(same_bits(rows[i], rows[0]));
    }
  }
}

TEST_CASE("both rows in one pass: the bits of row statistics and divergences apart") {
  for (const char* name : instruction_sets()) {
    REQUIRE(force_instruction_set(name));
    for (size_t v : {1u, 8u, 16u, 33u, 1000u, 32003u}) {
      for (float spread : {0.01f, 5.0f, 400.0f}) {
        Row a = random_row(v, 7, spread), b = random_row(v, 8, spread);
        if (v == 33) b[4] = -kInfinity;
        auto id = static_cast<int32_t>(v / 2);
        RowStatistics r, s, r_alone, s_alone;
        PairDivergences d;
        PairFault fault = pair_statistics(a.data(), b.data(), v, id, &r, &s, &d);
        REQUIRE(fault.reference == RowFault::none);
        REQUIRE(fault.subject == RowFault::none);
        REQUIRE(row_statistics(a.data(), v, id, &r_alone) == RowFault::none);
        REQUIRE(row_statistics(b.data(), v, id, &s_alone) == RowFault::none);
        CHECK(same_bits(r, r_alone));
        CHECK(same_bits(s, s_alone));
        CHECK(same_bits(d, divergences(a, b)));
      }
    }
    Row good(40, 1.0f), bad = good;
    bad[39] = kNaN;
    RowStatistics r, s;
    PairDivergences d;
    PairFault fault = pair_statistics(good.data(), bad.data(), 40, 0, &r, &s, &d);
    CHECK(fault.reference == RowFault::none);
    CHECK(fault.subject == RowFault::not_a_number);
    bad[39] = kInfinity;
    CHECK(pair_statistics(bad.data(), good.data(), 40, 0, &r, &s, &d).reference == RowFault::infinite);
  }
}

TEST_CASE("loops without masks give the bits of those with") {
  for (const char* name : instruction_sets()) {
    REQUIRE(force_instruction_set(name));
    for (size_t v : {5u, 16u, 1003u}) {
      Row a = random_row(v, 31, 60), b = random_row(v, 32, 60);
      a[0] = 0, a[v - 1] = -kNarrow;
      float max_a = *std::max_element(a.begin(), a.end()), max_b = *std::max_element(b.begin(), b.end());
      for (float& x : a) x = std::max(x, max_a - kNarrow);
      ExpSums x, y;
      PairSums p, q;
      PairMass m, n;
      PairNormals normals{max_a + 1.0, max_b + 2.0, static_cast<double>(max_a) - max_b - 1.0};
      const Lanes& use = lanes();
      use.narrow.sums(a.data(), v, max_a, &x), use.any.sums(a.data(), v, max_a, &y);
      use.narrow.pair_sums(a.data(), b.data(), v, max_a, max_b, &p), use.any.pair_sums(a.data(), b.data(), v, max_a, max_b, &q);
      use.narrow.pair_mass(a.data(), b.data(), v, &normals, &m);
      use.any.pair_mass(a.data(), b.data(), v, &normals, &n);
      CHECK(std::memcmp(&x, &y, sizeof x) == 0);
      CHECK(std::memcmp(&p, &q, sizeof p) == 0);
      CHECK(std::memcmp(&m, &n, sizeof m) == 0);
    }
  }
}

TEST_CASE("identical rows diverge by exactly nothing") {
  for (const char* name : instruction_sets()) {
    REQUIRE(force_instruction_set(name));
    for (size_t v : {1u, 5u, 16u, 1001u, 50257u}) {
      for (float spread : {0.0f, 0.1f, 8.0f, 300.0f}) {
        Row row = random_row(v, 11, spread);
        if (v > 4) row[3] = -kInfinity;
        PairDivergences d = divergences(row, row);
        CHECK(same_bits(d.kl_reference_subject, 0.0));
        CHECK(same_bits(d.kl_subject_reference, 0.0));
        CHECK(same_bits(d.js, 0.0));
        CHECK(same_bits(d.tv, 0.0));
      }
    }
  }
}

TEST_CASE("masked ids have no mass") {
  for (const char* name : instruction_sets()) {
    REQUIRE(force_instruction_set(name));
    Row a = random_row(100, 1, 2), b = random_row(100, 2, 2);
    a[5] = b[5] = -kInfinity;
    check_pair(a, b);
    check_row(a, 5);
    RowStatistics statistics;
    REQUIRE(row_statistics(a.data(), a.size(), 5, &statistics) == RowFault::none);
    CHECK(statistics.logprob == -std::numeric_limits<double>::infinity());
    CHECK(statistics.rank == 100);
    // What only one side excludes makes one direction infinite and leaves the rest finite.
    b[9] = -kInfinity;
    PairDivergences d = divergences(a, b);
    CHECK(d.kl_reference_subject == std::numeric_limits<double>::infinity());
    CHECK(close(d.kl_subject_reference, twin::kl(b, a)));
    CHECK(close(d.js, twin::js(a, b)));
    CHECK(close(d.tv, twin::tv(a, b)));
  }
}

TEST_CASE("disjoint rows reach the bounds") {
  Row a(64, -kInfinity), b(64, -kInfinity);
  a[3] = 1;
  b[60] = 7;
  PairDivergences d = divergences(a, b);
  CHECK(d.tv == 1.0);
  CHECK(std::abs(d.js - std::log(2.0)) < 1e-12);
  Row far_a(64, 0.0f), far_b(64, 0.0f);
  far_a[0] = 1e4f;
  far_b[1] = 1e4f;
  check_pair(far_a, far_b);
}

TEST_CASE("what is not finite is a fault, not a number") {
  for (const char* name : instruction_sets()) {
    REQUIRE(force_instruction_set(name));
    for (size_t v : {1u, 9u, 16u, 35u}) {
      for (size_t at = 0; at < v; at += 7) {
        Row row = random_row(v, 3, 1), good = row;
        RowStatistics statistics;
        PairDivergences d;
        row[at] = kNaN;
        CHECK(row_fault(good.data(), v) == RowFault::none);
        CHECK(row_fault(row.data(), v) == RowFault::not_a_number);
        CHECK(row_statistics(row.data(), v, 0, &statistics) == RowFault::not_a_number);
        CHECK(pair_divergences(row.data(), good.data(), v, &d) == RowFault::not_a_number);
        CHECK(pair_divergences(good.data(), row.data(), v, &d) == RowFault::not_a_number);
        CHECK(argmax(row.data(), v) == -1);
        row[at] = kInfinity;
        CHECK(row_fault(row.data(), v) == RowFault::infinite);
        CHECK(row_statistics(row.data(), v, 0, &statistics) == RowFault::infinite);
        CHECK(argmax(row.data(), v) == -1);
      }
      Row nothing(v, -kInfinity);
      RowStatistics statistics;
      CHECK(row_fault(nothing.data(), v) == RowFault::empty);
      CHECK(row_statistics(nothing.data(), v, 0, &statistics) == RowFault::empty);
    }
  }
}

TEST_CASE("equal logits: rank counts the strictly greater, ties go to the smaller id") {
  Row row(1000, 2.5f);
  check_row(row, 999);
  RowStatistics statistics;
  REQUIRE(row_statistics(row.data(), row.size(), 999, &statistics) == RowFault::none);
  CHECK(statistics.rank == 1);
  CHECK(close(statistics.entropy, std::log(1000.0L)));
  std::mt19937 random(9);
  for (float& x : row) x = static_cast<float>(random() % 5);
  check_row(row, 500);
  int32_t ids[200];
  double logprobs[200];
  top_k(row.data(), row.size(), 0, 200, ids, logprobs);
  for (int i = 1; i < 200; i++) {
    bool falling = row[static_cast<size_t>(ids[i - 1])] > row[static_cast<size_t>(ids[i])];
    bool tie = row[static_cast<size_t>(ids[i - 1])] == row[static_cast<size_t>(ids[i])] && ids[i - 1] < ids[i];
    CHECK((falling || tie));
  }
}

TEST_CASE("a shift of all logits changes nothing that matters") {
  Row a = random_row(5000, 21, 3), b = random_row(5000, 22, 3), shifted = a;
  for (float& x : shifted) x = (x * 1024.0f + 512.0f) / 1024.0f;  // exact steps
  for (size_t i = 0; i < a.size(); i++) a[i] = std::round(a[i] * 64) / 64, shifted[i] = a[i] + 8;
  PairDivergences d = divergences(a, b), e = divergences(shifted, b);
  CHECK(close(d.kl_reference_subject, e.kl_reference_subject));
  CHECK(close(d.js, e.js));
  CHECK(divergences(a, shifted).kl_reference_subject < 1e-12);
}

TEST_CASE("tempered sums") {
  for (const char* name : instruction_sets()) {
    REQUIRE(force_instruction_set(name));
    Row row = random_row(1003, 4, 3);
    row[9] = -kInfinity;
    float max;
    REQUIRE(row_max(row.data(), row.size(), &max) == RowFault::none);
    for (double temperature : {0.001, 0.7, 1.0, 30.0}) {
      long double expected = 0;
      for (float x : row) expected += std::exp((static_cast<long double>(x) - max) / temperature);
      CHECK(close(tempered_sum(row.data(), row.size(), max, temperature), expected));
    }
  }
}

TEST_CASE("long lists of the best: rising ids among equals, whatever the order they come in") {
  Row row(4000);
  for (size_t i = 0; i < row.size(); i++) row[i] = static_cast<float>((i * 7919) % 97);
  for (int32_t k : {129, 500, 3999, 4000, 5000}) {
    std::vector<int32_t> expected = twin::top(row, static_cast<size_t>(k)), ids(expected.size());
    std::vector<double> logprobs(ids.size());
    top_k(row.data(), row.size(), 0, k, ids.data(), logprobs.data());
    CHECK(ids == expected);
  }
}

TEST_CASE("mass of a tail") {
  Row row = random_row(1000, 4, 3);
  RowSums sums;
  REQUIRE(row_sums(row.data(), row.size(), &sums) == RowFault::none);
  std::vector<twin::Real> p = twin::probabilities(row, row.size());
  twin::Real expected = 0;
  for (size_t i = 901; i < 1000; i++) expected += p[i];
  CHECK(close(tail_mass(row.data(), 1000, 901, sums), expected));
  CHECK(tail_mass(row.data(), 1000, 1000, sums) == 0);
}

TEST_CASE("exp is right to a few units in the last place, the further below 1 the fewer") {
  for (const char* name : instruction_sets()) {
    REQUIRE(force_instruction_set(name));
    std::mt19937_64 random(1);
    std::uniform_real_distribution<double> range(-708, 0), small(-1, 0), usual(-40, 0);
    double worst = 0, worst_usual = 0;
    for (int i = 0; i < 150000; i++) {
      double y[16], e[16];
      for (double& value : y) value = i % 3 == 0 ? range(random) : i % 3 == 1 ? small(random) : usual(random);
      lanes().exp16(y, e);
      for (int j = 0; j < 16; j++) {
        long double truth = std::exp(static_cast<long double>(y[j]));
        double error = static_cast<double>(std::abs(e[j] - truth) / truth);
        worst = std::max(worst, error);
        if (y[j] >= -40) worst_usual = std::max(worst_usual, error);
      }
    }
    MESSAGE(std::string(name) << ": largest relative error of exp " << worst_usual << " down to -40, " << worst << " down to -708");
    CHECK(worst_usual < 2e-15);
    CHECK(worst < 2.5e-14);
    double edge[16] = {0, -0.0, -708, -708.5, -1e4, -1e300, -std::numeric_limits<double>::infinity(), -0.34657359027997264}, e[16];
    lanes().exp16(edge, e);
    CHECK(e[0] == 1);
    CHECK(e[1] == 1);
    CHECK(e[2] > 0);
    for (int j = 3; j < 7; j++) CHECK(e[j] == 0);
  }
}

TEST_CASE("rows over threads: any number gives the same") {
  std::vector<Row> rows;
  for (unsigned i = 0; i < 40; i++) rows.push_back(random_row(2000, i, 4));
  std::vector<std::vector<double>> results;
  for (int threads : {1, 2, 3, 8, 64}) {
    std::vector<double> result(rows.size());
    parallel_rows(rows.size(), threads, [&](size_t i) {
      RowStatistics statistics;
      row_statistics(rows[i].data(), 2000, 7, &statistics);
      result[i] = statistics.entropy;
    });
    results.push_back(result);
    CHECK(result == results[0]);
  }
}

namespace {

volatile double sink;  // keeps what is computed from being dropped

/** The loops in double, as a reader would write them without lanes. */
void plain_row(const Row& a, size_t id) {
  double max = *std::max_element(a.begin(), a.end()), sum = 0, weighted = 0;
  int greater = 0;
  for (float x : a) {
    double e = std::exp(x - max);
    sum += e;
    weighted += e * (x - max);
    greater += x > a[id];
  }
  sink = sum + weighted + greater;
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

/** The shortest of `times` runs in milliseconds: what other work on the machine adds is left out. */
double shortest(int times, const std::function<void()>& body) {
  double best = 1e9;
  for (int i = 0; i < times; i++) {
    auto start = std::chrono::steady_clock::now();
    body();
    best = std::min(best, std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
  }
  return best;
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || defined(__SANITIZE_UNDEFINED__)
constexpr bool kInstrumented = true;
#else
constexpr bool kInstrumented = false;
#endif

}  // namespace

// A guard against a kernel that quietly lost its vectors: two loops of one run are compared, never a time with a number of yesterday.
TEST_CASE("vectors pay" * doctest::skip(kInstrumented)) {
  const char* best = instruction_sets().back();
  if (std::string(best) == "scalar") return;
  REQUIRE(force_instruction_set(best));
  Row a = random_row(32000, 1, 4), b = random_row(32000, 2, 4);
  RowStatistics statistics, other;
  PairDivergences d;
  double row = 1e9, pair = 1e9, both = 1e9, apart = 1e9, slow_row = 1e9, slow_pair = 1e9;
  // In turn, so that a machine that is busy for a while is busy for all.
  for (int round = 0; round < 10; round++) {
    row = std::min(row, shortest(3, [&] { row_statistics(a.data(), a.size(), 7, &statistics); }));
    slow_row = std::min(slow_row, shortest(3, [&] { plain_row(a, 7); }));
    pair = std::min(pair, shortest(3, [&] { pair_divergences(a.data(), b.data(), a.size(), &d); }));
    slow_pair = std::min(slow_pair, shortest(3, [&] { plain_pair(a, b); }));
    both = std::min(both, shortest(3, [&] { pair_statistics(a.data(), b.data(), a.size(), 7, &statistics, &other, &d); }));
    apart = std::min(apart, shortest(3, [&] {
      row_statistics(a.data(), a.size(), 7, &statistics);
      row_statistics(b.data(), b.size(), 7, &other);
      pair_divergences(a.data(), b.data(), a.size(), &d);
    }));
  }
  MESSAGE(std::string(best) << ": plain / ours: row " << slow_row / row << ", pair " << slow_pair / pair << "; apart / in one pass " << apart / both);
  CHECK(slow_row / row > 2.5);
  CHECK(slow_pair / pair > 4);
  CHECK(apart / both > 1.1);
}

TEST_CASE("speed" * doctest::skip(std::getenv("UNSHIFT_MEASURE") == nullptr)) {
  const size_t v = 128256;
  Row a = random_row(v, 1, 4), b = random_row(v, 2, 4);
  auto measure = [](const std::function<void()>& body) { return shortest(15, body); };
  double plain_of_row = measure([&] { plain_row(a, 7); }), plain_of_pair = measure([&] { plain_pair(a, b); });
  MESSAGE("plain double: row " << plain_of_row << " ms, pair " << plain_of_pair << " ms");
  for (const char* name : instruction_sets()) {
    force_instruction_set(name);
    RowStatistics statistics;
    PairDivergences d;
    int32_t ids[10];
    double logprobs[10];
    double row = measure([&] { row_statistics(a.data(), v, 7, &statistics); });
    double top = measure([&] { top_k(a.data(), v, 0, 10, ids, logprobs); });
    double pair = measure([&] { pair_divergences(a.data(), b.data(), v, &d); });
    RowStatistics other;
    double both = measure([&] { pair_statistics(a.data(), b.data(), v, 7, &statistics, &other, &d); });
    MESSAGE(std::string(name) << ": row " << row << " ms, top-10 " << top << " ms, pair " << pair << " ms, both rows and pair " << both << " ms");
  }
}
