import type { VNode } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { ComparisonDetail } from "../../payload/format.js";
import { Legend } from "../components/legend.js";
import { ModelText } from "../components/model-text.js";
import { WithoutReference } from "../components/without-reference.js";
import { openPositions, type Positions } from "../data/positions.js";
import type { OpenSample } from "../data/report-data.js";
import { AllAnswers } from "../sample/all-answers.js";
import { AnswerTokens } from "../sample/answer-tokens.js";
import { EarlierTurns, LaterTurns } from "../sample/chat-turns.js";
import { Contexts } from "../sample/contexts.js";
import { Inspector } from "../sample/inspector.js";
import { useKeys } from "../state/keys.js";
import { useReport } from "../state/report-context.js";
import { go, href } from "../state/route.js";
import { count, divergence } from "../text/format.js";
import { repetitionText } from "../text/repetition-text.js";
import { systemText } from "../text/system-text.js";

/** One sample: the question, the answer by class, the chosen token under both models, and what every system said. */
export function SampleView({ id }: { readonly id: string }): VNode {
  const { data, subject } = useReport();
  const index = data.indexOf(id);
  const [open, setOpen] = useState<OpenSample | Error | null>(null);
  useEffect(() => {
    let current = true;
    setOpen(null);
    if (index === null) return undefined;
    data.sample(index).then(
      (sample) => current && setOpen(sample),
      (error: unknown) => current && setOpen(error instanceof Error ? error : new Error(String(error))),
    );
    return () => {
      current = false;
    };
  }, [data, index]);

  const { samples } = data.summary;
  const neighbour = (step: number): string | null => (index === null ? null : (samples[index + step]?.id ?? null));
  const [previous, next] = [neighbour(-1), neighbour(1)];
  const visit = (sample: string | null) => (): void => {
    if (sample !== null) go(href("sample", { subject }, sample));
  };
  useKeys({ j: visit(next), n: visit(next), k: visit(previous), p: visit(previous) });

  if (index === null) {
    return (
      <section class="page">
        <h1>No such sample</h1>
        <p>
          This run holds no sample <code>{id}</code>. <a href={href("samples", { subject })}>All samples</a>
        </p>
      </section>
    );
  }
  const step = (sample: string | null, label: string, keys: string): VNode =>
    sample === null ? (
      <span class="button" aria-disabled="true">
        {label}
      </span>
    ) : (
      <a class="button" href={href("sample", { subject }, sample)} title={`${sample} (${keys})`}>
        {label}
      </a>
    );
  return (
    <section class="page sample-page">
      <div class="crumbs">
        <span>
          <a href={href("samples", { subject })}>Samples</a> <span aria-hidden="true">/</span>{" "}
          <bdi class="sample-id">{samples[index]?.id}</bdi>
        </span>
        <span class="steps">
          <span class="muted">
            {count(index + 1)} of {count(samples.length)}
          </span>
          {step(previous, "‹ Previous", "k")}
          {step(next, "Next ›", "j")}
        </span>
      </div>
      {open === null ? (
        <p class="loading">Opening…</p>
      ) : open instanceof Error ? (
        <p role="alert">{open.message}</p>
      ) : (
        <Opened sample={open} />
      )}
    </section>
  );
}

function Opened({ sample }: { readonly sample: OpenSample }): VNode {
  const { shiftIndex, shift } = useReport();
  const { head, detail } = sample;
  const comparison = detail.comparisons[shiftIndex];
  const earlier = detail.messages.slice(0, -1);
  return (
    <>
      <EarlierTurns sample={sample} />
      <header class="question">
        {earlier.length === 0 ? null : (
          <ol class="turns">
            {earlier.map(({ role, content }) => (
              <li>
                <span class="role">{role}</span>
                <ModelText text={content} />
              </li>
            ))}
          </ol>
        )}
        <h1 dir="auto">
          <ModelText text={detail.messages.at(-1)?.content || "(an empty question)"} />
        </h1>
        <ul class="tags" aria-label="Tags">
          {head.tags.map((tag) => (
            <li>
              <bdi>{tag}</bdi>
            </li>
          ))}
        </ul>
        <LaterTurns id={head.id} />
      </header>
      {shift === null || comparison === undefined ? (
        <AllAnswers detail={detail} />
      ) : (
        <Comparison key={`${head.id} ${shift.id}`} sample={sample} comparison={comparison} />
      )}
    </>
  );
}

function Comparison({
  sample,
  comparison,
}: {
  readonly sample: OpenSample;
  readonly comparison: ComparisonDetail;
}): VNode | null {
  const { shift } = useReport();
  const positions = useMemo(
    () => (comparison.status === "scored" ? openPositions(sample, comparison) : null),
    [sample, comparison],
  );
  if (shift === null) return null;
  if (comparison.status !== "scored" || positions === null) {
    const reason = comparison.status === "skipped" || comparison.status === "failed" ? comparison : null;
    return (
      <>
        <p class="note">
          {reason === null
            ? "This answer was not compared."
            : `This answer was not compared (${reason.status}): ${reason.message}`}{" "}
          {reason === null ? null : <code>{reason.code}</code>}
        </p>
        <AllAnswers detail={sample.detail} />
      </>
    );
  }
  if (positions.length === 0) {
    return (
      <>
        <p class="note">The answer of {shift.answers} is empty: there is no position to compare.</p>
        <AllAnswers detail={sample.detail} />
      </>
    );
  }
  return <Compared sample={sample} positions={positions} answers={shift.answers} subject={shift.subject} />;
}

interface ComparedProps {
  readonly sample: OpenSample;
  readonly positions: Positions;
  readonly answers: string;
  readonly subject: string;
}

function Compared({ sample, positions, answers, subject }: ComparedProps): VNode {
  const { data, route, shiftIndex, shift } = useReport();
  const [position, setPosition] = useState(() => startPosition(route.query.get("pos"), positions));
  // On a narrow screen a link to a position means its figures, so the sheet is up from the start.
  const [sheet, setSheet] = useState(() => route.query.has("pos"));
  const select = (next: number): void => {
    const bounded = Math.max(0, Math.min(positions.length - 1, next));
    setPosition(bounded);
    setSheet(true);
    const parameters = { ...Object.fromEntries(route.query), pos: bounded };
    history.replaceState(null, "", href("sample", parameters, sample.head.id));
  };
  const toShifted = (direction: 1 | -1) => (): void => {
    for (let t = position + direction; t >= 0 && t < positions.length; t += direction) {
      if (positions.classes[t] !== "shifted") continue;
      select(t);
      return;
    }
  };
  useKeys({
    ArrowLeft: () => select(position - 1),
    ArrowRight: () => select(position + 1),
    s: toShifted(1),
    S: toShifted(-1),
    Escape: () => setSheet(false),
  });
  const strip = sample.head.strips[shiftIndex];
  const detail = positions.at(position);
  const system = data.summary.systems.find(({ id }) => id === answers);
  const said = sample.detail.answers.find((answer) => answer.system === answers);
  const repetition = said?.status === "answered" ? said.repetition : null;
  return (
    <div class={`reading ${sheet ? "with-sheet" : ""}`}>
      <div class="reading-main">
        <div class="answer-head">
          <h2>
            Answer of <bdi>{answers}</bdi>
            <span class="muted">
              {" "}
              {systemText(system)} — coloured by <bdi>{subject}</bdi>
            </span>
          </h2>
          {strip ? (
            <p class="figures">
              <span>
                <b>{count(positions.length)}</b> positions
              </span>
              <span>
                <b>{count(strip.unshifted)}</b> unshifted
              </span>
              <span>
                <b>{count(strip.marginal)}</b> marginal
              </span>
              <span>
                <b>{count(strip.shifted)}</b> shifted
              </span>
              {strip.meanKl === null ? null : (
                <span>
                  mean KL <b>{divergence(strip.meanKl)}</b> nats
                </span>
              )}
            </p>
          ) : null}
        </div>
        <Legend answers={answers} subject={subject} />
        {shift === null ? null : <WithoutReference shifts={[shift]} />}
        {repetition === null ? null : (
          <p class="runaway-note">
            Runaway repetition: {repetitionText(repetition)}, hatched below. Nothing was cut for it.
          </p>
        )}
        <AnswerTokens
          positions={positions}
          runawayFrom={repetition?.start ?? null}
          selected={position}
          label={`Answer of ${answers}, token by token, compared with ${subject}`}
          covered={sheet}
          onSelect={select}
        />
        <Contexts sample={sample} positions={positions} position={position} answers={answers} subject={subject} />
        <AllAnswers detail={sample.detail} />
      </div>
      <Inspector
        detail={detail}
        position={position}
        length={positions.length}
        answers={answers}
        subject={subject}
        open={sheet}
        onClose={() => setSheet(false)}
      />
    </div>
  );
}

/** The position the address names; else the first that is shifted; else the first. */
function startPosition(named: string | null, positions: Positions): number {
  const asked = named === null ? Number.NaN : Number(named);
  if (Number.isInteger(asked) && asked >= 0 && asked < positions.length) return asked;
  return Math.max(0, positions.classes.indexOf("shifted"));
}
