#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

#include "kernels/rows_out.h"

using namespace unshift::kernels;

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

/** What IEEE 754 says a binary16 is. */
double value_of(int half) {
  int exponent = (half >> 10) & 31, fraction = half & 1023;
  double magnitude = exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25);
  return half & 0x8000 ? -magnitude : magnitude;
}

/** The slow twin: the nearest of all finite binary16 and the next power of two, which stands for infinity; of two the even one. */
int nearest_half(float x) {
  double magnitude = std::abs(static_cast<double>(x));
  int low = 0, high = 0x7c00;  // value_of(0x7c00) would be 65536
  while (high - low > 1) {
    int middle = (low + high) / 2;
    (value_of(middle) <= magnitude ? low : high) = middle;
  }
  if (magnitude >= value_of(0x7c00)) low = high = 0x7c00;
  double below = magnitude - value_of(low), above = value_of(high) - magnitude;
  int chosen = below < above || (below == above && low % 2 == 0) ? low : high;
  return chosen | (std::signbit(x) ? 0x8000 : 0);
}

}  // namespace

TEST_CASE("every float16 and every place between two: to nearest, ties to even") {
  for (int half = 0; half < 0x7c00; half++) {
    auto x = static_cast<float>(value_of(half));
    REQUIRE(static_cast<double>(from_half(static_cast<uint16_t>(half))) == value_of(half));
    float middle = static_cast<float>((value_of(half) + value_of(half + 1)) / 2);
    int even = half % 2 == 0 ? half : half + 1;
    for (int sign : {0, 0x8000}) {
      float s = sign ? -1.0f : 1.0f;
      REQUIRE(to_half(s * x) == (half | sign));
      REQUIRE(to_half(s * std::nextafter(x, kInfinity)) == (half | sign));
      if (half > 0) REQUIRE(to_half(s * std::nextafter(x, 0.0f)) == (half | sign));
      REQUIRE(to_half(s * middle) == (even | sign));
      REQUIRE(to_half(s * std::nextafter(middle, 0.0f)) == (half | sign));
      REQUIRE(to_half(s * std::nextafter(middle, kInfinity)) == ((half + 1) | sign));
    }
  }
  CHECK(to_half(0.0f) == 0);
  CHECK(to_half(-0.0f) == 0x8000);
  CHECK(to_half(kInfinity) == 0x7c00);
  CHECK(to_half(-kInfinity) == 0xfc00);
  CHECK(to_half(std::numeric_limits<float>::max()) == 0x7c00);
  CHECK(std::isnan(from_half(to_half(std::numeric_limits<float>::quiet_NaN()))));
  CHECK(from_half(0xfc00) == -kInfinity);
}

TEST_CASE("random bits are rounded like the slow twin") {
  std::mt19937 random(7);
  for (int i = 0; i < 400000; i++) {
    auto bits = static_cast<uint32_t>(random());
    // Half of the draws fall where float16 has numbers.
    if (i % 2) bits = (bits & 0x807fffffu) | (100 + (bits >> 23) % 46) << 23;
    float x;
    std::memcpy(&x, &bits, sizeof x);
    if (std::isnan(x)) continue;
    REQUIRE(to_half(x) == nearest_half(x));
  }
}

TEST_CASE("rows come out as they are, as log-probabilities, as float16") {
  std::mt19937 random(3);
  std::normal_distribution<float> normal(0, 5);
  for (size_t v : {1u, 2u, 7u, 1024u, 1025u, 3000u}) {
    CAPTURE(v);
    std::vector<float> row(v), same(v), logs(v);
    std::vector<uint16_t> halves(v), half_logs(v);
    for (float& x : row) x = normal(random);
    if (v > 2) row[1] = -kInfinity;  // a masked id
    RowSums sums;
    REQUIRE(row_sums(row.data(), v, &sums) == RowFault::none);
    write_row(row.data(), v, nullptr, same.data());
    write_row(row.data(), v, &sums, logs.data());
    CHECK(write_half_row(row.data(), v, nullptr, halves.data()));
    CHECK(write_half_row(row.data(), v, &sums, half_logs.data()));
    CHECK(same == row);
    long double sum = 0;
    for (float x : row) sum += std::exp(static_cast<long double>(x));
    double total = 0;
    for (size_t i = 0; i < v; i++) {
      RowStatistics statistics;
      REQUIRE(row_statistics(row.data(), v, static_cast<int32_t>(i), &statistics) == RowFault::none);
      CHECK(logs[i] == static_cast<float>(statistics.logprob));
      if (std::isfinite(row[i])) CHECK(std::abs(logs[i] - (row[i] - std::log(sum))) < 1e-5L);
      CHECK(halves[i] == nearest_half(row[i]));
      CHECK(half_logs[i] == nearest_half(logs[i]));
      total += std::exp(static_cast<double>(logs[i]));
    }
    CHECK(total == doctest::Approx(1).epsilon(1e-5));
  }
}

TEST_CASE("a logit that float16 does not hold is told") {
  std::vector<uint16_t> out(3);
  CHECK(write_half_row(std::vector<float>{1, 65519.996f, -65504}.data(), 3, nullptr, out.data()));
  CHECK(out[1] == 0x7bff);
  CHECK_FALSE(write_half_row(std::vector<float>{1, -65520, 2}.data(), 3, nullptr, out.data()));
  CHECK(out[1] == 0xfc00);
}
