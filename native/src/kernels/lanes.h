/**
 * The inner loops, as a table of functions per instruction set.
 *
 * Each implementation (lanes_avx2.cpp, …) defines a `Pack` of sixteen doubles and a `FloatPack` of sixteen floats and includes
 * lanes_body.inl, which holds the only copy of the algorithms. Those files are compiled with their own flags, so they may use
 * nothing from the standard library that the linker could pick for other machines: no inline functions or templates but their own,
 * which an unnamed namespace keeps inside.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace unshift::kernels {

/** exp(−690), divided by the largest sum there can be, is still a normal number. */
constexpr float kNarrow = 690;

/** First look at a row. */
struct Scan {
  float max, min;       // −inf and +inf for an empty row; meaningless when has_nan
  int64_t greater;      // ids with a logit > pivot
  bool has_nan;
};

/** Σ over one row, y = x − max, e = exp(y). */
struct ExpSums {
  double sum;       // Σ e
  double weighted;  // Σ y · e
};

/** Σ over one pair, d = y_r − y_s. The sums of each row have the bits that the row alone gives. */
struct PairSums {
  ExpSums reference, subject;
  double reference_difference; // Σ e_r · d   (+inf: the subject excludes an id the reference allows)
  double subject_difference;   // Σ e_s · d   (−inf: the other way round)
};

/** What makes probabilities of the logits of a pair: p = exp(x − log-sum-exp). */
struct PairNormals {
  double reference, subject;  // log-sum-exp of each row
  double difference;          // reference − subject, as exact as the sums allow: ln(p/q) = (x_r − x_s) − difference
};

/** Σ over one pair once the normalisers are known. */
struct PairMass {
  double js;   // Σ ½ [p ln(p/m) + q ln(q/m)]
  double tv;   // Σ ½ |p − q|
};

/** The loops that take exponentials. */
struct ExpLoops {
  void (*sums)(const float* x, size_t n, float max, ExpSums* out);
  void (*pair_sums)(const float* r, const float* s, size_t n, float max_r, float max_s, PairSums* out);
  void (*pair_mass)(const float* r, const float* s, size_t n, const PairNormals* normals, PairMass* out);
};

struct Lanes {
  const char* name;
  void (*scan)(const float* x, size_t n, float pivot, Scan* out);
  /** For rows without a logit further than kNarrow below the largest: nothing is masked and no exponential underflows. */
  ExpLoops narrow;
  /** For any row; ids of −inf add nothing. The same bits where both may be used. */
  ExpLoops any;
  /** Σ exp((x − max) / temperature), given 1 / temperature; ids of −inf add nothing. */
  double (*tempered)(const float* x, size_t n, float max, double inverse_temperature);
  /** First index ≥ from with x > threshold, n if none. */
  size_t (*next_above)(const float* x, size_t from, size_t n, float threshold);
  /** exp of y ≤ 0, sixteen at a time: for the measurement of its error. */
  void (*exp16)(const double* y, double* out);
};

extern const Lanes lanes_scalar;
#if defined(UNSHIFT_X86)
extern const Lanes lanes_avx2;
extern const Lanes lanes_avx512;
#endif
#if defined(UNSHIFT_NEON)
extern const Lanes lanes_neon;
#endif

/** The implementation in use. */
const Lanes& lanes();

}  // namespace unshift::kernels
