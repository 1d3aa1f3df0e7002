import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { AspectHead, JudgeHead } from "../../payload/format.js";
import { TableFold } from "../components/data-table.js";
import { ScrollBox } from "../components/scroll-box.js";
import type { RowView, TableView } from "../data/table-view.js";
import { useReport } from "../state/report-context.js";
import { count } from "../text/format.js";
import { estimateText, meanText } from "../text/score-text.js";
import { inlineText } from "../text/visible-text.js";
import { useAspect } from "./aspect-choice.js";
import { JudgeName } from "./judge-name.js";
import { useFirst } from "./show-more.js";

const firstValues = 40;
/** Strongest tint of a cell, per cent of ink over paper: text on it keeps its contrast. */
const strongest = 34;

/** Mean scores by tag: a fold for each tag, its values against the systems, tinted by the score; n beside every mean. */
export function ScoresByTag({ judge, view }: { readonly judge: JudgeHead; readonly view: TableView }): VNode | null {
  const [aspect, choice] = useAspect(judge, `Aspect by tag, by ${judge.id}`);
  const own = view.rows.filter((row) => row.text("judge") === judge.id);
  if (own.length === 0 || aspect === undefined) return null;
  const byTag = new Map<string, RowView[]>();
  for (const row of own) {
    if (row.text("aspect") !== aspect.id) continue;
    const rows = byTag.get(row.text("tag"));
    if (rows === undefined) byTag.set(row.text("tag"), [row]);
    else rows.push(row);
  }
  const heading = `by-tag-${judge.id}`;
  return (
    <section aria-labelledby={heading}>
      <h2 id={heading}>
        By kind of sample, by <JudgeName judge={judge} />
      </h2>
      {choice === null ? null : <div class="toolbar">{choice}</div>}
      {byTag.size === 0 ? <p class="note">No tagged sample has a score in this aspect.</p> : null}
      {[...byTag].map(([tag, rows], index) => (
        <Tag key={tag} tag={tag} rows={rows} aspect={aspect} startsOpen={index === 0} />
      ))}
      <TableFold view={view} rows={own} />
    </section>
  );
}

interface TagProps {
  readonly tag: string;
  readonly rows: readonly RowView[];
  readonly aspect: AspectHead;
  readonly startsOpen: boolean;
}

function Tag({ tag, rows, aspect, startsOpen }: TagProps): VNode {
  const [open, setOpen] = useState(startsOpen);
  const values = [...new Set(rows.map((row) => row.text("value")))];
  const name = shortened(tag);
  return (
    <details class="tag-fold" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <bdi>{name}</bdi>{" "}
        <span class="muted">
          {count(values.length)} {values.length === 1 ? "value" : "values"}
        </span>
      </summary>
      {open ? <Heat name={name} values={values} rows={rows} aspect={aspect} /> : null}
    </details>
  );
}

function Heat({
  name,
  values,
  rows,
  aspect,
}: Pick<TagProps, "rows" | "aspect"> & { readonly name: string; readonly values: readonly string[] }): VNode {
  const { data } = useReport();
  const [shown, more] = useFirst(values, firstValues);
  const cells = new Map(rows.map((row) => [JSON.stringify([row.text("value"), row.text("system")]), row]));
  const systems = data.summary.systems.filter(({ id }) =>
    rows.some((row) => row.text("system") === id && (row.number("n") ?? 0) > 0),
  );
  return (
    <>
      <ScrollBox class="table-scroll" label={`${aspect.title} by ${name}`}>
        <table class="data heat">
          <thead>
            <tr>
              <th scope="col">{name}</th>
              {systems.map(({ id }) => (
                <th scope="col" class="number">
                  <bdi>{id}</bdi>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((value) => (
              <tr>
                <th scope="row">
                  <bdi>{shortened(value)}</bdi>
                </th>
                {systems.map(({ id }) => (
                  <Cell row={cells.get(JSON.stringify([value, id]))} aspect={aspect} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
      {more}
    </>
  );
}

function Cell({ row, aspect }: { readonly row: RowView | undefined; readonly aspect: AspectHead }): VNode {
  const estimate = row?.estimate("mean");
  if (row === undefined || estimate === undefined || estimate.value === null) return <td class="number muted">–</td>;
  const share = aspect.max === aspect.min ? 0 : (estimate.value - aspect.min) / (aspect.max - aspect.min);
  const tint = Math.round(Math.max(0, Math.min(1, share)) * strongest);
  return (
    <td class="number tinted" style={{ "--tint": `${tint}%` }} title={estimateText(estimate, aspect, row.number("n"))}>
      {meanText(estimate.value, aspect)}{" "}
      <span class="count">
        n{"\u00a0"}
        {count(row.number("n"))}
      </span>
    </td>
  );
}

function shortened(text: string): string {
  const shown = inlineText(text).replaceAll("·", " ");
  return shown.length > 80 ? `${shown.slice(0, 80)}…` : shown;
}
