/** Rows of logits as others want them: as they are or as log-probabilities, float32 or float16. */
#pragma once

#include <cstddef>
#include <cstdint>

#include "row.h"

namespace unshift::kernels {

/** IEEE 754 binary16 of a float32, to nearest, ties to even; beyond 65520 infinity, NaN stays NaN. */
uint16_t to_half(float x);

/** Exactly the float32 a binary16 stands for. */
float from_half(uint16_t half);

/** `row` [v] into `out` [v]: unchanged, or with `sums` of the row as x − log Σ exp, in double, rounded once. */
void write_row(const float* row, size_t v, const RowSums* sums, float* out);

/** The same in binary16, rounded from the float32 of write_row. False if a finite value became infinite. */
bool write_half_row(const float* row, size_t v, const RowSums* sums, uint16_t* out);

}  // namespace unshift::kernels
