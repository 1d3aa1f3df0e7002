import { categoryOf, tokenCategories } from "../categories/token-category.js";
import type { ShiftPositions } from "./shift-positions.js";

/** [rows] index into `tokenCategories`; each id is looked at once. */
export function categoriesOf(positions: ShiftPositions): Uint8Array {
  const { columns, rows, shift } = positions;
  const codes = new Map<number, number>();
  const categories = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    const id = columns.tokenId[row] as number;
    let code = codes.get(id);
    if (code === undefined) {
      code = tokenCategories.indexOf(categoryOf(columns.tokenText.get(id) ?? "", shift.specialIds.has(id)));
      codes.set(id, code);
    }
    categories[row] = code;
  }
  return categories;
}
