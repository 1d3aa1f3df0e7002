import type { Sample, Table } from "@unshift/contracts";
import { byName } from "../comparison/clustered.js";
import { isShare, type JudgedAnswer, type ScoringJudge } from "../judges/judged.js";
import { type MeanScore, meanScore } from "../judges/mean-score.js";
import { seededRandom } from "../statistics/seeded-random.js";
import { buildTable, count, estimated, text } from "./table-columns.js";

interface Row extends MeanScore {
  readonly judge: ScoringJudge;
  readonly tag: string;
  readonly value: string;
  readonly aspect: string;
  readonly system: string;
}

/** Scores by sample tag. A sample with several values of a tag counts under each of them. */
export function scoresByTag(
  judges: readonly ScoringJudge[],
  samples: readonly Sample[],
  systems: readonly string[],
  seed: number,
): Table {
  return buildTable<Row>(
    "scores_by_tag",
    "Scores by sample tag",
    [
      text("judge", "Judge id in the experiment.", (row) => row.judge.id),
      text("tag", "Name of the tag.", (row) => row.tag),
      text("value", "Value of the tag.", (row) => row.value),
      text("aspect", "What was scored.", (row) => row.aspect),
      text("system", "System whose answers were judged.", (row) => row.system),
      count("n", "answers", "Answers to samples with the value that have a score in the aspect.", (row) => row.n),
      ...estimated<Row>("mean", "score", "Mean score over these answers.", (row) => row.mean),
      ...estimated<Row>("mean_words", "words", "Mean count of words of these answers.", (row) => row.words),
      text("na_policy", "What the judge does with an aspect that does not apply.", (row) => row.judge.naPolicy),
    ],
    judges.flatMap((judge) => rowsOf(judge, tagsOf(samples), systems, seed)),
  );
}

interface TagValue {
  readonly tag: string;
  readonly value: string;
  readonly sampleIds: ReadonlySet<string>;
}

function tagsOf(samples: readonly Sample[]): TagValue[] {
  const found = new Map<string, { readonly tag: string; readonly value: string; readonly sampleIds: Set<string> }>();
  for (const { id, tags } of samples) {
    for (const [tag, values] of Object.entries(tags)) {
      for (const value of values) {
        const key = JSON.stringify([tag, value]);
        const group = found.get(key) ?? { tag, value, sampleIds: new Set<string>() };
        group.sampleIds.add(id);
        found.set(key, group);
      }
    }
  }
  return [...found.values()].sort((a, b) => byName(a.tag, b.tag) || byName(a.value, b.value));
}

/** An aspect that no answer under the value has a score in has no rows: safety of questions about cooking. */
function rowsOf(judge: ScoringJudge, tags: readonly TagValue[], systems: readonly string[], seed: number): Row[] {
  const bySystem = new Map<string, JudgedAnswer[]>(systems.map((system) => [system, []]));
  for (const answer of judge.answers) bySystem.get(answer.system)?.push(answer);
  return tags.flatMap(({ tag, value, sampleIds }) =>
    judge.aspects.flatMap((aspect) => {
      const label = `scores_by_tag ${JSON.stringify([judge.id, tag, value, aspect])}`;
      const rows = [...bySystem].map(([system, answers]) => ({
        judge,
        tag,
        value,
        aspect,
        system,
        ...meanScore(
          answers.filter(({ sampleId }) => sampleIds.has(sampleId)),
          aspect,
          isShare(judge, aspect),
          seededRandom(seed, label),
        ),
      }));
      return rows.some(({ n }) => n > 0) ? rows : [];
    }),
  );
}
