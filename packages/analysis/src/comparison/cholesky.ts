/**
 * Lower triangular L with L·Lᵀ = the matrix, [n, n] row by row; null where the matrix is not positive definite (to rounding: a pivot
 * below 1e-12 of its diagonal element).
 */
export function cholesky(matrix: Float64Array, n: number): Float64Array | null {
  const lower = new Float64Array(n * n);
  for (let row = 0; row < n; row++) {
    for (let column = 0; column <= row; column++) {
      let rest = matrix[row * n + column] as number;
      for (let k = 0; k < column; k++) rest -= (lower[row * n + k] as number) * (lower[column * n + k] as number);
      if (row === column) {
        if (!(rest > 1e-12 * (matrix[row * n + row] as number))) return null;
        lower[row * n + row] = Math.sqrt(rest);
      } else {
        lower[row * n + column] = rest / (lower[column * n + column] as number);
      }
    }
  }
  return lower;
}

/** x with L·Lᵀ·x = right. */
export function solveCholesky(lower: Float64Array, right: Float64Array): Float64Array {
  const n = right.length;
  const x = Float64Array.from(right);
  for (let row = 0; row < n; row++) {
    let rest = x[row] as number;
    for (let k = 0; k < row; k++) rest -= (lower[row * n + k] as number) * (x[k] as number);
    x[row] = rest / (lower[row * n + row] as number);
  }
  for (let row = n - 1; row >= 0; row--) {
    let rest = x[row] as number;
    for (let k = row + 1; k < n; k++) rest -= (lower[k * n + row] as number) * (x[k] as number);
    x[row] = rest / (lower[row * n + row] as number);
  }
  return x;
}
