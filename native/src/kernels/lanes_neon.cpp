/** Lanes for 64-bit NEON: a pack is four registers of two doubles. */
#include "lanes.h"

#include <arm_neon.h>
#include <math.h>

#if defined(_MSC_VER)
#define __builtin_huge_valf() HUGE_VALF
#endif

namespace unshift::kernels {
namespace {

struct Pack { float64x2_t v[4]; };
struct FloatPack { float32x4_t v[4]; };

#define EACH(expression)                             \
  Pack o;                                            \
  for (int i = 0; i < 4; i++) o.v[i] = (expression); \
  return o

static inline Pack set1(double x) { EACH(vdupq_n_f64(x)); }
static inline Pack load(const float* x) { EACH(vcvt_f64_f32(vld1_f32(x + 2 * i))); }
static inline Pack load_double(const double* x) { EACH(vld1q_f64(x + 2 * i)); }
static inline void store(double* out, Pack a) { for (int i = 0; i < 4; i++) vst1q_f64(out + 2 * i, a.v[i]); }
static inline Pack add(Pack a, Pack b) { EACH(vaddq_f64(a.v[i], b.v[i])); }
static inline Pack sub(Pack a, Pack b) { EACH(vsubq_f64(a.v[i], b.v[i])); }
static inline Pack mul(Pack a, Pack b) { EACH(vmulq_f64(a.v[i], b.v[i])); }
static inline Pack div(Pack a, Pack b) { EACH(vdivq_f64(a.v[i], b.v[i])); }
static inline Pack fma_pack(Pack a, Pack b, Pack c) { EACH(vfmaq_f64(c.v[i], a.v[i], b.v[i])); }
// Selects rather than vmax/vmin: their answer to NaN differs from the other instruction sets'.
static inline Pack max_pack(Pack a, Pack b) { EACH(vbslq_f64(vcgtq_f64(a.v[i], b.v[i]), a.v[i], b.v[i])); }
static inline Pack min_pack(Pack a, Pack b) { EACH(vbslq_f64(vcltq_f64(a.v[i], b.v[i]), a.v[i], b.v[i])); }
static inline Pack abs_pack(Pack a) { EACH(vabsq_f64(a.v[i])); }
static inline Pack round_pack(Pack a) { EACH(vrndnq_f64(a.v[i])); }
static inline float64x2_t power(float64x2_t k) {
  return vreinterpretq_f64_s64(vshlq_n_s64(vaddq_s64(vcvtq_s64_f64(k), vdupq_n_s64(1023)), 52));
}
static inline Pack scale_by_power(Pack a, Pack k) { EACH(vmulq_f64(a.v[i], power(k.v[i]))); }
static inline Pack zero_where_less(Pack a, Pack x, Pack limit) { EACH(vbslq_f64(vcltq_f64(x.v[i], limit.v[i]), vdupq_n_f64(0), a.v[i])); }
static inline Pack zero_where_zero(Pack a, Pack x) { EACH(vbslq_f64(vceqzq_f64(x.v[i]), vdupq_n_f64(0), a.v[i])); }
#undef EACH

static inline FloatPack float_set1(float x) { FloatPack o; for (int i = 0; i < 4; i++) o.v[i] = vdupq_n_f32(x); return o; }
static inline FloatPack float_load(const float* x) { FloatPack o; for (int i = 0; i < 4; i++) o.v[i] = vld1q_f32(x + 4 * i); return o; }
static inline void float_store(float* out, FloatPack a) { for (int i = 0; i < 4; i++) vst1q_f32(out + 4 * i, a.v[i]); }
static inline FloatPack float_max(FloatPack a, FloatPack b) {
  FloatPack o;
  for (int i = 0; i < 4; i++) o.v[i] = vbslq_f32(vcgtq_f32(a.v[i], b.v[i]), a.v[i], b.v[i]);
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

extern const Lanes lanes_neon = {"neon", scan, sums, pair_sums, pair_mass, next_above, exp8};

}  // namespace unshift::kernels
