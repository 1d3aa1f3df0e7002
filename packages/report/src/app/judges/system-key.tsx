import type { VNode } from "preact";
import { SeriesSwatch } from "../charts/marker.js";

interface SystemKeyProps {
  readonly systems: readonly { readonly id: string; readonly series: number }[];
  readonly shown: ReadonlySet<string>;
  readonly onToggle: (system: string) => void;
}

/** Which line and mark is which system; pressing one shows or hides it in the charts. */
export function SystemKey({ systems, shown, onToggle }: SystemKeyProps): VNode {
  return (
    <fieldset class="system-key" aria-label="Systems in the charts">
      {systems.map(({ id, series }) => (
        <button type="button" aria-pressed={shown.has(id)} onClick={() => onToggle(id)}>
          <SeriesSwatch series={series} />
          <bdi>{id}</bdi>
        </button>
      ))}
    </fieldset>
  );
}
