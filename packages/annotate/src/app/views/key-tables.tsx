import type { VNode } from "preact";
import type { BlindKey } from "../../protocol.js";

/** Which system was which, and what the ratings come to. No intervals: those are the tables' business. */
export function KeyTables({ blindKey }: { readonly blindKey: BlindKey }): VNode {
  const { items, preferences, scores } = blindKey;
  return (
    <>
      {preferences.length === 0 ? null : (
        <Listing
          title="What you preferred"
          header={["aspect", "system", "better", "tie", "better", "system"]}
          rows={preferences.map((row) => [
            row.aspect,
            row.one,
            row.preferredOne,
            row.ties,
            row.preferredOther,
            row.other,
          ])}
        />
      )}
      {scores.length === 0 ? null : (
        <Listing
          title="Your scores"
          header={["system", "aspect", "mean", "answers"]}
          rows={scores.map(({ system, aspect, mean, n }) => [system, aspect, mean.toFixed(2), n])}
        />
      )}
      <Listing
        title="Which was which"
        header={["item", "question", ...(items[0]?.systems.length === 2 ? ["A", "B"] : ["answer"])]}
        rows={items.map(({ question, systems }, index) => [index + 1, question, ...systems])}
      />
    </>
  );
}

interface ListingProps {
  readonly title: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

function Listing({ title, header, rows }: ListingProps): VNode {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table scrolls by keyboard
    <section class="scroll" tabIndex={0} aria-label={title}>
      <table>
        <caption>{title}</caption>
        <thead>
          <tr>
            {header.map((name) => (
              <th scope="col">{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              {row.map((cell) => (
                <td class={typeof cell === "number" ? "number" : ""}>
                  <bdi>{cell}</bdi>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
