/** `p = 0.012`, `p < 0.001`; empty where there is none. */
export function pText(p: number | null, name = "p"): string {
  return p === null ? "" : p < 0.001 ? `${name} < 0.001` : `${name} = ${p.toFixed(3)}`;
}
