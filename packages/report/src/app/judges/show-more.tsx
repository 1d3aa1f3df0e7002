import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { count } from "../text/format.js";

/** The first of many rows, and a button for more of them. */
export function useFirst<Row>(rows: readonly Row[], first: number): readonly [readonly Row[], VNode | null] {
  const [shown, setShown] = useState(first);
  const more =
    rows.length <= shown ? null : (
      <button type="button" class="button show-more" onClick={() => setShown(shown + 5 * first)}>
        Show more of {count(rows.length)}
      </button>
    );
  return [rows.slice(0, shown), more];
}
