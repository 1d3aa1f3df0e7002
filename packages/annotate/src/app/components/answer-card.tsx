import type { VNode } from "preact";
import type { ShownAnswer } from "../../protocol.js";
import { ModelText } from "./model-text.js";
import { Turns } from "./turns.js";

/** One answer, with the chat before it where there was one. */
export function AnswerCard({ answer, name }: { readonly answer: ShownAnswer; readonly name: string }): VNode {
  const id = name.replaceAll(" ", "-").toLowerCase();
  return (
    <section class="card" aria-labelledby={id}>
      <h2 id={id}>{name}</h2>
      <Turns turns={answer.before} label={`The chat before, ${name}`} />
      {answer.before.length === 0 ? null : <p class="role">To the question above</p>}
      <ModelText text={answer.text} empty="an empty answer" />
    </section>
  );
}
