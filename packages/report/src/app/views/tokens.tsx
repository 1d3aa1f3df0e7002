import { shiftClasses } from "@unshift/contracts";
import type { VNode } from "preact";
import { useMemo, useState } from "preact/hooks";
import { TableFold } from "../components/data-table.js";
import { ScrollBox } from "../components/scroll-box.js";
import { TokenChip } from "../components/token-text.js";
import { WithoutReference } from "../components/without-reference.js";
import type { RowView } from "../data/table-view.js";
import { useReport } from "../state/report-context.js";
import { count, percent } from "../text/format.js";
import { inlineText } from "../text/visible-text.js";
import { LargestKl } from "./largest-kl.js";

/** Which tokens shift: the most frequent of each class, the ratio of every token, the positions where models differ most. */
export function TokensView(): VNode {
  const { data, shift } = useReport();
  const byClass = data.table("tokens_by_class");
  if (shift === null || byClass === null) {
    return (
      <section class="page">
        <h1>Tokens</h1>
        <p class="note">
          {shift === null
            ? "This run compares no answers: it has no shift."
            : "No position was compared, so there is no token to list."}
        </p>
      </section>
    );
  }
  return (
    <section class="page">
      <h1>
        Tokens{" "}
        <span class="muted">
          of <bdi>{shift.answers}</bdi>, compared with <bdi>{shift.subject}</bdi>
        </span>
      </h1>
      <WithoutReference shifts={[shift]} />
      <div class="three">
        {[...shiftClasses].reverse().map((name) => (
          <TopTokens
            name={name}
            rows={byClass.rows.filter((row) => row.text("shift") === shift.id && row.text("class") === name)}
          />
        ))}
      </div>
      <TableFold view={byClass} />
      <RatioTable />
      <LargestKl />
    </section>
  );
}

function TopTokens({ name, rows }: { readonly name: string; readonly rows: readonly RowView[] }): VNode {
  const most = Math.max(1, ...rows.map((row) => row.number("count") ?? 0));
  return (
    <section aria-label={`Most frequent ${name} tokens`}>
      <h2 class="class-title">
        <span class={`token ${name}`}>{name}</span>
      </h2>
      {rows.length === 0 ? <p class="muted">none</p> : null}
      <ol class="token-bars">
        {rows.slice(0, 20).map((row) => (
          <li style={{ "--share": `${((row.number("count") ?? 0) / most) * 100}%` }} class={`bar-${name}`}>
            <TokenChip token={[row.number("token_id") ?? -1, row.text("token"), 0]} />
            <span
              class="times"
              title={`${percent(row.number("share_of_token"))} of this token’s positions are ${name}`}
            >
              {count(row.number("count"))}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

const orders = [
  ["order", "ratio"],
  ["count", "count"],
  ["shifted", "shifted"],
] as const;
type Order = (typeof orders)[number][0];
const page = 20;

/** How often each token is shifted, of all its positions. */
function RatioTable(): VNode | null {
  const { data, shift } = useReport();
  const view = data.table("token_shift_ratio");
  const [wanted, setWanted] = useState("");
  const [order, setOrder] = useState<Order>("shifted");
  const [shown, setShown] = useState(page);
  const rows = useMemo(() => {
    const own =
      view?.rows.filter(
        (row) =>
          row.text("shift") === shift?.id &&
          inlineText(row.text("token")).toLowerCase().includes(wanted.trim().toLowerCase()),
      ) ?? [];
    const value = (row: RowView): number => row.number(order) ?? 0;
    return order === "order" ? own.sort((a, b) => value(a) - value(b)) : own.sort((a, b) => value(b) - value(a));
  }, [view, shift, wanted, order]);
  if (view === null) return null;
  return (
    <section aria-labelledby="ratios">
      <h2 id="ratios">Shift ratio of every token</h2>
      <div class="filters">
        <input
          type="search"
          aria-label="Find a token"
          placeholder="Find a token"
          value={wanted}
          onInput={(event) => setWanted(event.currentTarget.value)}
        />
        <select
          aria-label="Order of tokens"
          value={order}
          onChange={(event) => setOrder(orders.find(([name]) => name === event.currentTarget.value)?.[0] ?? "shifted")}
        >
          {orders.map(([value, label]) => (
            <option value={value}>by {label}</option>
          ))}
        </select>
        <span class="muted" aria-live="polite">
          {count(rows.length)} tokens
        </span>
      </div>
      <ScrollBox class="table-scroll" label="Shift ratio of every token">
        <table class="data">
          <thead>
            <tr>
              <th scope="col">Token</th>
              <th scope="col" class="number">
                Positions
              </th>
              <th scope="col" class="number">
                Unshifted
              </th>
              <th scope="col" class="number">
                Marginal
              </th>
              <th scope="col" class="number">
                Shifted
              </th>
              <th scope="col" class="wide">
                Ratio
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, shown).map((row) => (
              <tr>
                <th scope="row">
                  <TokenChip token={[row.number("token_id") ?? -1, row.text("token"), 0]} />
                </th>
                <td class="number">{count(row.number("count"))}</td>
                <td class="number">{count(row.number("unshifted"))}</td>
                <td class="number">{count(row.number("marginal"))}</td>
                <td class="number">{count(row.number("shifted"))}</td>
                <td class="wide">
                  <span class="ratio-bar" style={{ "--share": `${(row.number("ratio") ?? 0) * 100}%` }}>
                    {percent(row.number("ratio"))}
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
      {rows.length > shown ? (
        <button type="button" class="button" onClick={() => setShown(shown + 5 * page)}>
          Show more
        </button>
      ) : null}
    </section>
  );
}
