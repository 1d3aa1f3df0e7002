import type { VNode } from "preact";
import { useMemo, useState } from "preact/hooks";
import { ScrollBox } from "../components/scroll-box.js";
import { TokenChip } from "../components/token-text.js";
import { groupLargestKl } from "../data/largest-kl-groups.js";
import type { RowView } from "../data/table-view.js";
import { useReport } from "../state/report-context.js";
import { href } from "../state/route.js";
import { count, divergence, percent } from "../text/format.js";
import { inlineText } from "../text/visible-text.js";

const page = 15;
/** Links of a group that stand open; the rest is folded. */
const openLinks = 2;

/** Where the two models differ most, each a link to its place; the same token after the same words is one line. */
export function LargestKl(): VNode | null {
  const { data, shift } = useReport();
  const view = data.table("largest_kl");
  const [all, setAll] = useState(false);
  const groups = useMemo(
    () => groupLargestKl(view?.rows.filter((row) => row.text("shift") === shift?.id) ?? []),
    [view, shift],
  );
  if (view === null || shift === null || shift.withoutReference) return null;
  return (
    <section aria-labelledby="largest">
      <h2 id="largest">Where the models differ most</h2>
      <p class="muted small">
        The same token after the same words is one line, with how often it occurs (×); figures are those of its first
        place.
      </p>
      <ScrollBox class="table-scroll" label="Positions with the largest KL">
        <table class="data">
          <thead>
            <tr>
              <th scope="col" class="number">
                KL
              </th>
              <th scope="col">In the answer</th>
              <th scope="col" class="number">
                Rank
              </th>
              <th scope="col" class="number">
                <bdi>{shift.answers}</bdi>
              </th>
              <th scope="col" class="number">
                <bdi>{shift.subject}</bdi>
              </th>
              <th scope="col">Sample</th>
            </tr>
          </thead>
          <tbody>
            {groups.slice(0, all ? groups.length : page).map(({ first, rows, isCut }) => (
              <tr>
                <td class="number">{divergence(first.number("kl"))}</td>
                <td class="in-context">
                  <bdi class="muted">{endOf(first.text("context"), isCut)}</bdi>
                  <TokenChip
                    token={[first.number("token_id") ?? -1, first.text("token"), 0]}
                    class={first.text("class")}
                  />
                  {rows.length > 1 ? <span class="times"> ×{count(rows.length)}</span> : null}
                </td>
                <td class="number">{count(first.number("subject_rank"))}</td>
                <td class="number">{percent(first.number("reference_probability"))}</td>
                <td class="number">{percent(first.number("subject_probability"))}</td>
                <td>
                  <Places rows={rows} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
      {!all && groups.length > page ? (
        <button type="button" class="button" onClick={() => setAll(true)}>
          Show all {count(groups.length)}
        </button>
      ) : null}
    </section>
  );
}

function Places({ rows }: { readonly rows: readonly RowView[] }): VNode {
  const { subject } = useReport();
  const link = (row: RowView): VNode => (
    <a class="place-link" href={href("sample", { subject, pos: row.number("position") }, row.text("sample"))}>
      <bdi>{endOf(row.text("sample"), false)}</bdi>
    </a>
  );
  const rest = rows.slice(openLinks);
  return (
    <>
      {rows.slice(0, openLinks).map(link)}
      {rest.length === 0 ? null : (
        <details class="fold inner places">
          <summary>{count(rest.length)} more</summary>
          {rest.map(link)}
        </details>
      )}
    </>
  );
}

/** The end of a text on one line, with `…` where something stands before it. */
function endOf(text: string, isCut: boolean): string {
  const shown = inlineText(text).replaceAll("·", " ");
  return shown.length > 60 ? `…${shown.slice(-60)}` : isCut ? `…${shown}` : shown;
}
