import type { VNode } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { longestNote, type Progress, type Rating, type ShownItem } from "../../protocol.js";
import { AnswerCard } from "../components/answer-card.js";
import { AspectField } from "../components/aspect-field.js";
import { ModelText } from "../components/model-text.js";
import { Turns } from "../components/turns.js";
import { type Choices, choicesFrom, choicesOf, firstOpen, ratingFrom } from "../state/draft.js";
import { useKeys } from "../state/keys.js";

interface ItemViewProps {
  readonly item: ShownItem;
  readonly progress: Progress;
  /** Resolves when the rating is kept and the next item is shown. */
  readonly onRate: (rating: Rating) => Promise<void>;
  readonly onBack: () => void;
  readonly onEnd: () => void;
}

/** One item: what was asked, what was answered, and what the rater makes of it. */
export function ItemView({ item, progress, onRate, onBack, onEnd }: ItemViewProps): VNode {
  const { mode, aspects } = progress;
  const [choices, setChoices] = useState<Choices>(choicesFrom(item.rating));
  const [note, setNote] = useState(item.rating?.note ?? "");
  const [marked, setMarked] = useState(0);
  const [fault, setFault] = useState("");
  // The same at once: a second key may come before the first is drawn.
  const draft = useRef({ choices, marked });
  const heading = useRef<HTMLHeadingElement>(null);
  const noteField = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    scrollTo(0, 0);
    heading.current?.focus({ preventScroll: true });
  }, []);
  // The marked aspect is in view and has the focus, but not before the rater began: the question is read first.
  const began = useRef(false);
  useLayoutEffect(() => {
    if (!began.current) return;
    const field = document.getElementById(`aspect-${aspects[marked]?.id}`);
    const button = field?.querySelector<HTMLInputElement>("input:checked") ?? field?.querySelector("input");
    button?.focus({ preventScroll: true });
    field?.scrollIntoView({ block: "nearest" });
  }, [marked, aspects]);

  const choose = (index: number, value: Choices[string]): void => {
    const aspect = aspects[index];
    if (aspect === undefined) return;
    draft.current.choices = { ...draft.current.choices, [aspect.id]: value };
    setChoices(draft.current.choices);
    setFault("");
  };
  const mark = (index: number): void => {
    draft.current.marked = Math.max(0, Math.min(aspects.length - 1, index));
    setMarked(draft.current.marked);
  };
  const move = (index: number): void => {
    began.current = true;
    mark(index);
  };
  const chooseByKey = (key: string): void => {
    const at = draft.current.marked;
    const aspect = aspects[at];
    const choice = aspect && choicesOf(mode, aspect).find((each) => each.key.toLowerCase() === key);
    if (choice === undefined) return;
    choose(at, choice.value);
    const open = firstOpen(aspects, draft.current.choices, at);
    move(open < 0 ? at : open);
  };
  const send = (rating: Rating): void => {
    setFault("");
    onRate(rating).catch((error: unknown) => setFault(error instanceof Error ? error.message : String(error)));
  };
  const save = (): void => {
    const open = firstOpen(aspects, draft.current.choices);
    if (open < 0) {
      send(ratingFrom(mode, draft.current.choices, note));
      return;
    }
    setFault(`Choose for ${aspects[open]?.title}, or skip the item.`);
    move(open);
  };
  const skip = (): void => send({ kind: "skipped", note });

  const keys = new Set(aspects.flatMap((aspect) => choicesOf(mode, aspect).map(({ key }) => key.toLowerCase())));
  useKeys({
    ...Object.fromEntries([...keys].map((key) => [key, () => chooseByKey(key)])),
    ArrowUp: () => move(draft.current.marked - 1),
    ArrowDown: () => move(draft.current.marked + 1),
    Enter: save,
    s: skip,
    u: onBack,
    n: () => noteField.current?.focus(),
    f: onEnd,
  });
  const noteKey = (event: KeyboardEvent): void => {
    if (event.key === "Escape") heading.current?.focus({ preventScroll: true });
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) save();
    else return;
    event.preventDefault();
  };

  const earlier = item.question.slice(0, -1);
  const asked = item.question.at(-1)?.text ?? "";
  return (
    <main class={`page item ${mode}`}>
      <section class="question" aria-label="Question">
        <h1 ref={heading} tabIndex={-1} class="place">
          Item {item.at + 1} of {progress.total}
          {item.rating === null ? null : (
            <span class="muted"> · {item.rating.kind === "skipped" ? "skipped" : "rated"}; you may change it</span>
          )}
        </h1>
        <Turns turns={earlier} label="The chat before" />
        <div class="asked">
          <ModelText text={asked} empty="an empty question" />
        </div>
        {item.reference.length === 0 ? null : (
          <details class="fold">
            <summary>What a right answer states</summary>
            <ul>
              {item.reference.map((statement) => (
                <li>
                  <ModelText text={statement} empty="nothing" />
                </li>
              ))}
            </ul>
          </details>
        )}
      </section>
      <div class="answers">
        {item.answers.map((answer, index) => (
          <AnswerCard answer={answer} name={item.answers.length === 1 ? "Answer" : `Answer ${"AB"[index]}`} />
        ))}
      </div>
      <form
        class={`rating ${aspects.length === 1 ? "short" : ""}`}
        aria-label="Your rating"
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <div class="aspects">
          {aspects.map((aspect, index) => (
            <AspectField
              mode={mode}
              aspect={aspect}
              choices={choices}
              marked={index === marked}
              onChoose={(value) => choose(index, value)}
              onMark={() => mark(index)}
            />
          ))}
        </div>
        <label class="note">
          <span>
            Note <kbd>N</kbd>
          </span>
          <textarea
            ref={noteField}
            rows={1}
            maxLength={longestNote}
            value={note}
            placeholder="Why, if you like"
            onInput={({ currentTarget }) => setNote(currentTarget.value)}
            onKeyDown={noteKey}
          />
        </label>
        <p class="fault" role="alert">
          {fault}
        </p>
        <div class="actions">
          <button type="submit" class="button primary">
            Save and go on <kbd>Enter</kbd>
          </button>
          <button type="button" class="button" onClick={skip}>
            Skip <kbd>S</kbd>
          </button>
          <button type="button" class="button" onClick={onBack} disabled={item.at === 0}>
            Back <kbd>U</kbd>
          </button>
          <button type="button" class="button" onClick={onEnd}>
            Finish <kbd>F</kbd>
          </button>
        </div>
      </form>
    </main>
  );
}
