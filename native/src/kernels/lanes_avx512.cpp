/** Lanes for AVX-512F: a pack is two registers of eight doubles. */
#include "lanes.h"

#include <immintrin.h>
#include <math.h>

#if defined(_MSC_VER)
#define __builtin_huge_valf() HUGE_VALF
#endif

namespace unshift::kernels {
namespace {

struct Pack { __m512d a, b; };
typedef __m512 FloatPack;

static inline Pack set1(double x) { return {_mm512_set1_pd(x), _mm512_set1_pd(x)}; }
static inline Pack load(const float* x) { return {_mm512_cvtps_pd(_mm256_loadu_ps(x)), _mm512_cvtps_pd(_mm256_loadu_ps(x + 8))}; }
static inline Pack load_double(const double* x) { return {_mm512_loadu_pd(x), _mm512_loadu_pd(x + 8)}; }
static inline void store(double* out, Pack x) { _mm512_storeu_pd(out, x.a); _mm512_storeu_pd(out + 8, x.b); }
static inline Pack add(Pack x, Pack y) { return {_mm512_add_pd(x.a, y.a), _mm512_add_pd(x.b, y.b)}; }
static inline Pack sub(Pack x, Pack y) { return {_mm512_sub_pd(x.a, y.a), _mm512_sub_pd(x.b, y.b)}; }
static inline Pack mul(Pack x, Pack y) { return {_mm512_mul_pd(x.a, y.a), _mm512_mul_pd(x.b, y.b)}; }
static inline Pack fma_pack(Pack x, Pack y, Pack z) { return {_mm512_fmadd_pd(x.a, y.a, z.a), _mm512_fmadd_pd(x.b, y.b, z.b)}; }
static inline Pack fnma_pack(Pack x, Pack y, Pack z) { return {_mm512_fnmadd_pd(x.a, y.a, z.a), _mm512_fnmadd_pd(x.b, y.b, z.b)}; }
static inline Pack max_pack(Pack x, Pack y) { return {_mm512_max_pd(x.a, y.a), _mm512_max_pd(x.b, y.b)}; }
static inline __m512d minus_abs(__m512d x) {
  return _mm512_castsi512_pd(_mm512_or_epi64(_mm512_castpd_si512(x), _mm512_set1_epi64(INT64_MIN)));
}
static inline Pack minus_abs(Pack x) { return {minus_abs(x.a), minus_abs(x.b)}; }
static inline __m512d add_exponent(__m512d x, __m512d shifted) {
  return _mm512_castsi512_pd(_mm512_add_epi64(_mm512_castpd_si512(x), _mm512_slli_epi64(_mm512_castpd_si512(shifted), 52)));
}
/** x · 2^k for the k in the low bits of `shifted`. */
static inline Pack add_exponent(Pack x, Pack shifted) { return {add_exponent(x.a, shifted.a), add_exponent(x.b, shifted.b)}; }
/** v, or 0 where x < limit. */
static inline Pack zero_where_less(Pack v, Pack x, Pack limit) {
  return {_mm512_maskz_mov_pd(_mm512_cmp_pd_mask(x.a, limit.a, _CMP_NLT_UQ), v.a), _mm512_maskz_mov_pd(_mm512_cmp_pd_mask(x.b, limit.b, _CMP_NLT_UQ), v.b)};
}
/** v, or 0 where x is 0. */
static inline Pack zero_where_zero(Pack v, Pack x) {
  __m512d zero = _mm512_setzero_pd();
  return {_mm512_maskz_mov_pd(_mm512_cmp_pd_mask(x.a, zero, _CMP_NEQ_UQ), v.a), _mm512_maskz_mov_pd(_mm512_cmp_pd_mask(x.b, zero, _CMP_NEQ_UQ), v.b)};
}

static inline FloatPack float_set1(float x) { return _mm512_set1_ps(x); }
static inline FloatPack float_load(const float* x) { return _mm512_loadu_ps(x); }
static inline void float_store(float* out, FloatPack x) { _mm512_storeu_ps(out, x); }
static inline FloatPack float_max(FloatPack x, FloatPack y) { return _mm512_max_ps(x, y); }
static inline FloatPack float_min(FloatPack x, FloatPack y) { return _mm512_min_ps(x, y); }
static inline int float_count_greater(FloatPack x, FloatPack y) {
  return (int)_mm_popcnt_u32(_mm512_cmp_ps_mask(x, y, _CMP_GT_OQ));
}
static inline bool float_any_nan(FloatPack x) { return _mm512_cmp_ps_mask(x, x, _CMP_UNORD_Q) != 0; }

#include "lanes_body.inl"

}  // namespace

extern const Lanes lanes_avx512 = {"avx512", scan, kNarrowLoops, kAnyLoops, tempered, next_above, exp16};

}  // namespace unshift::kernels
