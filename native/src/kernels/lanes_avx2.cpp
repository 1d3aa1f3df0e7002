/** Lanes for AVX2 + FMA: a pack is two registers of four doubles. */
#include "lanes.h"

#include <immintrin.h>
#include <math.h>

#if defined(_MSC_VER)
#define __builtin_huge_valf() HUGE_VALF
#endif

namespace unshift::kernels {
namespace {

struct Pack { __m256d a, b; };
struct FloatPack { __m256 a, b; };

static inline Pack set1(double x) { return {_mm256_set1_pd(x), _mm256_set1_pd(x)}; }
static inline Pack load(const float* x) { return {_mm256_cvtps_pd(_mm_loadu_ps(x)), _mm256_cvtps_pd(_mm_loadu_ps(x + 4))}; }
static inline Pack load_double(const double* x) { return {_mm256_loadu_pd(x), _mm256_loadu_pd(x + 4)}; }
static inline void store(double* out, Pack x) { _mm256_storeu_pd(out, x.a); _mm256_storeu_pd(out + 4, x.b); }
static inline Pack add(Pack x, Pack y) { return {_mm256_add_pd(x.a, y.a), _mm256_add_pd(x.b, y.b)}; }
static inline Pack sub(Pack x, Pack y) { return {_mm256_sub_pd(x.a, y.a), _mm256_sub_pd(x.b, y.b)}; }
static inline Pack mul(Pack x, Pack y) { return {_mm256_mul_pd(x.a, y.a), _mm256_mul_pd(x.b, y.b)}; }
static inline Pack div(Pack x, Pack y) { return {_mm256_div_pd(x.a, y.a), _mm256_div_pd(x.b, y.b)}; }
static inline Pack fma_pack(Pack x, Pack y, Pack z) { return {_mm256_fmadd_pd(x.a, y.a, z.a), _mm256_fmadd_pd(x.b, y.b, z.b)}; }
static inline Pack max_pack(Pack x, Pack y) { return {_mm256_max_pd(x.a, y.a), _mm256_max_pd(x.b, y.b)}; }
static inline Pack min_pack(Pack x, Pack y) { return {_mm256_min_pd(x.a, y.a), _mm256_min_pd(x.b, y.b)}; }
static inline Pack abs_pack(Pack x) {
  __m256d sign = _mm256_set1_pd(-0.0);
  return {_mm256_andnot_pd(sign, x.a), _mm256_andnot_pd(sign, x.b)};
}
static inline Pack round_pack(Pack x) {
  const int mode = _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC;
  return {_mm256_round_pd(x.a, mode), _mm256_round_pd(x.b, mode)};
}
/** 2^k for whole k in [−1022, 0]: the number goes to the exponent field. */
static inline __m256d power(__m256d k) {
  __m256d magic = _mm256_set1_pd(6755399441055744.0);  // 1.5 · 2^52: the low mantissa bits then hold k
  __m256i bits = _mm256_castpd_si256(_mm256_add_pd(k, magic));
  return _mm256_castsi256_pd(_mm256_slli_epi64(_mm256_add_epi64(bits, _mm256_set1_epi64x(1023)), 52));
}
static inline Pack scale_by_power(Pack x, Pack k) { return {_mm256_mul_pd(x.a, power(k.a)), _mm256_mul_pd(x.b, power(k.b))}; }
static inline Pack zero_where_less(Pack v, Pack x, Pack limit) {
  return {_mm256_andnot_pd(_mm256_cmp_pd(x.a, limit.a, _CMP_LT_OQ), v.a), _mm256_andnot_pd(_mm256_cmp_pd(x.b, limit.b, _CMP_LT_OQ), v.b)};
}
static inline Pack zero_where_zero(Pack v, Pack x) {
  __m256d zero = _mm256_setzero_pd();
  return {_mm256_andnot_pd(_mm256_cmp_pd(x.a, zero, _CMP_EQ_OQ), v.a), _mm256_andnot_pd(_mm256_cmp_pd(x.b, zero, _CMP_EQ_OQ), v.b)};
}

static inline FloatPack float_set1(float x) { return {_mm256_set1_ps(x), _mm256_set1_ps(x)}; }
static inline FloatPack float_load(const float* x) { return {_mm256_loadu_ps(x), _mm256_loadu_ps(x + 8)}; }
static inline void float_store(float* out, FloatPack x) { _mm256_storeu_ps(out, x.a); _mm256_storeu_ps(out + 8, x.b); }
static inline FloatPack float_max(FloatPack x, FloatPack y) { return {_mm256_max_ps(x.a, y.a), _mm256_max_ps(x.b, y.b)}; }
static inline int float_count_greater(FloatPack x, FloatPack y) {
  int a = _mm256_movemask_ps(_mm256_cmp_ps(x.a, y.a, _CMP_GT_OQ)), b = _mm256_movemask_ps(_mm256_cmp_ps(x.b, y.b, _CMP_GT_OQ));
  return (int)_mm_popcnt_u32((unsigned)(a | b << 8));
}
static inline bool float_any_nan(FloatPack x) {
  return _mm256_movemask_ps(_mm256_or_ps(_mm256_cmp_ps(x.a, x.a, _CMP_UNORD_Q), _mm256_cmp_ps(x.b, x.b, _CMP_UNORD_Q))) != 0;
}

#include "lanes_body.inl"

}  // namespace

extern const Lanes lanes_avx2 = {"avx2", scan, sums, pair_sums, pair_mass, next_above, exp8};

}  // namespace unshift::kernels
