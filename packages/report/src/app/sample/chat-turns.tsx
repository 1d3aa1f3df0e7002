import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { AnswerDetail } from "../../payload/format.js";
import { ModelText } from "../components/model-text.js";
import type { OpenSample, ReportData } from "../data/report-data.js";
import { useReport } from "../state/report-context.js";
import { href } from "../state/route.js";
import { count } from "../text/format.js";

interface EarlierChat {
  /** Earliest first. */
  readonly turns: readonly OpenSample[];
  /** A sample that is followed and not in the run, or null. */
  readonly missing: string | null;
}

/**
 * The chat before a sample that follows others: what was asked, and what each system answered. Every system goes on from its own
 * answer, so that of the system whose answer is looked at stands open and the others are folded.
 */
export function EarlierTurns({ sample }: { readonly sample: OpenSample }): VNode | null {
  const { data, shift, subject } = useReport();
  const chat = useEarlierChat(data, sample);
  if (chat === null || (chat.turns.length === 0 && chat.missing === null)) return null;
  return (
    <section class="chat" aria-label="The chat before">
      {chat.missing === null ? null : (
        <p class="muted small">
          The chat begins with <bdi>{chat.missing}</bdi>, which is not in this run.
        </p>
      )}
      <ol class="turns">
        {chat.turns.map(({ head, detail }, turn) => {
          const own = detail.answers.find(({ system }) => system === shift?.answers) ?? null;
          const others = detail.answers.filter((answer) => answer !== own);
          return (
            <li>
              <span class="role">
                <a href={href("sample", { subject }, head.id)}>
                  Turn {count(turn + 1)} · <bdi>{head.id}</bdi>
                </a>
              </span>
              {detail.messages.map(({ role, content }) => (
                <div class="turn-said">
                  {role === "user" ? null : <span class="role">{role}</span>}
                  <ModelText text={content || "(an empty question)"} />
                </div>
              ))}
              {own === null ? null : <TurnAnswer answer={own} />}
              {others.length === 0 ? null : (
                <details class="fold inner">
                  <summary>
                    {own === null ? "What every system answered" : `What the others answered (${count(others.length)})`}
                  </summary>
                  {others.map((answer) => (
                    <TurnAnswer answer={answer} />
                  ))}
                </details>
              )}
            </li>
          );
        })}
      </ol>
    </section>
  );
}

/** Links to the samples that go on from this one. */
export function LaterTurns({ id }: { readonly id: string }): VNode | null {
  const { data, subject } = useReport();
  const later = data.summary.samples.filter(({ follows }) => follows === id);
  if (later.length === 0) return null;
  return (
    <p class="later-turns">
      The chat goes on:{" "}
      {later.map((head) => (
        <a href={href("sample", { subject }, head.id)}>
          <bdi>{head.id}</bdi>
        </a>
      ))}
    </p>
  );
}

function TurnAnswer({ answer }: { readonly answer: AnswerDetail }): VNode {
  return (
    <div class="turn-answer">
      <span class="role">
        <bdi>{answer.system}</bdi>
      </span>
      {answer.status !== "answered" ? (
        <p class="muted">
          No answer ({answer.status}): {answer.message}
        </p>
      ) : answer.text === "" ? (
        <p class="muted">(an empty answer)</p>
      ) : (
        <ModelText text={answer.text} />
      )}
    </div>
  );
}

/** Null while it is being opened. */
function useEarlierChat(data: ReportData, sample: OpenSample): EarlierChat | null {
  const [chat, setChat] = useState<EarlierChat | null>(null);
  useEffect(() => {
    let current = true;
    setChat(null);
    earlierChat(data, sample).then((found) => current && setChat(found));
    return () => {
      current = false;
    };
  }, [data, sample]);
  return chat;
}

async function earlierChat(data: ReportData, sample: OpenSample): Promise<EarlierChat> {
  const turns: OpenSample[] = [];
  const seen = new Set([sample.head.id]);
  for (let { follows } = sample.head; follows !== null && !seen.has(follows); ) {
    seen.add(follows);
    const index = data.indexOf(follows);
    const earlier = index === null ? null : await data.sample(index);
    if (earlier === null) return { turns, missing: follows };
    turns.unshift(earlier);
    follows = earlier.head.follows;
  }
  return { turns, missing: null };
}
