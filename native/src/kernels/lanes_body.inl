/**
 * The algorithms of lanes.h over a Pack (8 doubles) and a FloatPack (16 floats) that the including file defines.
 *
 * Sixteen ids per step: two packs with accumulators of their own, reduced in a fixed order at the end. A remainder is padded with
 * −inf, which adds nothing.
 */

static const int kStep = 16;
static const float kMasked = -__builtin_huge_valf();

/**
 * exp(y) for y ≤ 0: y = k ln 2 + f with |f| ≤ ln 2 / 2, Taylor polynomial of degree 12 (truncation 1.7e-16), exact scaling by 2^k.
 * Below −708 (e^y < 4e-308) and for −inf the result is 0. Measured against long double: at most 3.5e-16 relative.
 */
static inline Pack exp_nonpositive(Pack y) {
  Pack clamped = max_pack(y, set1(-708.0));
  Pack k = round_pack(mul(clamped, set1(1.4426950408889634)));
  Pack f = fma_pack(k, set1(-6.93147180369123816490e-01), clamped);
  f = fma_pack(k, set1(-1.90821492927058770002e-10), f);
  Pack p = set1(1.0 / 479001600.0);
  p = fma_pack(p, f, set1(1.0 / 39916800.0));
  p = fma_pack(p, f, set1(1.0 / 3628800.0));
  p = fma_pack(p, f, set1(1.0 / 362880.0));
  p = fma_pack(p, f, set1(1.0 / 40320.0));
  p = fma_pack(p, f, set1(1.0 / 5040.0));
  p = fma_pack(p, f, set1(1.0 / 720.0));
  p = fma_pack(p, f, set1(1.0 / 120.0));
  p = fma_pack(p, f, set1(1.0 / 24.0));
  p = fma_pack(p, f, set1(1.0 / 6.0));
  p = fma_pack(p, f, set1(0.5));
  p = fma_pack(p, f, set1(1.0));
  p = fma_pack(p, f, set1(1.0));
  return zero_where_less(scale_by_power(p, k), y, set1(-708.0));
}

/** 2 atanh(f) = ln((1 + f) / (1 − f)) for f in [0, ⅓]: twelve terms (relative error below 2e-14); exactly 0 at 0. */
static inline Pack twice_atanh(Pack f) {
  Pack z = mul(f, f);
  Pack p = set1(1.0 / 25.0);
  p = fma_pack(p, z, set1(1.0 / 23.0));
  p = fma_pack(p, z, set1(1.0 / 21.0));
  p = fma_pack(p, z, set1(1.0 / 19.0));
  p = fma_pack(p, z, set1(1.0 / 17.0));
  p = fma_pack(p, z, set1(1.0 / 15.0));
  p = fma_pack(p, z, set1(1.0 / 13.0));
  p = fma_pack(p, z, set1(1.0 / 11.0));
  p = fma_pack(p, z, set1(1.0 / 9.0));
  p = fma_pack(p, z, set1(1.0 / 7.0));
  p = fma_pack(p, z, set1(1.0 / 5.0));
  p = fma_pack(p, z, set1(1.0 / 3.0));
  p = fma_pack(p, z, set1(1.0));
  return mul(mul(f, set1(2.0)), p);
}

/** Copies the last n − from < 16 values to `tail` and masks the rest. */
static inline const float* pad_tail(const float* x, size_t from, size_t n, float* tail) {
  for (int i = 0; i < kStep; i++) tail[i] = from + i < n ? x[from + i] : kMasked;
  return tail;
}

static inline double reduce(Pack a, Pack b) {
  double lane[8];
  store(lane, add(a, b));
  return ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

static void scan(const float* x, size_t n, float pivot, Scan* out) {
  FloatPack max = float_set1(kMasked);
  FloatPack at = float_set1(pivot);
  int64_t greater = 0;
  bool nan = false;
  float tail[kStep];
  for (size_t i = 0; i < n; i += kStep) {
    FloatPack v = float_load(i + kStep <= n ? x + i : pad_tail(x, i, n, tail));
    max = float_max(max, v);
    greater += float_count_greater(v, at);
    nan |= float_any_nan(v);
  }
  float lane[kStep];
  float_store(lane, max);
  float best = lane[0];
  for (int i = 1; i < kStep; i++) best = lane[i] > best ? lane[i] : best;
  out->max = best;
  out->greater = greater;
  out->has_nan = nan;
}

static inline void accumulate_sums(const float* x, Pack max, Pack* sum, Pack* weighted) {
  Pack y = sub(load(x), max);
  Pack e = exp_nonpositive(y);
  *sum = add(*sum, e);
  // −inf · 0 would be NaN: an id without mass adds nothing.
  *weighted = add(*weighted, zero_where_zero(mul(y, e), e));
}

static void sums(const float* x, size_t n, float max, double* sum, double* weighted) {
  Pack m = set1(max), s0 = set1(0), s1 = set1(0), w0 = set1(0), w1 = set1(0);
  float tail[kStep];
  for (size_t i = 0; i < n; i += kStep) {
    const float* p = i + kStep <= n ? x + i : pad_tail(x, i, n, tail);
    accumulate_sums(p, m, &s0, &w0);
    accumulate_sums(p + 8, m, &s1, &w1);
  }
  *sum = reduce(s0, s1);
  *weighted = reduce(w0, w1);
}

struct PairLanes { Pack r, s, rd, sd; };

static inline void accumulate_pair(const float* r, const float* s, Pack max_r, Pack max_s, PairLanes* a) {
  Pack yr = sub(load(r), max_r), ys = sub(load(s), max_s);
  Pack er = exp_nonpositive(yr), es = exp_nonpositive(ys);
  Pack d = sub(yr, ys);
  a->r = add(a->r, er);
  a->s = add(a->s, es);
  a->rd = add(a->rd, zero_where_zero(mul(er, d), er));
  a->sd = add(a->sd, zero_where_zero(mul(es, d), es));
}

static void pair_sums(const float* r, const float* s, size_t n, float max_r, float max_s, PairSums* out) {
  Pack zero = set1(0), mr = set1(max_r), ms = set1(max_s);
  PairLanes a = {zero, zero, zero, zero}, b = a;
  float tail_r[kStep], tail_s[kStep];
  for (size_t i = 0; i < n; i += kStep) {
    bool whole = i + kStep <= n;
    const float* pr = whole ? r + i : pad_tail(r, i, n, tail_r);
    const float* ps = whole ? s + i : pad_tail(s, i, n, tail_s);
    accumulate_pair(pr, ps, mr, ms, &a);
    accumulate_pair(pr + 8, ps + 8, mr, ms, &b);
  }
  out->reference = reduce(a.r, b.r);
  out->subject = reduce(a.s, b.s);
  out->reference_difference = reduce(a.rd, b.rd);
  out->subject_difference = reduce(a.sd, b.sd);
}

/**
 * Per id, with big = max(p, q), small = min(p, q) and g = |ln(p/q)| known from the logits:
 *   p ln(p/m) + q ln(q/m) = (big + small) ln(big/m) − small g,   ln(big/m) = 2 atanh((big − small) / (3 big + small))
 * which is symmetric, needs one division and one logarithm, is exactly 0 at p = q and finite where one of them is 0.
 */
static inline void accumulate_mass(const float* r, const float* s, Pack max_r, Pack max_s, Pack inverse_r, Pack inverse_s, Pack shift,
                                   Pack* js, Pack* tv) {
  Pack yr = sub(load(r), max_r), ys = sub(load(s), max_s);
  Pack p = mul(exp_nonpositive(yr), inverse_r), q = mul(exp_nonpositive(ys), inverse_s);
  Pack big = max_pack(p, q), small = min_pack(p, q);
  Pack g = abs_pack(sub(sub(yr, ys), shift));
  Pack gap = sub(big, small);
  Pack above = twice_atanh(zero_where_zero(div(gap, fma_pack(big, set1(3.0), small)), gap));
  *js = add(*js, sub(mul(add(big, small), above), zero_where_zero(mul(small, g), small)));
  *tv = add(*tv, gap);
}

static void pair_mass(const float* r, const float* s, size_t n, float max_r, float max_s, double sum_r, double sum_s, double shift,
                      PairMass* out) {
  Pack mr = set1(max_r), ms = set1(max_s), ir = set1(1.0 / sum_r), is = set1(1.0 / sum_s), sh = set1(shift);
  Pack j0 = set1(0), j1 = j0, t0 = j0, t1 = j0;
  float tail_r[kStep], tail_s[kStep];
  for (size_t i = 0; i < n; i += kStep) {
    bool whole = i + kStep <= n;
    const float* pr = whole ? r + i : pad_tail(r, i, n, tail_r);
    const float* ps = whole ? s + i : pad_tail(s, i, n, tail_s);
    accumulate_mass(pr, ps, mr, ms, ir, is, sh, &j0, &t0);
    accumulate_mass(pr + 8, ps + 8, mr, ms, ir, is, sh, &j1, &t1);
  }
  out->js = 0.5 * reduce(j0, j1);
  out->tv = 0.5 * reduce(t0, t1);
}

static size_t next_above(const float* x, size_t from, size_t n, float threshold) {
  FloatPack at = float_set1(threshold);
  size_t i = from;
  for (; i + kStep <= n; i += kStep) {
    if (float_count_greater(float_load(x + i), at) == 0) continue;
    while (!(x[i] > threshold)) i++;
    return i;
  }
  for (; i < n; i++) {
    if (x[i] > threshold) return i;
  }
  return n;
}

static void exp8(const double* y, double* out) { store(out, exp_nonpositive(load_double(y))); }
