import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";

const keys: readonly (readonly [keys: readonly string[], meaning: string])[] = [
  [["j", "n"], "next sample"],
  [["k", "p"], "previous sample"],
  [["←", "→"], "token before, token after"],
  [["↑", "↓"], "line above, line below (in the answer)"],
  [["s", "S"], "next, previous shifted token"],
  [["Home", "End"], "first, last token (in the answer)"],
  [["/"], "search the samples"],
  [["t"], "theme: system, light, dark"],
  [["Esc"], "close"],
  [["?"], "this list"],
];

/** The list of keys. */
export function Help({ subjects, onClose }: { readonly subjects: number; readonly onClose: () => void }): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="help" aria-labelledby="help-title" onClose={onClose}>
      <div class="help-body">
        <h2 id="help-title">Keys</h2>
        <dl>
          {keys.map(([names, meaning]) => (
            <div>
              <dt>
                {names.map((name) => (
                  <kbd>{name}</kbd>
                ))}
              </dt>
              <dd>{meaning}</dd>
            </div>
          ))}
          {subjects > 1 ? (
            <div>
              <dt>
                <kbd>1</kbd>…<kbd>{Math.min(9, subjects)}</kbd>
              </dt>
              <dd>choose the subject</dd>
            </div>
          ) : null}
        </dl>
        <button type="button" class="button" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </div>
    </dialog>
  );
}
