import type { VNode } from "preact";
import type { AnswerDetail, SampleDetail } from "../../payload/format.js";
import { ModelText } from "../components/model-text.js";
import { useReport } from "../state/report-context.js";
import { count } from "../text/format.js";
import { repetitionText } from "../text/repetition-text.js";
import { systemText } from "../text/system-text.js";
import { Preferences } from "./preferences.js";
import { Verdicts } from "./verdicts.js";

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
  const ordered = data.summary.systems.flatMap((system) => {
    const answer = detail.answers.find((candidate) => candidate.system === system.id);
    return answer === undefined ? [] : [{ answer, system }];
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
        {ordered.map(({ answer, system }) => (
          <article class="card">
            <h3>
              <bdi>{answer.system}</bdi> <span class="muted">{systemText(system)}</span>
            </h3>
            <Said answer={answer} />
            <Verdicts
              verdicts={detail.verdicts.filter(({ system: of, against }) => of === system.id && against === null)}
            />
          </article>
        ))}
      </div>
      <Preferences verdicts={detail.verdicts.filter(({ against }) => against !== null)} />
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
        {count(answer.tokens)} {answer.tokens === 1 ? "token" : "tokens"}, {endingText(answer)}
      </p>
      {answer.repetition === null ? null : (
        <p class="runaway-note">Runaway repetition: {repetitionText(answer.repetition)}.</p>
      )}
      {answer.raw === null ? null : (
        <details class="fold inner">
          <summary>Everything that was generated</summary>
          <ModelText text={answer.raw} class="raw" />
        </details>
      )}
    </>
  );
}

/** How it ended; of an answer made elsewhere, by whom and that its ids are its text's. */
function endingText({ finishReason, imported }: Extract<AnswerDetail, { readonly status: "answered" }>): string {
  if (imported === null) return endings[finishReason];
  const by = imported.generator === null ? "" : ` by ${imported.generator}`;
  const ending = finishReason === "unknown" ? "" : `, ${endings[finishReason]}`;
  return `made elsewhere${by} and tokenised anew${ending}`;
}
