/**
 * The algorithms of lanes.h over a Pack (16 doubles) and a FloatPack (16 floats) that the including file defines.
 *
 * Sixteen ids per step, each lane with a sum of its own, added up in a fixed order at the end. A pack is several registers, so
 * that the processor has independent chains to work on while one waits for its last product. A remainder is padded with −inf,
 * which adds nothing.
 */

static const int kStep = 16;
static const float kMasked = -__builtin_huge_valf();

/**
 * exp(y) for y ≤ 0: y = k ln 2 + f with |f| ≤ ln 2 / 2, minimax polynomial of degree 10 that is 1 + f near 0 (truncation 2.9e-16),
 * 2^k added to the exponent. k is rounded by adding 1.5 · 2^52, which leaves it in the low bits of the mantissa.
 * ln 2 is one double, so the error grows with k: against long double at most 2e-15 relative over [−40, 0], 2.5e-14 over [−708, 0].
 * Masked: 0 below −708 (e^y < 4e-308) and for −inf.
 */
template <bool masked>
static inline Pack exp_nonpositive(Pack y) {
  const Pack whole = set1(6755399441055744.0);
  Pack shifted = fma_pack(y, set1(1.4426950408889634), whole);
  Pack k = sub(shifted, whole);
  Pack f = fma_pack(k, set1(-6.93147180559945286e-01), y);
  Pack p = set1(2.747682441176808e-07);
  p = fma_pack(p, f, set1(2.7634990560960335e-06));
  p = fma_pack(p, f, set1(2.480193164267191e-05));
  p = fma_pack(p, f, set1(1.9841185236757494e-04));
  p = fma_pack(p, f, set1(1.388888851629635e-03));
  p = fma_pack(p, f, set1(8.333333370869687e-03));
  p = fma_pack(p, f, set1(4.166666666813624e-02));
  p = fma_pack(p, f, set1(1.6666666666611557e-01));
  p = fma_pack(p, f, set1(4.9999999999998324e-01));
  p = fma_pack(p, f, set1(1.0));
  p = fma_pack(p, f, set1(1.0));
  p = add_exponent(p, shifted);
  return masked ? zero_where_less(p, y, set1(-708.0)) : p;
}

/**
 * −ln(1 − u) for u in [0, ½]: u + u²/2 + …, minimax of degree 15 with its first two terms exact (relative error below 6e-13, and
 * falling with u² towards 0).
 */
static inline Pack minus_log_of_rest(Pack u) {
  Pack p = set1(5.508640823166511);
  p = fma_pack(p, u, set1(-14.765614266328509));
  p = fma_pack(p, u, set1(18.96268924006949));
  p = fma_pack(p, u, set1(-14.374767652506133));
  p = fma_pack(p, u, set1(7.411373687366097));
  p = fma_pack(p, u, set1(-2.458205360173997));
  p = fma_pack(p, u, set1(7.382803121812623e-01));
  p = fma_pack(p, u, set1(1.7315464402703262e-02));
  p = fma_pack(p, u, set1(1.555731796715195e-01));
  p = fma_pack(p, u, set1(1.6567251553729073e-01));
  p = fma_pack(p, u, set1(2.000480339209195e-01));
  p = fma_pack(p, u, set1(2.4999874121799504e-01));
  p = fma_pack(p, u, set1(3.3333334642415036e-01));
  p = fma_pack(p, u, set1(0.5));
  p = fma_pack(p, u, set1(1.0));
  return mul(u, p);
}

/** Copies the last n − from < 16 values to `tail` and masks the rest. */
static inline const float* pad_tail(const float* x, size_t from, size_t n, float* tail) {
  for (int i = 0; i < kStep; i++) tail[i] = from + i < n ? x[from + i] : kMasked;
  return tail;
}

static inline double reduce(Pack x) {
  double lane[kStep];
  store(lane, x);
  for (int i = 0; i < 8; i++) lane[i] += lane[i + 8];
  return ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

static void scan(const float* x, size_t n, float pivot, Scan* out) {
  FloatPack max = float_set1(kMasked), min = float_set1(-kMasked);
  FloatPack at = float_set1(pivot);
  int64_t greater = 0;
  bool nan = false;
  size_t whole = n / kStep * kStep;
  for (size_t i = 0; i < whole; i += kStep) {
    FloatPack v = float_load(x + i);
    max = float_max(max, v);
    min = float_min(min, v);
    greater += float_count_greater(v, at);
    nan |= float_any_nan(v);
  }
  float high[kStep], low[kStep];
  float_store(high, max);
  float_store(low, min);
  out->max = kMasked;
  out->min = -kMasked;
  for (int i = 0; i < kStep; i++) {
    out->max = high[i] > out->max ? high[i] : out->max;
    out->min = low[i] < out->min ? low[i] : out->min;
  }
  for (size_t i = whole; i < n; i++) {
    out->max = x[i] > out->max ? x[i] : out->max;
    out->min = x[i] < out->min ? x[i] : out->min;
    greater += x[i] > pivot;
    nan |= x[i] != x[i];
  }
  out->greater = greater;
  out->has_nan = nan;
}

/** Σ e and Σ y e, lane by lane. */
struct RowLanes { Pack sum, weighted; };

template <bool masked>
static inline Pack accumulate_row(Pack y, RowLanes* a) {
  Pack e = exp_nonpositive<masked>(y);
  a->sum = add(a->sum, e);
  // −inf · 0 would be NaN: an id without mass adds nothing.
  a->weighted = fma_pack(masked ? zero_where_zero(y, e) : y, e, a->weighted);
  return e;
}

static inline ExpSums reduce_row(RowLanes a) { return {reduce(a.sum), reduce(a.weighted)}; }

template <bool masked>
static void sums(const float* x, size_t n, float max, ExpSums* out) {
  Pack m = set1(max), zero = set1(0);
  RowLanes a = {zero, zero};
  size_t whole = n / kStep * kStep;
  for (size_t i = 0; i < whole; i += kStep) accumulate_row<masked>(sub(load(x + i), m), &a);
  if (whole < n) {
    float tail[kStep];
    accumulate_row<true>(sub(load(pad_tail(x, whole, n, tail)), m), &a);
  }
  *out = reduce_row(a);
}

static double tempered(const float* x, size_t n, float max, double inverse_temperature) {
  Pack m = set1(max), inverse = set1(inverse_temperature), sum = set1(0);
  for (size_t i = 0; i < n; i += kStep) {
    float tail[kStep];
    Pack y = sub(load(i + kStep <= n ? x + i : pad_tail(x, i, n, tail)), m);
    sum = add(sum, exp_nonpositive<true>(mul(y, inverse)));
  }
  return reduce(sum);
}

struct PairLanes { RowLanes r, s; Pack rd, sd; };

template <bool masked>
static inline void accumulate_pair(const float* r, const float* s, Pack max_r, Pack max_s, PairLanes* a) {
  Pack yr = sub(load(r), max_r), ys = sub(load(s), max_s);
  Pack er = accumulate_row<masked>(yr, &a->r), es = accumulate_row<masked>(ys, &a->s);
  Pack d = sub(yr, ys);
  a->rd = fma_pack(masked ? zero_where_zero(d, er) : d, er, a->rd);
  a->sd = fma_pack(masked ? zero_where_zero(d, es) : d, es, a->sd);
}

template <bool masked>
static void pair_sums(const float* r, const float* s, size_t n, float max_r, float max_s, PairSums* out) {
  Pack zero = set1(0), mr = set1(max_r), ms = set1(max_s);
  PairLanes a = {{zero, zero}, {zero, zero}, zero, zero};
  size_t whole = n / kStep * kStep;
  for (size_t i = 0; i < whole; i += kStep) accumulate_pair<masked>(r + i, s + i, mr, ms, &a);
  if (whole < n) {
    float tail_r[kStep], tail_s[kStep];
    accumulate_pair<true>(pad_tail(r, whole, n, tail_r), pad_tail(s, whole, n, tail_s), mr, ms, &a);
  }
  *out = {reduce_row(a.r), reduce_row(a.s), reduce(a.rd), reduce(a.sd)};
}

/**
 * Per id, with big = max(p, q), −g = −|ln(p/q)| known from the logits and x = small/big = exp(−g):
 *   p ln(p/m) + q ln(q/m) = big [(1 + x) ln(2/(1 + x)) − x g],   ln(2/(1 + x)) = −ln(1 − u) with u = (1 − x)/2
 *   |p − q| = big (1 − x)
 * which is symmetric, needs no division, and is exactly 0 at p = q.
 */
struct MassLanes { Pack js, tv; };

template <bool masked>
static inline void accumulate_mass(const float* r, const float* s, const PairNormals* n, MassLanes* a) {
  Pack xr = load(r), xs = load(s);
  Pack lower = minus_abs(sub(sub(xr, xs), set1(n->difference)));
  Pack big = exp_nonpositive<masked>(max_pack(sub(xr, set1(n->reference)), sub(xs, set1(n->subject))));
  Pack x = exp_nonpositive<masked>(lower);
  Pack one = set1(1.0), half = set1(0.5);
  Pack log = minus_log_of_rest(fnma_pack(x, half, half));
  // Where only one row has mass, x is 0 and g infinite.
  Pack js = fma_pack(x, masked ? zero_where_zero(lower, x) : lower, mul(add(one, x), log));
  Pack tv = sub(one, x);
  // Where neither has, ln(p/q) is not a number.
  a->js = fma_pack(masked ? zero_where_zero(js, big) : js, big, a->js);
  a->tv = fma_pack(masked ? zero_where_zero(tv, big) : tv, big, a->tv);
}

template <bool masked>
static void pair_mass(const float* r, const float* s, size_t n, const PairNormals* normals, PairMass* out) {
  MassLanes a = {set1(0), set1(0)};
  size_t whole = n / kStep * kStep;
  for (size_t i = 0; i < whole; i += kStep) accumulate_mass<masked>(r + i, s + i, normals, &a);
  if (whole < n) {
    float tail_r[kStep], tail_s[kStep];
    accumulate_mass<true>(pad_tail(r, whole, n, tail_r), pad_tail(s, whole, n, tail_s), normals, &a);
  }
  *out = {0.5 * reduce(a.js), 0.5 * reduce(a.tv)};
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

static void exp16(const double* y, double* out) { store(out, exp_nonpositive<true>(load_double(y))); }

static constexpr ExpLoops kNarrowLoops = {sums<false>, pair_sums<false>, pair_mass<false>};
static constexpr ExpLoops kAnyLoops = {sums<true>, pair_sums<true>, pair_mass<true>};
