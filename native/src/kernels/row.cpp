/** Row statistics over the lanes of this machine: choice of the instruction set, and what is left after the sums. */
#include "row.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <vector>

#include "lanes.h"

#if defined(UNSHIFT_X86) && defined(_MSC_VER)
#include <immintrin.h>
#include <intrin.h>
#endif

namespace unshift::kernels {
namespace {

#if defined(UNSHIFT_X86)
struct Processor { bool avx2, avx512; };

Processor processor() {
#if defined(_MSC_VER)
  int leaf[4];
  __cpuid(leaf, 0);
  if (leaf[0] < 7) return {false, false};
  __cpuid(leaf, 1);
  bool os_saves = (leaf[2] & (1 << 27)) != 0, fma = (leaf[2] & (1 << 12)) != 0;
  if (!os_saves) return {false, false};
  unsigned long long saved = _xgetbv(0);
  __cpuidex(leaf, 7, 0);
  bool avx2 = fma && (leaf[1] & (1 << 5)) && (saved & 6) == 6;
  return {avx2, avx2 && (leaf[1] & (1 << 16)) && (saved & 0xe6) == 0xe6};
#else
  __builtin_cpu_init();
  bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  return {avx2, avx2 && __builtin_cpu_supports("avx512f")};
#endif
}
#endif

const Lanes* find_lanes(const char* name) {
#if defined(UNSHIFT_X86)
  Processor has = processor();
  if (has.avx512 && (!name || !strcmp(name, "avx512"))) return &lanes_avx512;
  if (has.avx2 && (!name || !strcmp(name, "avx2"))) return &lanes_avx2;
#endif
#if defined(UNSHIFT_NEON)
  if (!name || !strcmp(name, "neon")) return &lanes_neon;
#endif
  if (!name || !strcmp(name, "scalar")) return &lanes_scalar;
  return nullptr;
}

std::atomic<const Lanes*>& chosen() {
  static std::atomic<const Lanes*> lanes{find_lanes(nullptr)};
  return lanes;
}

RowFault fault_of(const Scan& scan) {
  if (scan.has_nan) return RowFault::not_a_number;
  if (scan.max == std::numeric_limits<float>::infinity()) return RowFault::infinite;
  if (scan.max == -std::numeric_limits<float>::infinity()) return RowFault::empty;
  return RowFault::none;
}

/** ln a − ln b without loss where a ≈ b; exactly antisymmetric. */
double log_ratio(double a, double b) { return a >= b ? std::log1p((a - b) / b) : -std::log1p((b - a) / a); }

/** Rounding may leave a divergence a hair below 0. */
double not_negative(double x) { return x > 0 ? x : 0.0; }

bool narrow(const Scan& scan) { return scan.max - scan.min <= kNarrow; }

const ExpLoops& loops_for(bool narrow) { return narrow ? lanes().narrow : lanes().any; }

RowStatistics statistics_of(float logit, const Scan& scan, const RowSums& sums) {
  RowStatistics out;
  out.logprob = (static_cast<double>(logit) - static_cast<double>(sums.max)) - std::log(sums.sum);
  out.rank = static_cast<int32_t>(1 + scan.greater);
  out.entropy = sums.entropy();
  out.log_sum_exp = sums.log_sum_exp();
  return out;
}

PairDivergences divergences_of(const float* reference, const float* subject, size_t v, const Scan& r, const Scan& s, PairSums* sums) {
  const ExpLoops& loops = loops_for(narrow(r) && narrow(s));
  loops.pair_sums(reference, subject, v, r.max, s.max, sums);
  double zr = sums->reference.sum, zs = sums->subject.sum, shift = log_ratio(zr, zs);
  double max_r = r.max, max_s = s.max;
  PairNormals normals{max_r + std::log(zr), max_s + std::log(zs), (max_r - max_s) + shift};
  PairMass mass;
  loops.pair_mass(reference, subject, v, &normals, &mass);
  // ln(p/q) = d − shift, so KL(r‖s) = Σ p d − shift and KL(s‖r) = shift − Σ q d.
  PairDivergences out;
  out.kl_reference_subject = not_negative(sums->reference_difference / zr - shift);
  out.kl_subject_reference = not_negative(shift - sums->subject_difference / zs);
  out.js = std::min(not_negative(mass.js), 0.69314718055994530942);
  out.tv = std::min(mass.tv, 1.0);
  return out;
}

}  // namespace

const Lanes& lanes() { return *chosen().load(std::memory_order_relaxed); }

const char* instruction_set() { return lanes().name; }

bool force_instruction_set(const char* name) {
  const Lanes* found = find_lanes(name);
  if (found) chosen().store(found, std::memory_order_relaxed);
  return found != nullptr;
}

double RowSums::log_sum_exp() const { return static_cast<double>(max) + std::log(sum); }

double RowSums::entropy() const { return not_negative(std::log(sum) - weighted / sum); }

RowFault row_fault(const float* row, size_t v) {
  Scan scan;
  lanes().scan(row, v, std::numeric_limits<float>::infinity(), &scan);
  return fault_of(scan);
}

RowFault row_sums(const float* row, size_t v, RowSums* out) {
  Scan scan;
  lanes().scan(row, v, std::numeric_limits<float>::infinity(), &scan);
  if (RowFault fault = fault_of(scan); fault != RowFault::none) return fault;
  ExpSums sums;
  loops_for(narrow(scan)).sums(row, v, scan.max, &sums);
  *out = {scan.max, sums.sum, sums.weighted};
  return RowFault::none;
}

RowFault row_max(const float* row, size_t v, float* max) {
  Scan scan;
  lanes().scan(row, v, std::numeric_limits<float>::infinity(), &scan);
  *max = scan.max;
  return fault_of(scan);
}

double tempered_sum(const float* row, size_t n, float max, double temperature) { return lanes().tempered(row, n, max, 1.0 / temperature); }

size_t next_above(const float* row, size_t from, size_t v, float threshold) { return lanes().next_above(row, from, v, threshold); }

RowFault row_statistics(const float* row, size_t v, int32_t id, RowStatistics* out, RowSums* sums) {
  Scan scan;
  lanes().scan(row, v, row[id], &scan);
  if (RowFault fault = fault_of(scan); fault != RowFault::none) return fault;
  ExpSums exps;
  loops_for(narrow(scan)).sums(row, v, scan.max, &exps);
  RowSums s{scan.max, exps.sum, exps.weighted};
  *out = statistics_of(row[id], scan, s);
  if (sums) *sums = s;
  return RowFault::none;
}

void top_k(const float* row, size_t v, double log_sum_exp, int32_t k, int32_t* ids, double* logprobs) {
  size_t want = std::min<size_t>(static_cast<size_t>(std::max(k, 0)), v);
  if (want == 0) return;
  auto before = [row](int32_t a, int32_t b) { return row[a] > row[b] || (row[a] == row[b] && a < b); };
  if (want > 128) {
    // A heap of the best so far, the worst of them on top: only a strictly greater logit may take its place.
    int32_t* end = ids + want;
    std::iota(ids, end, 0);
    std::make_heap(ids, end, before);
    for (size_t i = want; (i = lanes().next_above(row, i, v, row[ids[0]])) < v; i++) {
      std::pop_heap(ids, end, before);
      end[-1] = static_cast<int32_t>(i);
      std::push_heap(ids, end, before);
    }
    std::sort_heap(ids, end, before);
  } else {
    // A sorted list of the best so far; ids come in rising order, so only a strictly greater logit may enter a full list.
    size_t size = 0;
    auto insert = [&](int32_t id) {
      size_t at = size < want ? size++ : want - 1;
      while (at > 0 && row[ids[at - 1]] < row[id]) {
        ids[at] = ids[at - 1];
        at--;
      }
      ids[at] = id;
    };
    size_t i = 0;
    while (i < want) insert(static_cast<int32_t>(i++));
    while ((i = lanes().next_above(row, i, v, row[ids[want - 1]])) < v) insert(static_cast<int32_t>(i++));
  }
  for (size_t i = 0; i < want; i++) logprobs[i] = static_cast<double>(row[ids[i]]) - log_sum_exp;
}

int32_t argmax(const float* row, size_t v) {
  Scan scan;
  lanes().scan(row, v, std::numeric_limits<float>::infinity(), &scan);
  if (fault_of(scan) != RowFault::none) return -1;
  // The first id above everything smaller than the maximum is the first that reaches it.
  float below = std::nextafter(scan.max, -std::numeric_limits<float>::infinity());
  return static_cast<int32_t>(lanes().next_above(row, 0, v, below));
}

RowFault pair_divergences(const float* reference, const float* subject, size_t v, PairDivergences* out) {
  const float no_pivot = std::numeric_limits<float>::infinity();
  Scan r, s;
  lanes().scan(reference, v, no_pivot, &r);
  if (RowFault fault = fault_of(r); fault != RowFault::none) return fault;
  lanes().scan(subject, v, no_pivot, &s);
  if (RowFault fault = fault_of(s); fault != RowFault::none) return fault;
  PairSums sums;
  *out = divergences_of(reference, subject, v, r, s, &sums);
  return RowFault::none;
}

PairFault pair_statistics(const float* reference, const float* subject, size_t v, int32_t id, RowStatistics* reference_out,
                          RowStatistics* subject_out, PairDivergences* divergences) {
  Scan r, s;
  lanes().scan(reference, v, reference[id], &r);
  lanes().scan(subject, v, subject[id], &s);
  PairFault fault{fault_of(r), fault_of(s)};
  if (fault.any()) return fault;
  PairSums sums;
  *divergences = divergences_of(reference, subject, v, r, s, &sums);
  *reference_out = statistics_of(reference[id], r, {r.max, sums.reference.sum, sums.reference.weighted});
  *subject_out = statistics_of(subject[id], s, {s.max, sums.subject.sum, sums.subject.weighted});
  return fault;
}

double tail_mass(const float* row, size_t v, size_t from, const RowSums& sums) {
  if (from >= v) return 0;
  ExpSums tail;
  lanes().any.sums(row + from, v - from, sums.max, &tail);
  return std::min(tail.sum / sums.sum, 1.0);
}

}  // namespace unshift::kernels
