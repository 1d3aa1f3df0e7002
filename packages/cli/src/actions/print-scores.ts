import type { Manifest } from "@unshift/contracts/services";
import { percent, percentInterval } from "../output/format.js";
import { print } from "../output/print.js";
import { textTable } from "../output/text-table.js";
import type { ScoreFigures } from "./score-figures.js";

/** Means of judges of answers: a row for each aspect and a column for each system, or the other way round where that is narrower. */
export function printScores(scores: readonly ScoreFigures[], { experiment }: Manifest): void {
  const isShare = sharesOf(experiment);
  for (const judge of new Set(scores.map((each) => each.judge))) {
    const own = scores.filter((each) => each.judge === judge);
    const aspects = [...new Set(own.map(({ aspect }) => aspect))];
    const systems = [...new Set(own.map(({ system }) => system))];
    const cell = (aspect: string | null, system: string) => {
      const found = own.find((each) => each.aspect === aspect && each.system === system);
      return found === undefined ? null : scoreText(found, isShare(judge, aspect));
    };
    const title = (aspect: string | null) => aspect ?? "average";
    print();
    print(
      systems.length <= aspects.length
        ? textTable(
            [judge, ...systems],
            aspects.map((aspect) => [title(aspect), ...systems.map((system) => cell(aspect, system))]),
          )
        : textTable(
            [judge, ...aspects.map(title)],
            systems.map((system) => [system, ...aspects.map((aspect) => cell(aspect, system))]),
          ),
    );
    const policy = own[0]?.naPolicy;
    if (policy === "exclude" || policy === "five") {
      print(`  "N/A" ${policy === "five" ? "counted as 5" : "left out"}`);
    }
  }
}

/** `2.33 [1.67–3.00] (n 3)`; shares as percentages. */
export function scoreText({ mean, ci, n }: Pick<ScoreFigures, "mean" | "ci" | "n">, share: boolean): string | null {
  if (mean === null) return null;
  const interval = ci === null ? "" : share ? percentInterval(ci) : `${ci[0].toFixed(2)}–${ci[1].toFixed(2)}`;
  return `${share ? percent(mean) : mean.toFixed(2)}${interval === "" ? "" : ` [${interval}]`} (n ${n})`;
}

/** Whether an aspect's scale is 0 to 1, so that its mean is a share of answers: a mean of 1 on a scale of 1 to 5 is none. */
function sharesOf(experiment: Manifest["experiment"]): (judge: string, aspect: string | null) => boolean {
  const judges = [experiment["judges"], experiment["annotators"]].flatMap((list) => (list ?? []) as never) as readonly {
    readonly id: string;
    readonly aspects?: readonly { readonly id: string; readonly min: number | null; readonly max: number | null }[];
  }[];
  return (judge, aspect) => {
    const scales = judges.find(({ id }) => id === judge)?.aspects ?? [];
    const own = scales.filter(({ id }) => aspect === null || id === aspect);
    return own.length > 0 && own.every(({ min, max }) => min === 0 && max === 1);
  };
}
