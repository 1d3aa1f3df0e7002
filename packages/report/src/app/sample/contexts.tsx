import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { PromptDetail, TokenEntry } from "../../payload/format.js";
import { ScrollBox } from "../components/scroll-box.js";
import { flowingToken } from "../components/token-text.js";
import type { Positions } from "../data/positions.js";
import { type OpenSample, tokensAt } from "../data/report-data.js";
import { useReport } from "../state/report-context.js";
import { count } from "../text/format.js";

interface ContextsProps {
  readonly sample: OpenSample;
  readonly positions: Positions;
  readonly position: number;
  readonly answers: string;
  readonly subject: string;
}

/** The exact tokens each model had read before the chosen one: both prompts differ, the answer so far does not. */
export function Contexts({ sample, positions, position, answers, subject }: ContextsProps): VNode {
  const answer = sample.detail.answers.find(({ system }) => system === answers);
  const reference = answer?.status === "answered" ? answer.prompt : null;
  const isImported = answer?.status === "answered" && answer.imported !== null;
  const before = positions.tokens.slice(0, position);
  return (
    <div class="contexts">
      {isImported ? (
        <p class="note">
          <bdi>{answers}</bdi> answered elsewhere: its exact context is not known.
        </p>
      ) : (
        <Context title={answers} prompt={reference} before={before} sample={sample} />
      )}
      <Context title={subject} prompt={positions.refs.subjectPrompt} before={before} sample={sample} />
    </div>
  );
}

interface ContextProps {
  readonly title: string;
  readonly prompt: PromptDetail | null;
  readonly before: readonly TokenEntry[];
  readonly sample: OpenSample;
}

function Context({ title, prompt, before, sample }: ContextProps): VNode {
  const [open, setOpen] = useState(false);
  const prefix = usePrefix(open ? (prompt?.prefix ?? null) : null);
  if (prompt === null) return <p class="note">The prompt of {title} was not stored.</p>;
  const tail = open ? tokensAt(sample.block.header.tokens, sample.block.column(prompt.tail)) : [];
  return (
    <details class="fold" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        Exact context of <bdi>{title}</bdi>
      </summary>
      {open ? (
        <>
          <p class="muted">
            {prompt.prefix === null ? "" : `${count(prefix.length)} tokens shared by all samples, `}
            {count(tail.length)} {prompt.prefix === null ? "prompt tokens" : "of this sample"}, then{" "}
            {count(before.length)} of the answer. Control tokens are framed.
          </p>
          <ScrollBox class="context" label={`Exact context of ${title}`}>
            {prefix.length > 0 ? <span class="static">{prefix.map(flowingToken)}</span> : null}
            {tail.map(flowingToken)}
            <span class="so-far">{before.map(flowingToken)}</span>
            <span class="caret" role="img" aria-label="the chosen token comes here" />
          </ScrollBox>
          <details class="fold inner">
            <summary>Where this prompt came from</summary>
            <pre>{JSON.stringify(prompt.provenance, null, 2)}</pre>
          </details>
        </>
      ) : null}
    </details>
  );
}

function usePrefix(index: number | null): readonly TokenEntry[] {
  const { data } = useReport();
  const [tokens, setTokens] = useState<readonly TokenEntry[]>([]);
  useEffect(() => {
    let current = true;
    if (index === null) setTokens([]);
    else data.prefix(index).then((loaded) => current && setTokens(loaded));
    return () => {
      current = false;
    };
  }, [data, index]);
  return tokens;
}
