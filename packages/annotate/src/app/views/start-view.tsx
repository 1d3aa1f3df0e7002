import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

interface StartViewProps {
  readonly offered: string;
  readonly onStart: (rater: string) => Promise<void>;
}

/** Who rates, and how it goes. */
export function StartView({ offered, onStart }: StartViewProps): VNode {
  const [name, setName] = useState(offered);
  const [fault, setFault] = useState("");
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const start = (event: Event): void => {
    event.preventDefault();
    onStart(name).catch((error: unknown) => setFault(error instanceof Error ? error.message : String(error)));
  };
  return (
    <main class="page start">
      <h1>Rate answers, blind</h1>
      <p class="lead">
        You are shown questions and what was answered. Who answered is not said, and the order is drawn for you. Every
        rating is kept at once: you can close this page at any time and go on later under the same name.
      </p>
      <form class="start-form" onSubmit={start}>
        <label for="rater">Your name, as it will stand in the tables</label>
        <div class="row">
          <input
            ref={field}
            id="rater"
            type="text"
            autocomplete="off"
            spellcheck={false}
            maxLength={40}
            required
            value={name}
            aria-describedby={fault === "" ? undefined : "start-fault"}
            onInput={({ currentTarget }) => setName(currentTarget.value)}
          />
          <button type="submit" class="button primary">
            Begin <kbd>Enter</kbd>
          </button>
        </div>
        <p id="start-fault" class="fault" role="alert">
          {fault}
        </p>
      </form>
      <p class="muted small">
        Everything works by keyboard; <kbd>?</kbd> shows the keys.
      </p>
    </main>
  );
}
