/** Lanes for 64-bit NEON: a pack is eight registers of two doubles. */
#include "lanes.h"

#include <arm_neon.h>
#include <math.h>

#if defined(_MSC_VER)
#define __builtin_huge_valf() HUGE_VALF
#endif

namespace unshift::kernels {
namespace {

// Members, not an array: GCC keeps an array of registers in memory.
struct Quad { float64x2_t a, b, c, d; };
struct Pack { Quad low, high; };
struct FloatPack { float32x4_t v[4]; };

#define QUAD1(f, x) {f((x).a), f((x).b), f((x).c), f((x).d)}
#define QUAD2(f, x, y) {f((x).a, (y).a), f((x).b, (y).b), f((x).c, (y).c), f((x).d, (y).d)}
#define QUAD3(f, x, y, z) {f((x).a, (y).a, (z).a), f((x).b, (y).b, (z).b), f((x).c, (y).c, (z).c), f((x).d, (y).d, (z).d)}
#define EACH1(f, x) return {QUAD1(f, (x).low), QUAD1(f, (x).high)}
#define EACH2(f, x, y) return {QUAD2(f, (x).low, (y).low), QUAD2(f, (x).high, (y).high)}
#define EACH3(f, x, y, z) return {QUAD3(f, (x).low, (y).low, (z).low), QUAD3(f, (x).high, (y).high, (z).high)}

static inline float64x2_t load_two(const float* x) { return vcvt_f64_f32(vld1_f32(x)); }
static inline float64x2_t fma_two(float64x2_t x, float64x2_t y, float64x2_t z) { return vfmaq_f64(z, x, y); }
static inline float64x2_t fnma_two(float64x2_t x, float64x2_t y, float64x2_t z) { return vfmsq_f64(z, x, y); }
// A select rather than vmax: its answer to NaN differs from the other instruction sets'.
static inline float64x2_t max_two(float64x2_t x, float64x2_t y) { return vbslq_f64(vcgtq_f64(x, y), x, y); }
static inline float64x2_t minus_abs(float64x2_t x) { return vnegq_f64(vabsq_f64(x)); }
static inline float64x2_t add_exponent(float64x2_t x, float64x2_t shifted) {
  return vreinterpretq_f64_s64(vaddq_s64(vreinterpretq_s64_f64(x), vshlq_n_s64(vreinterpretq_s64_f64(shifted), 52)));
}
static inline float64x2_t zero_where_less(float64x2_t v, float64x2_t x, float64x2_t limit) { return vbslq_f64(vcltq_f64(x, limit), vdupq_n_f64(0), v); }
static inline float64x2_t zero_where_zero(float64x2_t v, float64x2_t x) { return vbslq_f64(vceqzq_f64(x), vdupq_n_f64(0), v); }

static inline Pack set1(double x) {
  float64x2_t two = vdupq_n_f64(x);
  return {{two, two, two, two}, {two, two, two, two}};
}
static inline Pack load(const float* x) {
  return {{load_two(x), load_two(x + 2), load_two(x + 4), load_two(x + 6)}, {load_two(x + 8), load_two(x + 10), load_two(x + 12), load_two(x + 14)}};
}
static inline Pack load_double(const double* x) {
  return {{vld1q_f64(x), vld1q_f64(x + 2), vld1q_f64(x + 4), vld1q_f64(x + 6)}, {vld1q_f64(x + 8), vld1q_f64(x + 10), vld1q_f64(x + 12), vld1q_f64(x + 14)}};
}
static inline void store(double* out, Quad x) {
  vst1q_f64(out, x.a);
  vst1q_f64(out + 2, x.b);
  vst1q_f64(out + 4, x.c);
  vst1q_f64(out + 6, x.d);
}
static inline void store(double* out, Pack x) { store(out, x.low); store(out + 8, x.high); }
static inline Pack add(Pack x, Pack y) { EACH2(vaddq_f64, x, y); }
static inline Pack sub(Pack x, Pack y) { EACH2(vsubq_f64, x, y); }
static inline Pack mul(Pack x, Pack y) { EACH2(vmulq_f64, x, y); }
static inline Pack fma_pack(Pack x, Pack y, Pack z) { EACH3(fma_two, x, y, z); }
static inline Pack fnma_pack(Pack x, Pack y, Pack z) { EACH3(fnma_two, x, y, z); }
static inline Pack max_pack(Pack x, Pack y) { EACH2(max_two, x, y); }
static inline Pack minus_abs(Pack x) { EACH1(minus_abs, x); }
/** x · 2^k for the k in the low bits of `shifted`. */
static inline Pack add_exponent(Pack x, Pack shifted) { EACH2(add_exponent, x, shifted); }
/** v, or 0 where x < limit. */
static inline Pack zero_where_less(Pack v, Pack x, Pack limit) { EACH3(zero_where_less, v, x, limit); }
/** v, or 0 where x is 0. */
static inline Pack zero_where_zero(Pack v, Pack x) { EACH2(zero_where_zero, v, x); }
#undef QUAD1
#undef QUAD2
#undef QUAD3
#undef EACH1
#undef EACH2
#undef EACH3

static inline FloatPack float_set1(float x) { FloatPack o; for (int i = 0; i < 4; i++) o.v[i] = vdupq_n_f32(x); return o; }
static inline FloatPack float_load(const float* x) { FloatPack o; for (int i = 0; i < 4; i++) o.v[i] = vld1q_f32(x + 4 * i); return o; }
static inline void float_store(float* out, FloatPack a) { for (int i = 0; i < 4; i++) vst1q_f32(out + 4 * i, a.v[i]); }
static inline FloatPack float_max(FloatPack a, FloatPack b) {
  FloatPack o;
  for (int i = 0; i < 4; i++) o.v[i] = vbslq_f32(vcgtq_f32(a.v[i], b.v[i]), a.v[i], b.v[i]);
  return o;
}
static inline FloatPack float_min(FloatPack a, FloatPack b) {
  FloatPack o;
  for (int i = 0; i < 4; i++) o.v[i] = vbslq_f32(vcltq_f32(a.v[i], b.v[i]), a.v[i], b.v[i]);
  return o;
}
static inline int float_count_greater(FloatPack a, FloatPack b) {
  uint32x4_t n = vdupq_n_u32(0);
  for (int i = 0; i < 4; i++) n = vsubq_u32(n, vcgtq_f32(a.v[i], b.v[i]));  // a true lane is −1
  return (int)vaddvq_u32(n);
}
static inline bool float_any_nan(FloatPack a) {
  uint32x4_t ordered = vdupq_n_u32(~0u);
  for (int i = 0; i < 4; i++) ordered = vandq_u32(ordered, vceqq_f32(a.v[i], a.v[i]));
  return vminvq_u32(ordered) == 0;
}

#include "lanes_body.inl"

}  // namespace

extern const Lanes lanes_neon = {"neon", scan, kNarrowLoops, kAnyLoops, tempered, next_above, exp16};

}  // namespace unshift::kernels
