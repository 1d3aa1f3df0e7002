import type { VNode } from "preact";
import type { AnswerDetail, SampleDetail, VerdictDetail } from "../../payload/format.js";
import { ModelText } from "../components/model-text.js";
import { useReport } from "../state/report-context.js";
import { count, real } from "../text/format.js";

const endings = {
  eos: "ended by itself",
  stop: "ended at a stop text",
  length: "cut off at the length limit",
  context: "cut off: the context was full",
  unknown: "made elsewhere",
} as const;

/** What every system said to the sample, and what the judges made of it. */
export function AllAnswers({ detail }: { readonly detail: SampleDetail }): VNode {
  const { data } = useReport();
  const ordered = data.summary.systems.flatMap(({ id, model, strategy }) => {
    const answer = detail.answers.find(({ system }) => system === id);
    return answer === undefined ? [] : [{ answer, model, strategy }];
  });
  return (
    <section class="all-answers" aria-labelledby="all-answers">
      <h2 id="all-answers">All answers</h2>
      {detail.reference.length === 0 ? null : (
        <p class="muted">
          A right answer states: <bdi>{detail.reference.join(" · ")}</bdi>
        </p>
      )}
      <div class="cards">
        {ordered.map(({ answer, model, strategy }) => (
          <article class="card">
            <h3>
              <bdi>{answer.system}</bdi>{" "}
              <span class="muted">
                {model} · {strategy}
              </span>
            </h3>
            <Said answer={answer} />
            {detail.verdicts
              .filter(({ system }) => system === answer.system)
              .map((verdict) => (
                <Verdict verdict={verdict} />
              ))}
          </article>
        ))}
      </div>
    </section>
  );
}

function Said({ answer }: { readonly answer: AnswerDetail }): VNode {
  if (answer.status !== "answered") {
    return (
      <p class="note">
        No answer ({answer.status}): {answer.message} <code>{answer.code}</code>
      </p>
    );
  }
  return (
    <>
      {answer.text === "" ? <p class="muted">(an empty answer)</p> : <ModelText text={answer.text} class="said" />}
      <p class="muted small">
        {count(answer.tokens)} {answer.tokens === 1 ? "token" : "tokens"}, {endings[answer.finishReason]}
      </p>
      {answer.raw === null ? null : (
        <details class="fold inner">
          <summary>Everything that was generated</summary>
          <ModelText text={answer.raw} class="raw" />
        </details>
      )}
    </>
  );
}

function Verdict({ verdict }: { readonly verdict: VerdictDetail }): VNode {
  const scores = Object.entries(verdict.scores);
  return (
    <p class="verdict">
      <span class="judge">{verdict.judge}</span>
      {verdict.status === "scored" ? (
        scores.map(([aspect, score]) => (
          <span class="score">
            {aspect} <b>{Number.isInteger(score) ? count(score) : real(score)}</b>
          </span>
        ))
      ) : (
        <span class="score">
          {verdict.status === "not-applicable"
            ? "does not apply"
            : verdict.status === "unparsed"
              ? "reply not understood"
              : "failed"}
        </span>
      )}
      {verdict.why === null ? null : <span class="muted"> {verdict.why}</span>}
    </p>
  );
}
