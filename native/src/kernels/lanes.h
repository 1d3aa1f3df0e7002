/**
 * The inner loops, as a table of functions per instruction set.
 *
 * Each implementation (lanes_avx2.cpp, …) defines a `Pack` of eight doubles and a `FloatPack` of sixteen floats and includes
 * lanes_body.inl, which holds the only copy of the algorithms. Those files are compiled with their own flags, so they may use
 * nothing from the standard library that the linker could pick for other machines: no templates, no inline functions.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace unshift::kernels {

/** First look at a row. */
struct Scan {
  float max;            // −inf for an empty row; meaningless when has_nan
  int64_t greater;      // ids with a logit > pivot
  bool has_nan;
};

/** Σ over one pair, e = exp(x − max) of each row, d = (x_r − max_r) − (x_s − max_s). */
struct PairSums {
  double reference;            // Σ e_r
  double subject;              // Σ e_s
  double reference_difference; // Σ e_r · d   (+inf: the subject excludes an id the reference allows)
  double subject_difference;   // Σ e_s · d   (−inf: the other way round)
};

/** Σ over one pair once the normalisers are known. */
struct PairMass {
  double js;   // Σ ½ [p ln(p/m) + q ln(q/m)]
  double tv;   // Σ ½ |p − q|
};

struct Lanes {
  const char* name;
  void (*scan)(const float* x, size_t n, float pivot, Scan* out);
  /** Σ e and Σ (x − max) e; ids of −inf add nothing. */
  void (*sums)(const float* x, size_t n, float max, double* sum, double* weighted);
  void (*pair_sums)(const float* r, const float* s, size_t n, float max_r, float max_s, PairSums* out);
  /** `shift` = ln Σ e_r − ln Σ e_s, so that ln(p/q) = d − shift. */
  void (*pair_mass)(const float* r, const float* s, size_t n, float max_r, float max_s, double sum_r, double sum_s, double shift,
                    PairMass* out);
  /** First index ≥ from with x > threshold, n if none. */
  size_t (*next_above)(const float* x, size_t from, size_t n, float threshold);
  /** exp of y ≤ 0, eight at a time: for the measurement of its error. */
  void (*exp8)(const double* y, double* out);
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
