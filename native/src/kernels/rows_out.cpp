#include "rows_out.h"

#include <cmath>
#include <cstring>

namespace unshift::kernels {
namespace {

constexpr uint32_t kInfinity = 0x7f800000u;
constexpr uint32_t kHalfSubnormal = 0x38800000u;  // 2^-14: below, binary16 has fewer than 11 bits
constexpr uint32_t kHalfOverflow = 0x477ff000u;   // 65520: from here on the nearest binary16 is infinity

uint32_t bits_of(float x) {
  uint32_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  return bits;
}

float float_of(uint32_t bits) {
  float x;
  std::memcpy(&x, &bits, sizeof x);
  return x;
}

}  // namespace

uint16_t to_half(float x) {
  uint32_t bits = bits_of(x), sign = (bits >> 16) & 0x8000u, magnitude = bits & 0x7fffffffu;
  // Selections instead of branches, so that a compiler can take several at once.
  // Normal: 13 bits go; half of the last place less one, and one more where the place is odd, rounds ties to even.
  uint32_t normal = (magnitude + 0xfffu + ((magnitude >> 13) & 1u) - 0x38000000u) >> 13;
  // Small: adding 0.5 leaves 2^-24, the smallest binary16, as the last place of the sum, which the processor rounds.
  uint32_t small = bits_of(float_of(magnitude < kHalfSubnormal ? magnitude : 0u) + 0.5f) - 0x3f000000u;
  uint32_t half = magnitude < kHalfSubnormal ? small : normal;
  half = magnitude >= kHalfOverflow ? 0x7c00u : half;
  half = magnitude > kInfinity ? 0x7e00u : half;
  return static_cast<uint16_t>(sign | half);
}

float from_half(uint16_t half) {
  uint32_t sign = static_cast<uint32_t>(half & 0x8000u) << 16, exponent = (half >> 10) & 31u, fraction = half & 0x3ffu;
  if (exponent == 31) return float_of(sign | kInfinity | fraction << 13);
  if (exponent == 0) return float_of(sign | bits_of(std::ldexp(static_cast<float>(fraction), -24)));
  return float_of(sign | (exponent + 112) << 23 | fraction << 13);
}

void write_row(const float* row, size_t v, const RowSums* sums, float* out) {
  if (!sums) {
    std::memcpy(out, row, v * sizeof *row);
    return;
  }
  // In the order of row_statistics, so that both give the same double.
  double max = static_cast<double>(sums->max), log_sum = std::log(sums->sum);
  for (size_t i = 0; i < v; i++) out[i] = static_cast<float>((static_cast<double>(row[i]) - max) - log_sum);
}

bool write_half_row(const float* row, size_t v, const RowSums* sums, uint16_t* out) {
  constexpr size_t kStep = 1024;
  float values[kStep];
  bool fits = true;
  for (size_t from = 0; from < v; from += kStep) {
    size_t n = v - from < kStep ? v - from : kStep;
    write_row(row + from, n, sums, values);
    uint32_t over = 0;
    for (size_t i = 0; i < n; i++) {
      uint32_t magnitude = bits_of(values[i]) & 0x7fffffffu;
      over |= static_cast<uint32_t>(magnitude >= kHalfOverflow) & static_cast<uint32_t>(magnitude < kInfinity);
      out[from + i] = to_half(values[i]);
    }
    fits &= over == 0;
  }
  return fits;
}

}  // namespace unshift::kernels
