import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Mode } from "../../protocol.js";

type KeyLine = readonly [keys: readonly string[], meaning: string];

const choosing: Readonly<Record<Mode, readonly KeyLine[]>> = {
  pairwise: [
    [["A", "B"], "this answer is better"],
    [["T"], "a tie: neither is better"],
  ],
  rubric: [
    [["1", "…", "5"], "score of the marked aspect"],
    [["X"], "the aspect does not apply"],
  ],
};
const moving: readonly KeyLine[] = [
  [["↑", "↓"], "aspect before, aspect after"],
  [["Enter"], "save and go on"],
  [["S"], "skip this item"],
  [["U"], "back to the item before, to look or to change"],
  [["N"], "write a note; Esc leaves it, Ctrl + Enter saves"],
  [["F"], "where you stand, and the end"],
  [["?"], "this list"],
];

/** The list of keys. */
export function Help({ mode, onClose }: { readonly mode: Mode | null; readonly onClose: () => void }): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const lines = [...(mode === null ? [...choosing.pairwise, ...choosing.rubric] : choosing[mode]), ...moving];
  return (
    <dialog ref={dialog} class="help" aria-labelledby="help-title" onClose={onClose}>
      <div class="help-body">
        <h2 id="help-title">Keys</h2>
        <dl>
          {lines.map(([keys, meaning]) => (
            <div>
              <dt>{keys.map((key) => (key === "…" ? "…" : <kbd>{key}</kbd>))}</dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        </dl>
        <button type="button" class="button" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </div>
    </dialog>
  );
}
