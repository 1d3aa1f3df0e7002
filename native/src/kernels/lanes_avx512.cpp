/** Lanes for AVX-512F: a pack is one register of eight doubles. */
#include "lanes.h"

#include <immintrin.h>
#include <math.h>

#if defined(_MSC_VER)
#define __builtin_huge_valf() HUGE_VALF
#endif

namespace unshift::kernels {
namespace {

typedef __m512d Pack;
typedef __m512 FloatPack;

static inline Pack set1(double x) { return _mm512_set1_pd(x); }
static inline Pack load(const float* x) { return _mm512_cvtps_pd(_mm256_loadu_ps(x)); }
static inline Pack load_double(const double* x) { return _mm512_loadu_pd(x); }
static inline void store(double* out, Pack x) { _mm512_storeu_pd(out, x); }
static inline Pack add(Pack x, Pack y) { return _mm512_add_pd(x, y); }
static inline Pack sub(Pack x, Pack y) { return _mm512_sub_pd(x, y); }
static inline Pack mul(Pack x, Pack y) { return _mm512_mul_pd(x, y); }
static inline Pack div(Pack x, Pack y) { return _mm512_div_pd(x, y); }
static inline Pack fma_pack(Pack x, Pack y, Pack z) { return _mm512_fmadd_pd(x, y, z); }
static inline Pack max_pack(Pack x, Pack y) { return _mm512_max_pd(x, y); }
static inline Pack min_pack(Pack x, Pack y) { return _mm512_min_pd(x, y); }
static inline Pack abs_pack(Pack x) { return _mm512_abs_pd(x); }
static inline Pack round_pack(Pack x) { return _mm512_roundscale_pd(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC); }
static inline Pack scale_by_power(Pack x, Pack k) { return _mm512_scalef_pd(x, k); }
static inline Pack zero_where_less(Pack v, Pack x, Pack limit) {
  return _mm512_maskz_mov_pd(_mm512_cmp_pd_mask(x, limit, _CMP_NLT_UQ), v);
}
static inline Pack zero_where_zero(Pack v, Pack x) {
  return _mm512_maskz_mov_pd(_mm512_cmp_pd_mask(x, _mm512_setzero_pd(), _CMP_NEQ_UQ), v);
}

static inline FloatPack float_set1(float x) { return _mm512_set1_ps(x); }
static inline FloatPack float_load(const float* x) { return _mm512_loadu_ps(x); }
static inline void float_store(float* out, FloatPack x) { _mm512_storeu_ps(out, x); }
static inline FloatPack float_max(FloatPack x, FloatPack y) { return _mm512_max_ps(x, y); }
static inline int float_count_greater(FloatPack x, FloatPack y) {
  return (int)_mm_popcnt_u32(_mm512_cmp_ps_mask(x, y, _CMP_GT_OQ));
}
static inline bool float_any_nan(FloatPack x) { return _mm512_cmp_ps_mask(x, x, _CMP_UNORD_Q) != 0; }

#include "lanes_body.inl"

}  // namespace

extern const Lanes lanes_avx512 = {"avx512", scan, sums, pair_sums, pair_mass, next_above, exp8};

}  // namespace unshift::kernels
