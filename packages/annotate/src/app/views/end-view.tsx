import type { VNode } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { BlindKey, Progress } from "../../protocol.js";
import { useKeys } from "../state/keys.js";
import { KeyTables } from "./key-tables.js";

interface EndViewProps {
  readonly progress: Progress;
  readonly onBack: () => void;
  readonly onReveal: () => Promise<BlindKey>;
}

/** Where the rater stands; and, where it was asked for and judging has ended for good, which system was which. */
export function EndView({ progress, onBack, onReveal }: EndViewProps): VNode {
  const { total, rated, skipped, ended, canReveal } = progress;
  const left = total - rated - skipped;
  const [asking, setAsking] = useState(false);
  const [key, setKey] = useState<BlindKey | null>(null);
  const [fault, setFault] = useState("");
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    scrollTo(0, 0);
    heading.current?.focus({ preventScroll: true });
  }, []);
  const reveal = (): void => {
    onReveal().then(setKey, (error: unknown) => setFault(error instanceof Error ? error.message : String(error)));
  };
  useKeys(ended ? {} : { u: onBack, f: onBack });
  return (
    <main class="page end">
      <h1 ref={heading} tabIndex={-1}>
        {left === 0 ? "That was all" : "Where you stand"}
      </h1>
      <dl class="figures">
        <Figure name="rated" value={rated} />
        <Figure name="skipped" value={skipped} />
        <Figure name="left" value={left} />
      </dl>
      <p class="lead">
        Every rating is in the run folder. Ended with Ctrl-C, the command gives the folder free, and{" "}
        <code>unshift analyse</code> makes its tables, with how far you and the other judges agree.
      </p>
      {key !== null ? (
        <div class="key" ref={focused} tabIndex={-1}>
          <KeyTables blindKey={key} />
        </div>
      ) : (
        <div class="actions">
          {ended ? null : (
            <button type="button" class="button primary" onClick={onBack}>
              {left === 0 ? "Look at them again" : "Go on rating"} <kbd>U</kbd>
            </button>
          )}
          {!canReveal ? null : ended ? (
            <button type="button" class="button" onClick={reveal}>
              Show which system was which
            </button>
          ) : asking ? null : (
            <button type="button" class="button" onClick={() => setAsking(true)}>
              Which system was which?
            </button>
          )}
        </div>
      )}
      {asking && key === null ? (
        <div class="confirm">
          <p>
            Once you know, you cannot rate blind: your judging ends here, for good, with{" "}
            {left === 0 ? "everything" : `${left} items not`} rated.
          </p>
          <button type="button" class="button" onClick={reveal} ref={focused}>
            End my judging and show it
          </button>
        </div>
      ) : null}
      <p class="fault" role="alert">
        {fault}
      </p>
    </main>
  );
}

/** What takes the place of the pressed button takes its focus. */
function focused(element: HTMLElement | null): void {
  element?.focus();
}

function Figure({ name, value }: { readonly name: string; readonly value: number }): VNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
