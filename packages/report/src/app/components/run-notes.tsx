import type { VNode } from "preact";
import { useReport } from "../state/report-context.js";

/** The run's remarks: a limited selection, answers made elsewhere. They stand wherever figures stand. */
export function RunNotes(): VNode | null {
  const { data } = useReport();
  const { notes } = data.summary.manifest;
  if (notes.length === 0) return null;
  return (
    <ul class="notes" aria-label="Notes">
      {notes.map((note) => (
        <li>
          <bdi>{note}</bdi>
        </li>
      ))}
    </ul>
  );
}
