import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { RowView, TableView } from "../data/table-view.js";
import { count } from "../text/format.js";
import { inlineText } from "../text/visible-text.js";
import { GroupTable } from "./group-table.js";

/** Class shares by tag: a fold for each tag, a group for each of its values; the first is open. */
export function TagFolds({ view }: { readonly view: TableView }): VNode {
  const byTag = new Map<string, RowView[]>();
  for (const row of view.rows) {
    if ((row.number("positions") ?? 0) === 0) continue;
    const tag = row.text("tag");
    byTag.set(tag, [...(byTag.get(tag) ?? []), row]);
  }
  return (
    <>
      {[...byTag].map(([tag, rows], index) => (
        <TagFold key={tag} tag={tag} rows={rows} startsOpen={index === 0} />
      ))}
    </>
  );
}

interface TagFoldProps {
  readonly tag: string;
  readonly rows: readonly RowView[];
  readonly startsOpen: boolean;
}

function TagFold({ tag, rows, startsOpen }: TagFoldProps): VNode {
  const [open, setOpen] = useState(startsOpen);
  const values = new Set(rows.map((row) => row.text("value"))).size;
  const name = inlineText(tag).replaceAll("·", " ");
  return (
    <details class="tag-fold" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <bdi>{name.length > 80 ? `${name.slice(0, 80)}…` : name}</bdi>{" "}
        <span class="muted">
          {count(values)} {values === 1 ? "value" : "values"}
        </span>
      </summary>
      {open ? (
        <GroupTable rows={rows} nameOf={(row) => row.text("value")} title={`Classes by ${name}`} withSamples={true} />
      ) : null}
    </details>
  );
}
