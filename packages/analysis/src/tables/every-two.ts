/** Every two of them, in their order. */
export function everyTwo<T>(items: readonly T[]): (readonly [T, T])[] {
  return items.flatMap((first, i) => items.slice(i + 1).map((second) => [first, second] as const));
}
