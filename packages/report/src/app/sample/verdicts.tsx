import type { VNode } from "preact";
import type { AspectHead, JudgeHead, VerdictDetail } from "../../payload/format.js";
import { JudgeName } from "../judges/judge-name.js";
import { useReport } from "../state/report-context.js";
import { ordinal, real } from "../text/format.js";
import { scoreText } from "../text/score-text.js";
import { Rationale } from "./rationale.js";

/** What the judges of answers made of one answer, judge by judge; several times of one judge together. */
export function Verdicts({ verdicts }: { readonly verdicts: readonly VerdictDetail[] }): VNode {
  const { data } = useReport();
  const byJudge = new Map<number, VerdictDetail[]>();
  for (const verdict of verdicts) byJudge.set(verdict.judge, [...(byJudge.get(verdict.judge) ?? []), verdict]);
  return (
    <>
      {[...byJudge].map(([judge, times]) => (
        <OfJudge key={judge} judge={data.summary.judges[judge]} times={times} />
      ))}
    </>
  );
}

interface OfJudgeProps {
  readonly judge: JudgeHead | undefined;
  readonly times: readonly VerdictDetail[];
}

function OfJudge({ judge, times }: OfJudgeProps): VNode {
  const scored = times.filter(({ status }) => status === "scored");
  const aspects = (judge?.aspects ?? []).filter(({ id }) =>
    scored.some(({ scores, notApplicable }) => Object.hasOwn(scores, id) || notApplicable.includes(id)),
  );
  return (
    <section class="verdict" aria-label={`Verdict of ${judge?.person ?? judge?.id ?? "an unknown judge"}`}>
      <p class="verdict-head">
        <JudgeName judge={judge} />
        {times.length > 1 ? (
          <span class="muted small">judged {times.length === 2 ? "twice" : `${times.length} times`}</span>
        ) : null}
      </p>
      {aspects.length === 0 ? null : (
        <dl class="scores">
          {aspects.map((aspect) => (
            <Score key={aspect.id} aspect={aspect} times={scored} policy={judge?.naPolicy ?? null} />
          ))}
        </dl>
      )}
      {times.map((verdict) => (
        <Said verdict={verdict} time={times.length > 1 ? ordinal(verdict.repeat) : null} />
      ))}
    </section>
  );
}

interface ScoreProps {
  readonly aspect: AspectHead;
  readonly times: readonly VerdictDetail[];
  readonly policy: string | null;
}

/** An aspect's score on its scale, both ends written; of several times their mean, every one a line on the bar. */
function Score({ aspect: { id, title, min, max }, times, policy }: ScoreProps): VNode {
  const scores = times.flatMap((verdict) => (Object.hasOwn(verdict.scores, id) ? [verdict.scores[id] ?? 0] : []));
  const without = times.filter(({ notApplicable }) => notApplicable.includes(id)).length;
  const counted = times.some(({ notApplicable, scores: own }) => notApplicable.includes(id) && Object.hasOwn(own, id));
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  const share = (score: number): string =>
    `${(max === min ? 1 : Math.max(0, Math.min(1, (score - min) / (max - min)))) * 100}%`;
  return (
    <div>
      <dt>{title}</dt>
      {scores.length === 0 ? (
        <dd class="muted">does not apply{policy === "exclude" || policy === null ? ", counts nothing" : ""}</dd>
      ) : (
        <dd>
          <span class="score-scale" aria-hidden="true">
            <span class="end">{scoreText(min)}</span>
            <span class="score-bar">
              <i class="filled" style={{ width: share(mean) }} />
              {scores.length > 1 ? scores.map((score) => <i class="once" style={{ left: share(score) }} />) : null}
            </span>
            <span class="end">{scoreText(max)}</span>
          </span>
          <b title={`${scoreText(min)} to ${scoreText(max)}`}>{scores.length > 1 ? real(mean) : scoreText(mean)}</b>
          {scores.length > 1 ? <span class="muted">{scores.map(scoreText).join(", ")}</span> : null}
          {without > 0 ? (
            <span class="muted">{counted ? "“does not apply”, counted as this" : `${without} × does not apply`}</span>
          ) : null}
        </dd>
      )}
    </div>
  );
}

const missing = {
  "not-applicable": "Does not apply",
  unparsed: "Reply not understood",
  failed: "Failed",
} as const;

/** The words beside the scores: rationale, what was repaired, why there is no score. */
function Said({ verdict, time }: { readonly verdict: VerdictDetail; readonly time: string | null }): VNode {
  const { status, why, repairs, raw } = verdict;
  return (
    <>
      {status === "scored" || status === "preferred" ? null : (
        <p class={`verdict-state ${status}`}>
          {time === null ? "" : `${time} time: `}
          <b>{missing[status]}</b>
          {why === null || why === "" ? "" : ": "}
          <bdi>{(why ?? "").slice(0, 400)}</bdi>
        </p>
      )}
      {repairs.length === 0 ? null : (
        <p class="verdict-state repaired">
          {time === null ? "" : `${time} time: `}
          <b>Reply repaired</b>: <bdi>{repairs.join("; ")}</bdi>
        </p>
      )}
      {status === "scored" && why !== null ? (
        <Rationale text={why} name={time === null ? "Rationale" : `Rationale, ${time} time`} />
      ) : null}
      {raw === null ? null : <Rationale text={raw} name="The reply" isFolded={true} />}
    </>
  );
}
