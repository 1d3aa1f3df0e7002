import type { VNode } from "preact";
import type { TokenEntry } from "../../payload/format.js";
import { TokenChip } from "../components/token-text.js";
import type { Alternative } from "../data/positions.js";
import { count, percent } from "../text/format.js";

interface AlternativesProps {
  readonly title: string;
  readonly items: readonly Alternative[];
  /** Id of the answer's token. */
  readonly chosen: number;
  readonly rank: number;
  readonly probability: number;
  readonly token: TokenEntry;
  readonly side: "reference" | "subject";
}

/** A model's likeliest tokens with their probabilities; the answer's own is marked, and added where it is not among them. */
export function Alternatives({ title, items, chosen, rank, probability, token, side }: AlternativesProps): VNode {
  const listed = items.some(({ token: [id] }) => id === chosen);
  return (
    <table class={`alternatives ${side}`}>
      <caption>
        <bdi>{title}</bdi> <span class="muted">top {items.length}</span>
      </caption>
      <colgroup>
        <col class="place-column" />
        <col />
        <col class="share-column" />
      </colgroup>
      <thead class="visually-hidden">
        <tr>
          <th scope="col">Place</th>
          <th scope="col">Token</th>
          <th scope="col">Probability</th>
        </tr>
      </thead>
      <tbody>
        {items.map((item, place) => (
          <Row
            place={count(place + 1)}
            token={item.token}
            probability={item.probability}
            marked={item.token[0] === chosen}
          />
        ))}
        {listed ? null : <Row place={count(rank)} token={token} probability={probability} marked={true} apart={true} />}
      </tbody>
    </table>
  );
}

interface RowProps {
  readonly place: string;
  readonly token: TokenEntry;
  readonly probability: number;
  readonly marked: boolean;
  readonly apart?: boolean;
}

function Row({ place, token, probability, marked, apart = false }: RowProps): VNode {
  const share = probability;
  return (
    <tr
      class={`${marked ? "marked" : ""} ${apart ? "apart" : ""}`}
      style={{ "--share": `${(share * 100).toFixed(2)}%` }}
    >
      <td class="place">{place}</td>
      <td class="what">
        <TokenChip token={token} />
        {marked ? <span class="visually-hidden"> (the answer’s token)</span> : null}
      </td>
      <td class="share">{percent(share)}</td>
    </tr>
  );
}
