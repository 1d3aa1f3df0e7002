import type { VNode } from "preact";
import { shiftLabel, useReport } from "../state/report-context.js";

/** Which colour and dash is which subject. */
export function SeriesKey(): VNode {
  const { data } = useReport();
  const { shifts } = data.summary;
  return (
    <ul class="series-key" aria-label="Subjects">
      {shifts.map((shift, index) => (
        <li>
          <i class={`series-mark s${index % 6}`} />
          <bdi>{shiftLabel(shift, shifts)}</bdi>
        </li>
      ))}
    </ul>
  );
}
