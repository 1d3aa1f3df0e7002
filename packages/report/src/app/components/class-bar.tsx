import { shiftClasses } from "@unshift/contracts";
import type { VNode } from "preact";
import type { RowView } from "../data/table-view.js";
import { percent } from "../text/format.js";

/** Shares of the three classes as one bar, from columns `unshifted`, `marginal`, `shifted`. */
export function ClassBar({ row, thin = false }: { readonly row: RowView; readonly thin?: boolean }): VNode {
  const label = shiftClasses.map((name) => `${name} ${percent(row.number(name))}`).join(", ");
  return (
    <div class={`class-bar ${thin ? "thin" : ""}`} role="img" aria-label={label} title={label}>
      {shiftClasses.map((name) => (
        <span class={`bg-${name}`} style={{ flexGrow: row.number(name) ?? 0 }} />
      ))}
    </div>
  );
}
