import type { VNode } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { SampleHead, ShiftHead } from "../../payload/format.js";
import { Strip } from "../components/strip.js";
import { WithoutReference } from "../components/without-reference.js";
import type { ReportData } from "../data/report-data.js";
import { useReport } from "../state/report-context.js";
import { go, href } from "../state/route.js";
import {
  fitsVerdicts,
  scoreOfSample,
  spreadOfSample,
  type VerdictFilter,
  verdictFilter,
} from "../state/verdict-filter.js";
import { useWindowRows } from "../state/window-rows.js";
import { count, divergence, percent } from "../text/format.js";
import { visibleParts } from "../text/visible-text.js";
import { SampleScores } from "./sample-scores.js";
import { VerdictFields } from "./verdict-fields.js";

const orders = {
  dataset: "in the dataset’s order",
  shifted: "most shifted first",
  kl: "largest mean KL first",
  long: "longest answers first",
  low: "lowest score first",
  high: "highest score first",
  apart: "scores furthest apart first",
} as const;
type Order = keyof typeof orders;
const rowHeight = 76;

/** All samples: search, filter by tag, sort; a strip shows where each answer shifts. */
export function SamplesView(): VNode {
  const { data, route, shiftIndex, subject, shift } = useReport();
  const { samples } = data.summary;
  const [wanted, setWanted] = useState(route.query.get("q") ?? "");
  const tag = route.query.get("tag") ?? "";
  const asked = orderOf(route.query.get("sort"));
  const tags = useMemo(() => [...new Set(samples.flatMap((sample) => sample.tags))].sort(), [samples]);
  const filter = useMemo(() => verdictFilter(route.query, data), [route, data]);
  const isScored = filter.judge !== null && filter.aspect !== null;
  const possible = possibleOrders(shift, isScored);
  const order = possible.includes(asked) ? asked : "dataset";
  const found = useMemo(() => {
    const fits = fitsVerdicts(filter, data);
    const matches = matching(samples, wanted, tag);
    return sorted(
      samples.flatMap((_, index) => (matches(index) && fits(index) ? [index] : [])),
      orderValue(order, data, shiftIndex, filter),
    );
  }, [data, samples, wanted, tag, order, shiftIndex, filter]);
  const list = useRef<HTMLUListElement>(null);
  const [from, to] = useWindowRows(list, found.length, rowHeight);
  const field = useRef<HTMLInputElement>(null);
  const rows = found.slice(from, to).flatMap((index) => {
    const sample = samples[index];
    return sample === undefined ? [] : [{ sample, index }];
  });

  const changeAll = (changes: Readonly<Record<string, string>>): void => {
    go(href("samples", { ...Object.fromEntries(route.query), find: null, ...changes }), { replace: true });
  };
  const change = (name: string, value: string): void => changeAll({ [name]: value });
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
            const first = samples[found[0] ?? -1];
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
          {possible.length < 2 ? null : (
            <select aria-label="Order" value={order} onChange={(event) => change("sort", event.currentTarget.value)}>
              {possible.map((value) => (
                <option value={value}>{orders[value]}</option>
              ))}
            </select>
          )}
          <span class="muted" aria-live="polite">
            {count(found.length)} of {count(samples.length)}
          </span>
          <VerdictFields filter={filter} onChange={changeAll} />
        </form>
      </search>
      {shift === null ? null : <WithoutReference shifts={[shift]} />}
      {found.length === 0 ? (
        <p class="note">{samples.length === 0 ? "This run holds no sample." : "No sample fits."}</p>
      ) : null}
      <ul ref={list} class="sample-list" style={{ height: `${found.length * rowHeight}px` }}>
        {rows.map(({ sample, index }, i) => (
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
              {isScored ? (
                <SampleScores sample={index} filter={filter} />
              ) : (
                <SampleFigures sample={sample} shiftIndex={shiftIndex} />
              )}
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

function matching(samples: readonly SampleHead[], wanted: string, tag: string): (index: number) => boolean {
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  return (index) => {
    const sample = samples[index];
    if (sample === undefined || (tag !== "" && !sample.tags.includes(tag))) return false;
    if (words.length === 0) return true;
    const text = `${sample.id}\n${sample.question}\n${sample.tags.join("\n")}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
}

/** Orders that the run has figures for. */
function possibleOrders(shift: ShiftHead | null, isScored: boolean): Order[] {
  const ofShift: Order[] =
    shift === null ? [] : shift.withoutReference ? ["shifted", "long"] : ["shifted", "kl", "long"];
  return ["dataset", ...ofShift, ...(isScored ? (["low", "high", "apart"] as const) : [])];
}

/** What the list is sorted by, falling; null: the dataset's order. */
function orderValue(
  order: Order,
  data: ReportData,
  shiftIndex: number,
  filter: VerdictFilter,
): ((sample: number) => number) | null {
  if (order === "dataset") return null;
  if (order === "apart") return spreadOfSample(filter, data);
  if (order === "high") return scoreOfSample(filter, data);
  if (order === "low") {
    const score = scoreOfSample(filter, data);
    return (sample) => -score(sample);
  }
  return (sample) => {
    const strip = data.summary.samples[sample]?.strips[shiftIndex];
    if (!strip) return Number.NaN;
    const total = strip.unshifted + strip.marginal + strip.shifted;
    if (order === "long") return total;
    return order === "kl" ? (strip.meanKl ?? Number.NaN) : total === 0 ? 0 : strip.shifted / total;
  };
}

/** Largest first; what has no value stands last, in the dataset's order. */
function sorted(samples: number[], value: ((sample: number) => number) | null): number[] {
  if (value === null) return samples;
  const known = samples.map((sample) => {
    const by = value(sample);
    return { sample, by: Number.isNaN(by) ? Number.NEGATIVE_INFINITY : by };
  });
  return known.sort((a, b) => (a.by === b.by ? 0 : b.by - a.by)).map(({ sample }) => sample);
}

function orderOf(name: string | null): Order {
  return name !== null && Object.hasOwn(orders, name) ? (name as Order) : "dataset";
}

function oneLine(text: string): string {
  return visibleParts(text)
    .map((part) => (part.kind === "newline" || part.kind === "tab" ? " " : part.text))
    .join("");
}
