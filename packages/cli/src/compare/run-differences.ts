import type { Json, JsonObject } from "@unshift/contracts";
import { differences } from "@unshift/store";
import type { OpenedRun } from "./opened-run.js";
import { raterDifferences } from "./rater-differences.js";
import { sampleContents } from "./sample-content.js";
import { describeGaps, gapShare, verdictGaps } from "./verdict-gaps.js";

/** A place where runs differ that makes their scores mean different things. */
export interface RunDifference {
  /** `judges.just-eval.version`, `selection.limit`, `samples`. */
  readonly path: string;
  /** Run label → what stands there, where two runs differ; null where nothing does. */
  readonly values: Readonly<Record<string, Json>>;
  /** Whether the runs may stand in one table all the same: replies that could not be read thin out a mean, they do not change it. */
  readonly bearable?: true;
}

/**
 * Where runs differ in who judged (use, version, options, engine; of people mode and scales), what was asked (dataset, its options and provenance) or how
 * much of it (limit, seed, ids, tags), and where other shares of the verdicts are without a score: every run against the first one.
 *
 * @param judges ids of those that count; null: all
 */
export function runDifferences(runs: readonly OpenedRun[], judges: readonly string[] | null): RunDifference[] {
  const [first, ...others] = runs;
  if (first === undefined) return [];
  return others.flatMap((other) => [
    ...differences(factsOf(first, judges), factsOf(other, judges)).map(({ path, before, after }) => ({
      path,
      values: { [first.label]: before ?? null, [other.label]: after ?? null },
    })),
    ...raterDifferences(first, other, judges),
    ...sampleDifferences(first, other),
    ...gapDifferences(first, other, judges),
  ]);
}

/** One line: `judges.j.version: "1" in a, "2" in b`. */
export function describeRunDifference({ path, values }: RunDifference): string {
  return `${path}: ${Object.entries(values)
    .map(([label, value]) => `${shown(value)} in ${label}`)
    .join(", ")}`;
}

function factsOf({ run, experiment, engines }: OpenedRun, judges: readonly string[] | null): JsonObject {
  const { manifest } = run;
  const dataset = manifest.experiment["dataset"] as JsonObject;
  const selection = manifest.experiment["selection"] as JsonObject;
  const counted = experiment.judges.filter(({ id }) => judges === null || judges.includes(id));
  return {
    judges: Object.fromEntries(
      counted.map((judge): [string, JsonObject] => [
        judge.id,
        {
          use: judge.use,
          version: judge.version,
          options: judge.options,
          engine: engineOf(manifest.experiment, judge, engines.get(judge.id) ?? []),
        },
      ]),
    ),
    dataset: { ...dataset, provenance: manifest.dataset["provenance"] ?? null },
    // A seed draws nothing where there is no limit.
    selection: { ...selection, seed: selection["limit"] === null ? null : (selection["seed"] ?? null) },
  };
}

/**
 * The identity of what answers the judge. In folders that do not hold it: of what answered its verdicts, or, where nobody ever did, what
 * the experiment says of it.
 */
function engineOf(
  experiment: JsonObject,
  judge: { readonly engine?: string; readonly engineIdentity?: string },
  identities: readonly string[],
): Json {
  if (judge.engineIdentity !== undefined) return judge.engineIdentity;
  if (identities.length > 0) return identities.length === 1 ? (identities[0] ?? null) : identities;
  if (judge.engine === undefined) return null;
  const engines = experiment["judgeEngines"] as readonly { readonly id: string; readonly use: string }[] | undefined;
  const { id: _, ...engine } = engines?.find(({ id }) => id === judge.engine) ?? { id: "", use: judge.engine };
  return engine;
}

function sampleDifferences(first: OpenedRun, other: OpenedRun): RunDifference[] {
  const there = sampleContents(first.run.samples);
  const here = sampleContents(other.run.samples);
  const both = [...there.keys()].filter((id) => here.has(id));
  const changed = both.filter((id) => there.get(id) !== here.get(id));
  const onlyThere = there.size - both.length;
  const onlyHere = here.size - both.length;
  return [
    ...(onlyThere + onlyHere === 0
      ? []
      : [
          {
            path: "samples",
            values: {
              [first.label]: `${there.size}, of them ${onlyThere} not in ${other.label}`,
              [other.label]: `${here.size}, of them ${onlyHere} not in ${first.label}`,
            },
          },
        ]),
    ...(changed.length === 0
      ? []
      : [
          {
            path: "samples of one id that ask something else",
            values: { [first.label]: listed(changed), [other.label]: listed(changed) },
          },
        ]),
  ];
}

function gapDifferences(first: OpenedRun, other: OpenedRun, judges: readonly string[] | null): RunDifference[] {
  const here = verdictGaps(other, judges);
  return [...verdictGaps(first, judges)].flatMap(([judge, there]) => {
    const own = here.get(judge);
    if (own === undefined || gapShare(there) === gapShare(own)) return [];
    const values = { [first.label]: describeGaps(there), [other.label]: describeGaps(own) };
    const difference = { path: `verdicts of ${judge} without a score`, values };
    // Judging that stopped half way is mended by one command, and half a judged run looks like a result.
    return [there.missing + own.missing > 0 ? difference : { ...difference, bearable: true as const }];
  });
}

const named = 5;

function listed(ids: readonly string[]): string {
  return ids.length > named ? `${ids.slice(0, named).join(", ")} and ${ids.length - named} more` : ids.join(", ");
}

const longest = 160;

function shown(value: Json): string {
  if (value === null) return "nothing";
  const text = JSON.stringify(value);
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}
