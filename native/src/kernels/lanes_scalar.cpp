/** Lanes without vector instructions: arrays of sixteen doubles. The fused operations keep its results equal to the others'. */
#include "lanes.h"

#include <math.h>
#include <string.h>

#if defined(_MSC_VER)
#define __builtin_huge_valf() HUGE_VALF
#endif

namespace unshift::kernels {
namespace {

struct Pack { double v[16]; };
struct FloatPack { float v[16]; };

#define EACH(expression)                       \
  Pack o;                                      \
  for (int i = 0; i < 16; i++) o.v[i] = (expression); \
  return o

static inline Pack set1(double x) { EACH(x); }
static inline Pack load(const float* x) { EACH((double)x[i]); }
static inline Pack load_double(const double* x) { EACH(x[i]); }
static inline void store(double* out, Pack a) { for (int i = 0; i < 16; i++) out[i] = a.v[i]; }
static inline Pack add(Pack a, Pack b) { EACH(a.v[i] + b.v[i]); }
static inline Pack sub(Pack a, Pack b) { EACH(a.v[i] - b.v[i]); }
static inline Pack mul(Pack a, Pack b) { EACH(a.v[i] * b.v[i]); }
static inline Pack fma_pack(Pack a, Pack b, Pack c) { EACH(fma(a.v[i], b.v[i], c.v[i])); }
static inline Pack fnma_pack(Pack a, Pack b, Pack c) { EACH(fma(-a.v[i], b.v[i], c.v[i])); }
static inline Pack max_pack(Pack a, Pack b) { EACH(a.v[i] > b.v[i] ? a.v[i] : b.v[i]); }
static inline Pack minus_abs(Pack a) { EACH(-fabs(a.v[i])); }
/** a · 2^k for the k in the low bits of `shifted`. */
static inline double add_exponent(double a, double shifted) {
  uint64_t bits, k;
  memcpy(&bits, &a, sizeof bits);
  memcpy(&k, &shifted, sizeof k);
  bits += k << 52;
  memcpy(&a, &bits, sizeof a);
  return a;
}
static inline Pack add_exponent(Pack a, Pack shifted) { EACH(add_exponent(a.v[i], shifted.v[i])); }
/** a, or 0 where x < limit. */
static inline Pack zero_where_less(Pack a, Pack x, Pack limit) { EACH(x.v[i] < limit.v[i] ? 0.0 : a.v[i]); }
/** a, or 0 where x is 0. */
static inline Pack zero_where_zero(Pack a, Pack x) { EACH(x.v[i] == 0.0 ? 0.0 : a.v[i]); }
#undef EACH

static inline FloatPack float_set1(float x) { FloatPack o; for (int i = 0; i < 16; i++) o.v[i] = x; return o; }
static inline FloatPack float_load(const float* x) { FloatPack o; for (int i = 0; i < 16; i++) o.v[i] = x[i]; return o; }
static inline void float_store(float* out, FloatPack a) { for (int i = 0; i < 16; i++) out[i] = a.v[i]; }
static inline FloatPack float_max(FloatPack a, FloatPack b) {
  FloatPack o;
  for (int i = 0; i < 16; i++) o.v[i] = a.v[i] > b.v[i] ? a.v[i] : b.v[i];
  return o;
}
static inline FloatPack float_min(FloatPack a, FloatPack b) {
  FloatPack o;
  for (int i = 0; i < 16; i++) o.v[i] = a.v[i] < b.v[i] ? a.v[i] : b.v[i];
  return o;
}
static inline int float_count_greater(FloatPack a, FloatPack b) {
  int n = 0;
  for (int i = 0; i < 16; i++) n += a.v[i] > b.v[i];
  return n;
}
static inline bool float_any_nan(FloatPack a) {
  bool nan = false;
  for (int i = 0; i < 16; i++) nan |= a.v[i] != a.v[i];
  return nan;
}

#include "lanes_body.inl"

}  // namespace

extern const Lanes lanes_scalar = {"scalar", scan, kNarrowLoops, kAnyLoops, tempered, next_above, exp16};

}  // namespace unshift::kernels
