import type { BenchDocument, Measured, MeasureResult } from "./bench-document.js";
import { figureText, resultHeader, resultRows } from "./result-table.js";

/** docs/reference/benchmarks.md: the same text for the same document. */
export function benchPage(document: BenchDocument): string {
  const { machine, options, versions } = document;
  const models = [options.model, options.twin].flatMap((facts) =>
    facts === null
      ? []
      : [`\`${facts.file}\`, ${figureText(facts.bytes, "bytes")}: ${facts.recipe ?? "given on the command line"}`],
  );
  return `${[
    "# Benchmarks",
    `Figures of one run of \`${document.command}\` on ${document.date.slice(0, 10)}. This page is generated from [benchmarks.json](benchmarks.json), which also holds every round; [the guide](../guides/benchmarks.md) says how to repeat it and how to read it.`,
    "A ratio is computed within each round, whose sides ran one after the other on the same machine; the table shows the median, the smallest and the largest over the rounds. Of each other side's time over ours, more than 1 × means that ours was faster.",
    markdownTable(resultHeader, resultRows(document.measures)),
    ...document.measures.map(section),
    "## Machine and versions",
    [
      `- ${machine.cpu}, ${machine.usableCores} of ${machine.logicalCores} logical cores, ${figureText(machine.memoryBytes, "bytes")} of memory`,
      ...machine.devices.map((device) => `- ${device}`),
      `- ${machine.system}; Node ${machine.node}`,
      ...Object.entries(versions).map(([name, version]) => `- ${name}: ${version}`),
      `- ${options.rounds} rounds after a warm-up, ${options.threads} threads on every side${options.gpuLayers > 0 ? `, ${options.gpuLayers} layers on the GPU` : ""}`,
      ...models.map((model) => `- ${model}`),
      `- questions and answers: ${options.answers}`,
    ].join("\n"),
  ].join("\n\n")}\n`;
}

function section(measure: MeasureResult): string {
  const head = [`## ${measure.id} · ${measure.title}`, measure.meaning];
  if (measure.unavailable !== undefined) return [...head, `Not measured here: ${measure.unavailable}`].join("\n\n");
  return [...head, rounds(measure), remarks(measure)].join("\n\n");
}

/** One row a round, one column for every value of every side. */
function rounds({ sides, rounds: taken }: Measured): string {
  const columns = sides.flatMap(({ id }) => Object.keys(taken[0]?.[id] ?? {}).map((name) => ({ id, name })));
  return markdownTable(
    ["round", ...columns.map(({ id, name }) => `${id}: ${name}`)],
    taken.map((round, index) => [
      String(index + 1),
      ...columns.map(({ id, name }) => valueText(name, round[id]?.[name] ?? Number.NaN)),
    ]),
  );
}

function valueText(name: string, value: number): string {
  if (/bytes/i.test(name)) return figureText(value, "bytes");
  return String(Number(value.toPrecision(4)));
}

function remarks({ sides, work, check, quiet, date }: Measured): string {
  return [
    ...sides.map(({ id, title }) => `- ${id}: ${title}`),
    `- work: ${Object.entries(work)
      .map(([name, value]) => `${name} ${value}`)
      .join(", ")}`,
    `- ${check.agree ? "the sides agree" : "**the sides differ**"}: ${check.text}`,
    `- ${date.slice(0, 16).replace("T", " ")} UTC; load average ${quiet.load.map((load) => load.toFixed(2)).join(" before, ")} after${quiet.warning === null ? "" : `; **${quiet.warning}**`}`,
  ].join("\n");
}

function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}
