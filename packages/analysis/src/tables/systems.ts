import type { AnsweredRecord, AnswerRecord, FinishReason, Table } from "@unshift/contracts";
import type { JudgeOfSystem } from "../judges/score-systems.js";
import type { ConversationOf } from "../positions/conversations.js";
import { type Estimate, undefinedEstimate } from "../statistics/estimate.js";
import { seededRandom } from "../statistics/seeded-random.js";
import { lastBySample } from "./last-by-sample.js";
import { meanOf, type SampleValue } from "./mean-of.js";
import { buildTable, type ColumnOf, count, estimated, figure, shareOf, text } from "./table-columns.js";
import { wordsOf } from "./words-of.js";

interface Row {
  readonly system: string;
  readonly records: readonly AnswerRecord[];
  readonly answered: readonly AnsweredRecord[];
  readonly words: Estimate;
  readonly tokens: Estimate;
  readonly judges: ReadonlyMap<string, JudgeOfSystem>;
}

/** One row per system, in the order of the experiment; judges add columns named `judge.aspect`. */
export function systemsTable(
  answers: readonly AnswerRecord[],
  scored: readonly JudgeOfSystem[],
  systems: readonly string[],
  conversationOf: ConversationOf,
  seed: number,
): Table {
  const finished = (reason: FinishReason) => (row: Row) =>
    row.answered.filter(({ finishReason }) => finishReason === reason).length;
  const having = (status: AnswerRecord["status"]) => (row: Row) =>
    row.records.filter((record) => record.status === status).length;
  const columns: ColumnOf<Row>[] = [
    text("system", "System id in the experiment.", (row) => row.system),
    count("answers", "answers", "Samples answered.", (row) => row.answered.length),
    count("failed", "samples", "Samples on which generation failed.", having("failed")),
    count("skipped", "samples", "Samples skipped, such as a prompt that does not fit.", having("skipped")),
    count(
      "unanswered",
      "samples",
      "Samples without an answer: failed and skipped.",
      (row) => row.records.length - row.answered.length,
    ),
    count(
      "empty",
      "answers",
      "Answers without text, or with white space only.",
      (row) => row.answered.filter((answer) => answer.text.trim() === "").length,
    ),
    ...estimated<Row>(
      "mean_words",
      "words",
      "Mean count of words between white space; empty answers count 0.",
      (row) => row.words,
    ),
    ...estimated<Row>("mean_tokens", "tokens", "Mean count of token ids, an ending id included.", (row) => row.tokens),
    count("finish_eos", "answers", "Answers the model ended.", finished("eos")),
    count("finish_stop", "answers", "Answers ended by a stop text.", finished("stop")),
    count("finish_length", "answers", "Answers cut at the token limit.", finished("length")),
    count("finish_context", "answers", "Answers cut where the context was full.", finished("context")),
    count("finish_unknown", "answers", "Answers made elsewhere whose ending is not known.", finished("unknown")),
    figure(
      "ended_by_itself",
      "share",
      "Share of answers that ended by eos or a stop text, of those whose ending is known.",
      (row) => shareOf(finished("eos")(row) + finished("stop")(row), row.answered.length - finished("unknown")(row)),
    ),
    count("runaway", "answers", "Answers that end in a runaway repetition.", runaway),
    figure("runaway_share", "share", "Their share of all answers.", (row) =>
      shareOf(runaway(row), row.answered.length),
    ),
    count(
      "imported",
      "answers",
      "Answers made elsewhere: their ids are the text tokenised anew, not those they were sampled as.",
      (row) => row.answered.filter(({ imported }) => imported !== undefined).length,
    ),
    ...judgeColumns(scored),
  ];
  return buildTable(
    "systems",
    "Systems",
    columns,
    systems.map((system) => rowOf(system, answers, scored, conversationOf, seed)),
  );
}

function rowOf(
  system: string,
  answers: readonly AnswerRecord[],
  scored: readonly JudgeOfSystem[],
  conversationOf: ConversationOf,
  seed: number,
): Row {
  const records = lastBySample(answers.filter((answer) => answer.system === system));
  const answered = records.filter((record) => record.status === "answered");
  const each = (of: (answer: AnsweredRecord) => number): SampleValue[] =>
    answered.map((answer) => [conversationOf(answer.sampleId), of(answer)]);
  const words = each(({ text: said }) => wordsOf(said));
  const tokens = each(({ ids }) => ids.length);
  return {
    system,
    records,
    answered,
    words: meanOf(words, seededRandom(seed, `systems words ${system}`)),
    tokens: meanOf(tokens, seededRandom(seed, `systems tokens ${system}`)),
    judges: new Map(scored.filter((of) => of.system === system).map((of) => [of.judge, of])),
  };
}

function runaway({ answered }: Row): number {
  return answered.filter(({ repetition }) => repetition !== undefined).length;
}

function judgeColumns(scored: readonly JudgeOfSystem[]): ColumnOf<Row>[] {
  // Every system has the same judges and aspects.
  const judges = new Map(scored.map((of) => [of.judge, [...of.aspects.keys()]]));
  return [...judges].flatMap(([judge, aspects]) => {
    const of = (row: Row): JudgeOfSystem | undefined => row.judges.get(judge);
    return [
      ...aspects.flatMap((aspect) => [
        ...estimated<Row>(
          `${judge}.${aspect}`,
          "score",
          `Mean ${aspect} by judge ${judge}, over scored answers.`,
          (row) => of(row)?.aspects.get(aspect)?.mean ?? undefinedEstimate,
        ),
        count<Row>(
          `${judge}.${aspect}_n`,
          "answers",
          `Answers judge ${judge} scored in ${aspect}.`,
          (row) => of(row)?.aspects.get(aspect)?.n ?? 0,
        ),
      ]),
      count<Row>(
        `${judge}.not_applicable`,
        "verdicts",
        `Verdicts in which judge ${judge} has nothing to say; an answer judged k times has k.`,
        (row) => of(row)?.notApplicable ?? 0,
      ),
      count<Row>(
        `${judge}.unparsed`,
        "verdicts",
        `Verdicts of judge ${judge} that could not be read; an answer judged k times has k.`,
        (row) => of(row)?.unparsed ?? 0,
      ),
      text<Row>(
        `${judge}.na_policy`,
        `What judge ${judge} does with an aspect that does not apply; null where its options do not say.`,
        (row) => of(row)?.naPolicy ?? null,
      ),
      count<Row>(
        `${judge}.failed`,
        "verdicts",
        `Verdicts judge ${judge} failed to give; an answer judged k times has k.`,
        (row) => of(row)?.failed ?? 0,
      ),
    ];
  });
}
