import type { VNode } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { SampleHead } from "../../payload/format.js";
import { Strip } from "../components/strip.js";
import { WithoutReference } from "../components/without-reference.js";
import { useReport } from "../state/report-context.js";
import { go, href } from "../state/route.js";
import { useWindowRows } from "../state/window-rows.js";
import { count, divergence, percent } from "../text/format.js";
import { visibleParts } from "../text/visible-text.js";

const orders = {
  dataset: "in the dataset’s order",
  shifted: "most shifted first",
  kl: "largest mean KL first",
  long: "longest answers first",
} as const;
type Order = keyof typeof orders;
const rowHeight = 76;

/** All samples: search, filter by tag, sort; a strip shows where each answer shifts. */
export function SamplesView(): VNode {
  const { data, route, shiftIndex, subject, shift } = useReport();
  const { samples } = data.summary;
  const [wanted, setWanted] = useState(route.query.get("q") ?? "");
  const tag = route.query.get("tag") ?? "";
  const order = orderOf(route.query.get("sort"));
  const tags = useMemo(() => [...new Set(samples.flatMap((sample) => sample.tags))].sort(), [samples]);
  const found = useMemo(
    () => sorted(matching(samples, wanted, tag), order, shiftIndex),
    [samples, wanted, tag, order, shiftIndex],
  );
  const list = useRef<HTMLUListElement>(null);
  const [from, to] = useWindowRows(list, found.length, rowHeight);
  const field = useRef<HTMLInputElement>(null);

  const change = (name: string, value: string): void => {
    go(href("samples", { ...Object.fromEntries(route.query), find: null, [name]: value }), { replace: true });
  };
  useEffect(() => {
    if (route.query.has("find")) field.current?.focus();
  }, [route]);

  return (
    <section class="page">
      <h1>Samples</h1>
      <search>
        <form
          class="filters"
          onSubmit={(event) => {
            event.preventDefault();
            const first = found[0];
            if (first !== undefined) go(href("sample", { subject }, first.id));
          }}
        >
          <input
            ref={field}
            type="search"
            aria-label="Search questions, ids and tags"
            placeholder="Search questions, ids, tags  ( / )"
            value={wanted}
            onInput={(event) => {
              setWanted(event.currentTarget.value);
              change("q", event.currentTarget.value);
            }}
          />
          {tags.length === 0 ? null : (
            <select aria-label="Tag" value={tag} onChange={(event) => change("tag", event.currentTarget.value)}>
              <option value="">every tag</option>
              {tags.map((name) => (
                <option value={name}>{name}</option>
              ))}
            </select>
          )}
          {shift === null ? null : (
            <select aria-label="Order" value={order} onChange={(event) => change("sort", event.currentTarget.value)}>
              {Object.entries(orders)
                .filter(([value]) => value !== "kl" || !shift.withoutReference)
                .map(([value, label]) => (
                  <option value={value}>{label}</option>
                ))}
            </select>
          )}
          <span class="muted" aria-live="polite">
            {count(found.length)} of {count(samples.length)}
          </span>
        </form>
      </search>
      {shift === null ? null : <WithoutReference shifts={[shift]} />}
      {found.length === 0 ? (
        <p class="note">{samples.length === 0 ? "This run holds no sample." : "No sample fits."}</p>
      ) : null}
      <ul ref={list} class="sample-list" style={{ height: `${found.length * rowHeight}px` }}>
        {found.slice(from, to).map((sample, i) => (
          <li key={sample.id} style={{ top: `${(from + i) * rowHeight}px`, height: `${rowHeight}px` }}>
            <a href={href("sample", { subject }, sample.id)}>
              <span class="sample-question">
                <bdi>{oneLine(sample.question) || "(an empty question)"}</bdi>
              </span>
              <span class="sample-meta">
                <bdi>{oneLine(sample.id)}</bdi>
                {sample.follows === null ? null : (
                  <span class="follows">
                    ↳ after <bdi>{oneLine(sample.follows)}</bdi>
                  </span>
                )}
                {sample.tags.map((name) => (
                  <bdi class="tag">{oneLine(name)}</bdi>
                ))}
              </span>
              <SampleFigures sample={sample} shiftIndex={shiftIndex} />
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

function SampleFigures({
  sample,
  shiftIndex,
}: {
  readonly sample: SampleHead;
  readonly shiftIndex: number;
}): VNode | null {
  if (shiftIndex < 0) return null;
  const strip = sample.strips[shiftIndex];
  if (!strip) return <span class="sample-figures muted">not compared</span>;
  const total = strip.unshifted + strip.marginal + strip.shifted;
  return (
    <span class="sample-figures">
      <Strip strip={strip} />
      <span>
        <b>{total === 0 ? "empty" : percent(strip.shifted / total)}</b> {total === 0 ? "answer" : "shifted"}
        <span class="muted">
          {" "}
          {strip.meanKl === null ? "" : `· KL ${divergence(strip.meanKl)} `}· {count(total)} tokens
        </span>
      </span>
    </span>
  );
}

function matching(samples: readonly SampleHead[], wanted: string, tag: string): SampleHead[] {
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  return samples.filter((sample) => {
    if (tag !== "" && !sample.tags.includes(tag)) return false;
    if (words.length === 0) return true;
    const text = `${sample.id}\n${sample.question}\n${sample.tags.join("\n")}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

function sorted(samples: SampleHead[], order: Order, shiftIndex: number): SampleHead[] {
  if (order === "dataset" || shiftIndex < 0) return samples;
  const value = (sample: SampleHead): number => {
    const strip = sample.strips[shiftIndex];
    if (!strip) return -1;
    const total = strip.unshifted + strip.marginal + strip.shifted;
    return order === "long" ? total : order === "kl" ? (strip.meanKl ?? -1) : total === 0 ? 0 : strip.shifted / total;
  };
  return samples
    .map((sample) => ({ sample, by: value(sample) }))
    .sort((a, b) => b.by - a.by)
    .map(({ sample }) => sample);
}

function orderOf(name: string | null): Order {
  return name !== null && Object.hasOwn(orders, name) ? (name as Order) : "dataset";
}

function oneLine(text: string): string {
  return visibleParts(text)
    .map((part) => (part.kind === "newline" || part.kind === "tab" ? " " : part.text))
    .join("");
}
