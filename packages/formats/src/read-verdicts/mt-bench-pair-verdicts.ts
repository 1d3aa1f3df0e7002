import { fieldError, type Row } from "../read/row.js";
import { idOf, textOf } from "../read/row-fields.js";
import { turnId } from "../turn-id.js";
import type { JudgedOrder, ReleasedOutcome, ReleasedVerdict, VerdictReader } from "./released-verdict.js";
import { extrasOf, judgeModelOf, saidIn, turnOf } from "./verdict-fields.js";

const games = ["g1", "g2"] as const;
const read = [
  "model_1",
  "model_2",
  ...games.flatMap((game) => ["winner", "user_prompt", "judgment"].map((field) => `${game}_${field}`)),
];
const place = ["question_id", "turn"];
const winners = { model_1: "answer", model_2: "against", tie: "tie" } as const;

/**
 * MT-bench's pairwise judgements (`gpt-4_pair.jsonl`): `{ question_id, model_1, model_2, g1_winner, g2_winner, judge: [model,
 * prompt], g1_user_prompt, g1_judgment, g2_user_prompt, g2_judgment, turn, tstamp }`. Each pair was shown twice, in g1 with the
 * answer of `model_1` in front, in g2 with the other one; a winner is `model_1`, `model_2`, `tie`, or `error` where none was found.
 * The answer is `model_1`'s. Where the two games differ, the preference is inconsistent (FastChat counts it as a tie).
 */
export const mtBenchPairVerdicts: VerdictReader = {
  marks: '"question_id", "g1_winner" and "g2_winner"',
  matches: ({ fields }) => "question_id" in fields && "g1_winner" in fields && "g2_winner" in fields,
  read: (row): ReleasedVerdict => {
    const question = idOf(row, "question_id");
    const [first, second] = games.map((game) => orderOf(row, game)) as [JudgedOrder, JudgedOrder];
    const said = [first, second].flatMap(({ raw }) => raw ?? []);
    const asked = [first, second].flatMap(({ request }) => request ?? []);
    return {
      sampleId: turnId(question, turnOf(row)),
      system: textOf(row, "model_1"),
      against: textOf(row, "model_2"),
      judge: judgeModelOf(row),
      texts: {},
      outcome: outcomeOf(first, second),
      orders: [first, second],
      raw: said.length === 0 ? null : said.join("\n\n"),
      request: asked.length === 0 ? null : asked.join("\n\n"),
      // An id that ends like a later turn's is kept, since the two cannot be told apart.
      extras: extrasOf(row, /-\d+$/.test(question) ? read : [...read, ...place], {
        field: "question_id",
        value: question,
      }),
    };
  },
};

function orderOf(row: Row, game: (typeof games)[number]): JudgedOrder {
  const winner = row.fields[`${game}_winner`];
  if (winner !== "error" && !(typeof winner === "string" && winner in winners)) {
    throw fieldError(row, `${game}_winner`, "model_1, model_2, tie or error");
  }
  return {
    preference: winner === "error" ? null : winners[winner as keyof typeof winners],
    raw: saidIn(row, `${game}_judgment`),
    request: saidIn(row, `${game}_user_prompt`),
  };
}

function outcomeOf(first: JudgedOrder, second: JudgedOrder): ReleasedOutcome {
  if (first.preference === null || second.preference === null) {
    return { status: "unread", reason: "no preference was found in a judgement" };
  }
  const same = first.preference === second.preference;
  return { status: "preferred", preferences: { overall: same ? first.preference : "inconsistent" }, rationales: {} };
}
