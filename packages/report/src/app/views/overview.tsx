import type { VNode } from "preact";
import { CurveChart } from "../charts/curve-chart.js";
import { curveSeries, knownSeries } from "../charts/curve-series.js";
import { TableFold } from "../components/data-table.js";
import { Interval } from "../components/interval.js";
import { RunNotes } from "../components/run-notes.js";
import { SeriesKey } from "../components/series-key.js";
import { ShiftCard } from "../components/shift-card.js";
import { SystemsTable } from "../components/systems-table.js";
import { TokenChip } from "../components/token-text.js";
import type { RowView } from "../data/table-view.js";
import { JudgeProfile } from "../judges/judge-profile.js";
import { PreferenceBars } from "../judges/preference-bars.js";
import { hasProfile } from "../state/judge-profile.js";
import { shiftLabel, subjectName, useReport } from "../state/report-context.js";
import { href } from "../state/route.js";
import { count, divergence, divergenceRange, percentagePoints, signed } from "../text/format.js";
import { pText } from "../text/p-text.js";
import { resampledBy } from "../text/resampling-text.js";
import { RunFacts } from "./run-facts.js";

/** Judges of each kind that the overview has room for. */
const mostJudges = 2;

/** The run in one page: how much shifted, what, how the systems did, and what exactly was compared. */
export function OverviewView(): VNode {
  const { data, subject } = useReport();
  const { manifest, shifts, samples, systems } = data.summary;
  const summary = data.table("shift_summary");
  const systemsView = data.table("systems");
  const paired = data.table("paired_subjects");
  const curves = data.table("position_curves");
  const nothing = summary === null || summary.rows.every((row) => (row.number("positions") ?? 0) === 0);
  const answering = [...new Set(shifts.map(({ answers }) => answers))];
  return (
    <section class="page overview">
      <header class="hero">
        <h1>
          <bdi>{manifest.name}</bdi>
        </h1>
        <p class="lead">
          {shifts.length === 0
            ? `What ${count(systems.length)} ${systems.length === 1 ? "system" : "systems"} said to ${count(samples.length)} ${samples.length === 1 ? "sample" : "samples"}.`
            : `What ${answering.join(" and ")} ${answering.length === 1 ? "says" : "say"} token by token, and how much of it ${shifts.length === 1 ? "the subject" : "each subject"} would have said too, over ${count(samples.length)} ${samples.length === 1 ? "sample" : "samples"}.`}
        </p>
        <RunNotes />
      </header>

      {shifts.length === 0 ? null : (
        <section aria-label="Shift">
          <div class="shift-cards">
            {shifts.map((shift, index) => (
              <ShiftCard
                shift={shift}
                index={index}
                row={summary?.rows.find((row) => row.text("shift") === shift.id) ?? null}
              />
            ))}
          </div>
          <PairedList rows={paired?.rows ?? []} />
        </section>
      )}

      {shifts.length === 0 ? null : (
        <div class="two">
          <section aria-labelledby="where">
            <h2 id="where">Where it shifts</h2>
            {curves === null ? (
              <p class="muted">No curve: {nothing ? "no position was compared" : "there are too few positions"}.</p>
            ) : (
              <>
                <SeriesKey />
                {shifts.some(({ withoutReference }) => !withoutReference) ? (
                  <CurveChart
                    title="Mean KL by position"
                    unit="nats"
                    series={knownSeries(curves, shifts, "mean_kl", shiftLabel)}
                    logPositions={true}
                  />
                ) : (
                  <CurveChart
                    title="Shifted by position"
                    unit="share of positions"
                    series={curveSeries(curves, shifts, "shifted", shiftLabel)}
                    isShare={true}
                    logPositions={true}
                  />
                )}
                <a class="more" href={href("shift", { subject })}>
                  All curves
                </a>
              </>
            )}
          </section>
          <section aria-labelledby="what">
            <h2 id="what">What shifts</h2>
            <MostShifted />
            <a class="more" href={href("tokens", { subject })}>
              All tokens
            </a>
          </section>
        </div>
      )}

      <Judged />

      {systemsView === null ? null : (
        <section aria-labelledby="systems">
          <h2 id="systems">Systems</h2>
          <SystemsTable view={systemsView} />
          <p class="muted small">
            Small figures are 95 % intervals, resampled {resampledBy(samples)}, and n, the number of scored answers.
          </p>
          <TableFold view={systemsView} label="All columns" />
        </section>
      )}
      <RunFacts />
    </section>
  );
}

/** What judges made of the systems: profiles of those with several aspects, preferences, and the way to the rest. */
function Judged(): VNode | null {
  const { data, subject } = useReport();
  const scores = data.table("scores");
  const preferences = data.table("preferences");
  const { judges } = data.summary;
  const profiles = scores === null ? [] : judges.filter(hasProfile);
  const pairs = preferences === null ? [] : judges.filter((judge) => judge.judges === "pairs");
  if (profiles.length + pairs.length === 0) return null;
  return (
    <>
      {profiles
        .slice(0, mostJudges)
        .map((judge) => (scores === null ? null : <JudgeProfile key={judge.id} judge={judge} view={scores} />))}
      {pairs
        .slice(0, mostJudges)
        .map((judge) =>
          preferences === null ? null : <PreferenceBars key={judge.id} judge={judge} view={preferences} />,
        )}
      <a class="more" href={href("judges", { subject })}>
        {judges.length > 1 ? "All judges" : "All that it judged"}: differences, ratings, by kind of sample
      </a>
    </>
  );
}

/** The tokens most often shifted, a line of chips for each subject. */
function MostShifted(): VNode {
  const { data } = useReport();
  const { shifts } = data.summary;
  const view = data.table("tokens_by_class");
  const summary = data.table("shift_summary");
  const isCompared = (id: string): boolean =>
    summary?.rows.some((row) => row.text("shift") === id && (row.number("positions") ?? 0) > 0) ?? false;
  return (
    <dl class="most-shifted">
      {shifts.map((shift, index) => {
        const rows =
          view?.rows.filter((row) => row.text("shift") === shift.id && row.text("class") === "shifted").slice(0, 14) ??
          [];
        return (
          <div>
            <dt>
              <i class={`series-mark s${index % 6}`} />
              <a href={href("tokens", { subject: subjectName(shift, shifts) })}>
                <bdi>{shiftLabel(shift, shifts)}</bdi>
              </a>
            </dt>
            <dd>
              {rows.length === 0 ? (
                <span class="muted">{isCompared(shift.id) ? "no shifted token" : "no position was compared"}</span>
              ) : null}
              {rows.map((row) => (
                <span class="counted">
                  <TokenChip token={[row.number("token_id") ?? -1, row.text("token"), 0]} class="shifted" />
                  <span class="times">{count(row.number("count"))}</span>
                </span>
              ))}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

/** Above so many pairs the sentences are folded: seven subjects make twenty-one. */
const mostOpenPairs = 3;

/** Every two subjects of the same answers. */
function PairedList({ rows }: { readonly rows: readonly RowView[] }): VNode | null {
  const compared = rows.filter((row) => row.number("shifted_difference") !== null && (row.number("samples") ?? 0) > 0);
  if (compared.length === 0) return null;
  const sentences = compared.map((row) => <Paired row={row} pairs={compared.length} />);
  if (compared.length === 1) return sentences[0] ?? null;
  const many = (
    <p class="muted">
      {count(compared.length)} comparisons stand here. A subject is said to follow more closely where its interval
      leaves out 0 and p times {count(compared.length)} is below 0.05; the p shown are not corrected.
    </p>
  );
  return compared.length <= mostOpenPairs ? (
    <>
      {many}
      {sentences}
    </>
  ) : (
    <details>
      <summary>The subjects compared with each other, every two</summary>
      {many}
      {sentences}
    </details>
  );
}

/** Two subjects of the same answers: the difference that counts, with its interval and p. */
function Paired({ row, pairs }: { readonly row: RowView; readonly pairs: number }): VNode {
  const shifted = row.estimate("shifted_difference");
  const kl = row.estimate("mean_kl_difference");
  const [first, second] = [row.text("first_subject"), row.text("second_subject")];
  const apart = shifted.low !== null && shifted.high !== null && (shifted.low > 0 || shifted.high < 0);
  // Said aloud only where interval and test agree, and the test holds for as many comparisons as stand here (Bonferroni).
  const clear = apart && (row.number("shifted_p") ?? 1) * pairs < 0.05;
  const closer = (shifted.value ?? 0) < 0 ? first : second;
  return (
    <p class="paired">
      {clear ? (
        <>
          <b>{closer}</b> follows <b>{row.text("answers")}</b> more closely.
        </>
      ) : (
        <>The shifted shares of the two subjects do not differ clearly.</>
      )}{" "}
      Over {count(row.number("samples"))} paired answers, {first} minus {second}: shifted share{" "}
      <b>{signed(percentagePoints(shifted.value), shifted.value)} percentage points</b>{" "}
      <Interval estimate={shifted} text={pointRange} inBrackets={true} also={pText(row.number("shifted_p"))} />
      {kl.value === null ? null : (
        <>
          , mean KL <b>{signed(divergence(kl.value), kl.value)} nats</b>{" "}
          <Interval estimate={kl} text={divergenceRange} inBrackets={true} also={pText(row.number("mean_kl_p"))} />
        </>
      )}
      .
    </p>
  );
}

function pointRange(low: number | null, high: number | null): string {
  return low === null || high === null ? "no interval" : `${percentagePoints(low)} to ${percentagePoints(high)}`;
}
