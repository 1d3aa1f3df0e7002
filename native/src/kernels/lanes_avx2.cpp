/** Lanes for AVX2 + FMA: a pack is four registers of four doubles. */
#include "lanes.h"

#include <immintrin.h>
#include <math.h>

#if defined(_MSC_VER)
#define __builtin_huge_valf() HUGE_VALF
#endif

namespace unshift::kernels {
namespace {

// Members, not an array: GCC keeps an array of registers in memory.
struct Pack { __m256d a, b, c, d; };
struct FloatPack { __m256 a, b; };

#define EACH1(f, x) return {f((x).a), f((x).b), f((x).c), f((x).d)}
#define EACH2(f, x, y) return {f((x).a, (y).a), f((x).b, (y).b), f((x).c, (y).c), f((x).d, (y).d)}
#define EACH3(f, x, y, z) return {f((x).a, (y).a, (z).a), f((x).b, (y).b, (z).b), f((x).c, (y).c, (z).c), f((x).d, (y).d, (z).d)}

static inline __m256d load_four(const float* x) { return _mm256_cvtps_pd(_mm_loadu_ps(x)); }
static inline __m256d minus_abs(__m256d x) { return _mm256_or_pd(_mm256_set1_pd(-0.0), x); }
static inline __m256d add_exponent(__m256d x, __m256d shifted) {
  return _mm256_castsi256_pd(_mm256_add_epi64(_mm256_castpd_si256(x), _mm256_slli_epi64(_mm256_castpd_si256(shifted), 52)));
}
static inline __m256d zero_where_less(__m256d v, __m256d x, __m256d limit) { return _mm256_andnot_pd(_mm256_cmp_pd(x, limit, _CMP_LT_OQ), v); }
static inline __m256d zero_where_zero(__m256d v, __m256d x) { return _mm256_andnot_pd(_mm256_cmp_pd(x, _mm256_setzero_pd(), _CMP_EQ_OQ), v); }

static inline Pack set1(double x) { return {_mm256_set1_pd(x), _mm256_set1_pd(x), _mm256_set1_pd(x), _mm256_set1_pd(x)}; }
static inline Pack load(const float* x) { return {load_four(x), load_four(x + 4), load_four(x + 8), load_four(x + 12)}; }
static inline Pack load_double(const double* x) { return {_mm256_loadu_pd(x), _mm256_loadu_pd(x + 4), _mm256_loadu_pd(x + 8), _mm256_loadu_pd(x + 12)}; }
static inline void store(double* out, Pack x) {
  _mm256_storeu_pd(out, x.a);
  _mm256_storeu_pd(out + 4, x.b);
  _mm256_storeu_pd(out + 8, x.c);
  _mm256_storeu_pd(out + 12, x.d);
}
static inline Pack add(Pack x, Pack y) { EACH2(_mm256_add_pd, x, y); }
static inline Pack sub(Pack x, Pack y) { EACH2(_mm256_sub_pd, x, y); }
static inline Pack mul(Pack x, Pack y) { EACH2(_mm256_mul_pd, x, y); }
static inline Pack fma_pack(Pack x, Pack y, Pack z) { EACH3(_mm256_fmadd_pd, x, y, z); }
static inline Pack fnma_pack(Pack x, Pack y, Pack z) { EACH3(_mm256_fnmadd_pd, x, y, z); }
static inline Pack max_pack(Pack x, Pack y) { EACH2(_mm256_max_pd, x, y); }
static inline Pack minus_abs(Pack x) { EACH1(minus_abs, x); }
/** x · 2^k for the k in the low bits of `shifted`. */
static inline Pack add_exponent(Pack x, Pack shifted) { EACH2(add_exponent, x, shifted); }
/** v, or 0 where x < limit. */
static inline Pack zero_where_less(Pack v, Pack x, Pack limit) { EACH3(zero_where_less, v, x, limit); }
/** v, or 0 where x is 0. */
static inline Pack zero_where_zero(Pack v, Pack x) { EACH2(zero_where_zero, v, x); }
#undef EACH1
#undef EACH2
#undef EACH3

static inline FloatPack float_set1(float x) { return {_mm256_set1_ps(x), _mm256_set1_ps(x)}; }
static inline FloatPack float_load(const float* x) { return {_mm256_loadu_ps(x), _mm256_loadu_ps(x + 8)}; }
static inline void float_store(float* out, FloatPack x) { _mm256_storeu_ps(out, x.a); _mm256_storeu_ps(out + 8, x.b); }
static inline FloatPack float_max(FloatPack x, FloatPack y) { return {_mm256_max_ps(x.a, y.a), _mm256_max_ps(x.b, y.b)}; }
static inline FloatPack float_min(FloatPack x, FloatPack y) { return {_mm256_min_ps(x.a, y.a), _mm256_min_ps(x.b, y.b)}; }
static inline int float_count_greater(FloatPack x, FloatPack y) {
  int a = _mm256_movemask_ps(_mm256_cmp_ps(x.a, y.a, _CMP_GT_OQ)), b = _mm256_movemask_ps(_mm256_cmp_ps(x.b, y.b, _CMP_GT_OQ));
  return (int)_mm_popcnt_u32((unsigned)(a | b << 8));
}
static inline bool float_any_nan(FloatPack x) {
  return _mm256_movemask_ps(_mm256_or_ps(_mm256_cmp_ps(x.a, x.a, _CMP_UNORD_Q), _mm256_cmp_ps(x.b, x.b, _CMP_UNORD_Q))) != 0;
}

#include "lanes_body.inl"

}  // namespace

extern const Lanes lanes_avx2 = {"avx2", scan, kNarrowLoops, kAnyLoops, tempered, next_above, exp16};

}  // namespace unshift::kernels
