import type { RowView } from "./table-view.js";

/** The table's contexts hold up to this many tokens: a later position has more before it than is shown. */
const contextTokens = 8;

/** Positions with the same token after the same words. */
export interface LargestKlGroup {
  /** The position with the largest KL. */
  readonly first: RowView;
  /** All of them, largest KL first. */
  readonly rows: readonly RowView[];
  /** The answer begins before the context. */
  readonly isCut: boolean;
}

/** Groups rows of `largest_kl` by token and context, in the order of each group's first row. */
export function groupLargestKl(rows: readonly RowView[]): LargestKlGroup[] {
  const groups = new Map<string, RowView[]>();
  for (const row of rows) {
    const key = JSON.stringify([row.number("token_id"), row.text("context"), isCut(row)]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [{ first, rows: group, isCut: isCut(first) }];
  });
}

function isCut(row: RowView): boolean {
  return (row.number("position") ?? 0) > contextTokens;
}
