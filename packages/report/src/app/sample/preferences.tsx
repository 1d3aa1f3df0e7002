import type { Preference } from "@unshift/contracts";
import type { VNode } from "preact";
import type { JudgeHead, VerdictDetail } from "../../payload/format.js";
import { SeriesSwatch } from "../charts/marker.js";
import { ScrollBox } from "../components/scroll-box.js";
import { JudgeName } from "../judges/judge-name.js";
import { useFirst } from "../judges/show-more.js";
import { useReport } from "../state/report-context.js";
import { systemSeries } from "../state/system-series.js";
import { ordinal } from "../text/format.js";
import { Rationale } from "./rationale.js";

const firstPairs = 20;

/** Which of every two answers a judge preferred: a line a pair, a column an aspect. */
export function Preferences({ verdicts }: { readonly verdicts: readonly VerdictDetail[] }): VNode | null {
  const { data } = useReport();
  const byJudge = new Map<number, VerdictDetail[]>();
  for (const verdict of verdicts) byJudge.set(verdict.judge, [...(byJudge.get(verdict.judge) ?? []), verdict]);
  if (byJudge.size === 0) return null;
  return (
    <section aria-labelledby="preferred">
      <h2 id="preferred">Two answers at a time</h2>
      {[...byJudge].map(([judge, own]) => (
        <OfJudge key={judge} judge={data.summary.judges[judge]} verdicts={own} />
      ))}
    </section>
  );
}

interface OfJudgeProps {
  readonly judge: JudgeHead | undefined;
  readonly verdicts: readonly VerdictDetail[];
}

function OfJudge({ judge, verdicts }: OfJudgeProps): VNode {
  const pairs = new Map<string, VerdictDetail[]>();
  for (const verdict of verdicts) {
    const key = JSON.stringify([verdict.system, verdict.against]);
    pairs.set(key, [...(pairs.get(key) ?? []), verdict]);
  }
  const [shown, more] = useFirst([...pairs.values()], firstPairs);
  const aspects = (judge?.aspects ?? []).filter(({ id }) =>
    verdicts.some(({ preferences }) => Object.hasOwn(preferences, id)),
  );
  const label = judge?.person ?? judge?.id ?? "an unknown judge";
  return (
    <div class="pair-verdicts">
      <p class="verdict-head">
        <JudgeName judge={judge} />
      </p>
      <ScrollBox class="table-scroll" label={`Preferences of ${label}`}>
        <table class="data">
          <thead>
            <tr>
              <th scope="col">Pair</th>
              {aspects.map(({ title }) => (
                <th scope="col">{title}</th>
              ))}
              <th scope="col">Why</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((times) => (
              <tr>
                <th scope="row">
                  <bdi>{times[0]?.system}</bdi> <span class="muted">against</span> <bdi>{times[0]?.against}</bdi>
                </th>
                {aspects.map(({ id }) => (
                  <td>
                    {times.map((verdict) => (
                      <Which verdict={verdict} aspect={id} time={times.length > 1 ? verdict.repeat : null} />
                    ))}
                  </td>
                ))}
                <td class="why">
                  {times.map((verdict) => (
                    <Why verdict={verdict} time={times.length > 1 ? verdict.repeat : null} />
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
      {more}
    </div>
  );
}

interface TimeProps {
  readonly verdict: VerdictDetail;
  /** Which time it is where there are several. */
  readonly time: number | null;
}

function Which({ verdict, aspect, time }: TimeProps & { readonly aspect: string }): VNode {
  const { data } = useReport();
  const which: Preference | null = Object.hasOwn(verdict.preferences, aspect)
    ? (verdict.preferences[aspect] ?? null)
    : null;
  const prefix = time === null ? null : <span class="muted">{ordinal(time)} </span>;
  if (which === null) {
    return (
      <span class="line muted">
        {prefix}
        {verdict.status === "preferred" ? "–" : "none"}
      </span>
    );
  }
  if (which === "tie") {
    return (
      <span class="line">
        {prefix}
        neither
      </span>
    );
  }
  if (which === "inconsistent") {
    return (
      <span class="line">
        {prefix}
        <span class="inconsistent-mark" title="Another answer was named when the two changed places">
          inconsistent
        </span>
      </span>
    );
  }
  const system = which === "answer" ? verdict.system : (verdict.against ?? "");
  const at = data.summary.systems.findIndex(({ id }) => id === system);
  return (
    <span class="line">
      {prefix}
      <SeriesSwatch series={systemSeries(data.summary)[at] ?? 0} />{" "}
      <b>
        <bdi>{system}</bdi>
      </b>
    </span>
  );
}

const missing = { "not-applicable": "Does not apply", unparsed: "Reply not understood", failed: "Failed" } as const;

function Why({ verdict: { status, why, repairs, raw }, time }: TimeProps): VNode {
  const name = time === null ? "Rationale" : `Rationale, ${ordinal(time)} time`;
  return (
    <>
      {status === "preferred" || status === "scored" ? null : (
        <p class={`verdict-state ${status}`}>
          <b>{missing[status]}</b>
          {why === null || why === "" ? "" : ": "}
          <bdi>{(why ?? "").slice(0, 400)}</bdi>
        </p>
      )}
      {repairs.length === 0 ? null : (
        <p class="verdict-state repaired">
          <b>Reply repaired</b>: <bdi>{repairs.join("; ")}</bdi>
        </p>
      )}
      {status === "preferred" && why !== null ? <Rationale text={why} name={name} /> : null}
      {raw === null ? null : <Rationale text={raw} name="The reply" isFolded={true} />}
    </>
  );
}
