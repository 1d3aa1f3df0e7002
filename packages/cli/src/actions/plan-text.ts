import type { RunPlan } from "@unshift/core";
import { bytes } from "../output/format.js";
import { terminalText } from "../output/terminal-text.js";
import { textTable } from "../output/text-table.js";

type Cell = string | number | null;

/** Sums over a plan. `seconds` is null where work is left of which nothing has run yet. */
export interface PlanTotals {
  readonly answers: {
    readonly items: number;
    readonly cached: number;
    readonly toDo: number;
    readonly seconds: number | null;
  };
  readonly comparisons: {
    readonly items: number;
    readonly cached: number;
    readonly toDo: number;
    readonly seconds: number | null;
  };
  readonly promptTokens: number;
  readonly maxNewTokens: number;
  readonly weightsBytes: number;
  readonly contextBytes: number;
}

export function planTotals(plan: RunPlan): PlanTotals {
  const systems = Object.values(plan.systems);
  const memory = Object.values(plan.memory);
  return {
    answers: work(systems),
    comparisons: work(plan.shifts),
    promptTokens: sum(systems.map(({ promptTokens }) => promptTokens)),
    maxNewTokens: sum(systems.map(({ maxNewTokens }) => maxNewTokens)),
    weightsBytes: sum(memory.map(({ weightsBytes }) => weightsBytes)),
    contextBytes: sum(memory.map(({ contextBytes }) => contextBytes)),
  };
}

/** A plan for people: a row for each system, shift and model, columns only where they say something. No colours. */
export function planText(plan: RunPlan): string {
  const totals = planTotals(plan);
  const parts = [`run folder  ${plan.run}`, systemTable(plan, totals)];
  if (plan.shifts.length > 0) parts.push(shiftTable(plan, totals));
  if (Object.keys(plan.judging).length > 0) parts.push(judgingTable(plan));
  if (Object.keys(plan.memory).length > 0) parts.push(memoryTable(plan, totals));
  const left = [totals.answers, totals.comparisons].filter(({ toDo }) => toDo > 0);
  const asks = Object.values(plan.judging).some(({ toDo }) => toDo > 0);
  if (left.length === 0 && !asks) parts.push("Everything is done: a run would only compute tables and draw.");
  else if (left.some(({ seconds }) => seconds === null)) {
    parts.push("Time is told from what has run: – is unknown until the first items of that row are done.");
  }
  if (plan.notes.length > 0) parts.push(plan.notes.map((note) => `note: ${note}`).join("\n"));
  if (plan.firstPrompt !== null) {
    const { system, sample, tokens, prompt } = plan.firstPrompt;
    parts.push(`first prompt (${system}, sample ${sample}, ${tokens} tokens):\n${terminalText(prompt)}`);
  }
  return parts.join("\n\n");
}

type SystemRow = readonly [id: string, system: RunPlan["systems"][string]];

function systemTable(plan: RunPlan, totals: PlanTotals): string {
  const systems: SystemRow[] = Object.entries(plan.systems);
  const all = systems.map(([, system]) => system);
  const some = (key: "waiting" | "tooLong" | "failed") => all.some((system) => system[key] > 0);
  const tokens = (count: number, origin: string): Cell => (origin === "answers" ? null : count);
  const columns: Column<SystemRow>[] = [
    ["system", ([id]) => id, "total"],
    ...when<SystemRow>(
      all.some(({ origin }) => origin === "answers"),
      ["answers", ([, { origin }]) => (origin === "answers" ? "file" : "here"), null],
    ),
    ["items", ([, { items }]) => items, totals.answers.items],
    ["cached", ([, { cached }]) => cached, totals.answers.cached],
    ["to do", ([, { toDo }]) => toDo, totals.answers.toDo],
    ...when<SystemRow>(some("waiting"), [
      "later turns",
      ([, { waiting }]) => waiting,
      sum(all.map(({ waiting }) => waiting)),
    ]),
    ...when<SystemRow>(some("tooLong"), [
      "too long",
      ([, { tooLong }]) => tooLong,
      sum(all.map(({ tooLong }) => tooLong)),
    ]),
    ...when<SystemRow>(some("failed"), ["failed", ([, { failed }]) => failed, sum(all.map(({ failed }) => failed))]),
    ["prompt tokens", ([, { promptTokens, origin }]) => tokens(promptTokens, origin), totals.promptTokens],
    ["shared", ([, { sharedPromptTokens, origin }]) => tokens(sharedPromptTokens, origin), null],
    ["new tokens ≤", ([, { maxNewTokens, origin }]) => tokens(maxNewTokens, origin), totals.maxNewTokens],
    ["time", ([, { seconds, toDo }]) => timeLeft(toDo, seconds), timeLeft(totals.answers.toDo, totals.answers.seconds)],
  ];
  return table(columns, systems);
}

function shiftTable(plan: RunPlan, { comparisons }: PlanTotals): string {
  const columns: Column<RunPlan["shifts"][number]>[] = [
    ["shift", ({ answers, subject }) => `${answers} → ${subject}`, "total"],
    ["items", ({ items }) => items, comparisons.items],
    ["cached", ({ cached }) => cached, comparisons.cached],
    ["to do", ({ toDo }) => toDo, comparisons.toDo],
    ["time", ({ toDo, seconds }) => timeLeft(toDo, seconds), timeLeft(comparisons.toDo, comparisons.seconds)],
  ];
  return table(columns, plan.shifts);
}

function judgingTable({ judging }: RunPlan): string {
  const engines = Object.entries(judging);
  const every = engines.map(([, own]) => own);
  const columns: Column<(typeof engines)[number]>[] = [
    ["judge engine", ([id]) => id, "total"],
    ["requests", ([, { requests }]) => requests, sum(every.map(({ requests }) => requests))],
    ["cached", ([, { cached }]) => cached, sum(every.map(({ cached }) => cached))],
    ["to do", ([, { toDo }]) => toDo, sum(every.map(({ toDo }) => toDo))],
    ["prompt tokens ≈", ([, own]) => own.promptTokens, sum(every.map(({ promptTokens }) => promptTokens))],
    ["reply tokens ≤", ([, own]) => own.maxReplyTokens, sum(every.map(({ maxReplyTokens }) => maxReplyTokens))],
    // Engines may be paid in different currencies.
    ...when<(typeof engines)[number]>(
      every.some(({ maxMoney }) => maxMoney !== null),
      ["price ≤", ([, { maxMoney }]) => maxMoney?.toFixed(4) ?? null, null],
    ),
  ];
  return table(columns, engines);
}

function memoryTable(plan: RunPlan, { weightsBytes, contextBytes }: PlanTotals): string {
  const columns: Column<[string, RunPlan["memory"][string]]>[] = [
    ["model", ([id]) => id, "total"],
    ["weights", ([, memory]) => bytes(memory.weightsBytes), bytes(weightsBytes)],
    ["contexts", ([, memory]) => bytes(memory.contextBytes), bytes(contextBytes)],
  ];
  const lines = plan.devices.map(
    ({ device, availableBytes, source }) => `${device}: ${bytes(availableBytes)} available (${source})`,
  );
  const together = Object.keys(plan.memory).length < 2 ? [] : [`in memory ${residencies[plan.residency]}`];
  return [
    table(columns, Object.entries(plan.memory)),
    ...[[...lines, ...together].join("; ")].filter((line) => line !== ""),
  ].join("\n");
}

const residencies: Readonly<Record<RunPlan["residency"], string>> = {
  together: "all at once",
  sequential: "one at a time",
};

type Column<Row> = readonly [title: string, cell: (row: Row) => Cell, total: Cell];

function when<Row>(shown: boolean, column: Column<Row>): Column<Row>[] {
  return shown ? [column] : [];
}

/** With a line of totals below, where there is more than one row. */
function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const cells = rows.map((row) => columns.map(([, cell]) => cell(row)));
  if (rows.length > 1) cells.push(columns.map(([, , total]) => total));
  return textTable(
    columns.map(([title]) => title),
    cells,
  );
}

function work(
  parts: readonly {
    readonly items: number;
    readonly cached: number;
    readonly toDo: number;
    readonly seconds: number | null;
  }[],
) {
  const known = parts.every(({ toDo, seconds }) => toDo === 0 || seconds !== null);
  return {
    items: sum(parts.map(({ items }) => items)),
    cached: sum(parts.map(({ cached }) => cached)),
    toDo: sum(parts.map(({ toDo }) => toDo)),
    seconds: known ? sum(parts.map(({ seconds }) => seconds ?? 0)) : null,
  };
}

/** Seconds as people say them: `< 1 s`, `45 s`, `12 min`, `3 h 20 min`; empty where nothing is left. */
function timeLeft(toDo: number, seconds: number | null): Cell {
  if (toDo === 0) return "";
  if (seconds === null) return null;
  if (seconds < 1) return "< 1 s";
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
