import type { Judgement, VerdictRecord } from "@unshift/contracts";
import test from "ava";
import { readBlock } from "../src/payload/block-reader.js";
import { BlockWriter } from "../src/payload/block-writer.js";
import { countedVerdicts } from "../src/payload/counted-verdicts.js";
import { rawLength, type VerdictColumns, verdictStates } from "../src/payload/format.js";
import { judgeHeads } from "../src/payload/judge-heads.js";
import { VerdictIndex } from "../src/payload/verdict-index.js";
import { syntheticManifest } from "./synthetic/run.js";

const manifest = (judges: readonly object[]) => {
  const base = syntheticManifest(2);
  return { ...base, experiment: { ...base.experiment, judges: JSON.parse(JSON.stringify(judges)) } };
};

function verdict(
  judge: string,
  system: string,
  judgement: Judgement,
  more: Partial<VerdictRecord> = {},
): VerdictRecord {
  return { key: `${judge}/${system}`, judge, system, sampleId: "a", judgement, ...more };
}
const scored = (scores: Record<string, number>): Judgement => ({ status: "scored", scores });

test("judges stand in the experiment's order, people and unknown ones behind them, with their scales", (t) => {
  const stored = manifest([
    {
      id: "z",
      options: { naPolicy: "five" },
      aspects: [{ id: "depth", title: "Depth", min: 1, max: 10, meaning: "" }],
    },
    { id: "silent", options: {}, aspects: [] },
  ]);
  const heads = judgeHeads(stored, [
    verdict("human:Ada", "s", scored({ tone: 2 })),
    verdict("human:Ada", "s", scored({ tone: 4 })),
    verdict("z", "s", scored({ depth: 3, extra: 1 })),
    verdict("b", "s", { status: "preferred", preferences: { overall: "tie" } }, { against: "o" }),
  ]);
  t.deepEqual(
    heads.map(({ id, person, judges, naPolicy }) => [id, person, judges, naPolicy]),
    [
      ["z", null, "answers", "five"],
      ["b", null, "pairs", null],
      ["human:Ada", "Ada", "answers", null],
    ],
  );
  t.deepEqual(
    heads.map(({ aspects }) =>
      aspects.map(({ id, min, max, isScaleKnown, isShare }) => [id, min, max, isScaleKnown, isShare]),
    ),
    [
      [
        ["depth", 1, 10, true, false],
        ["extra", 0, 1, false, true],
      ],
      [["overall", 0, 1, false, false]],
      [["tone", 2, 4, false, false]],
    ],
  );
});

test("of several records of one judgement the last counts, and no repeat that is no longer asked for", (t) => {
  const input = {
    manifest: manifest([{ id: "j", repeat: 2 }, { id: "once" }]),
    verdicts: [
      verdict("j", "s", scored({ a: 1 })),
      verdict("j", "s", scored({ a: 2 })),
      verdict("j", "s", scored({ a: 3 }), { repeat: 2 }),
      verdict("j", "s", scored({ a: 4 }), { repeat: 3 }),
      verdict("once", "s", scored({ a: 5 }), { repeat: 2 }),
      verdict("human:Ada", "s", scored({ a: 6 }), { repeat: 7 }),
    ],
  };
  t.deepEqual(
    countedVerdicts(input).map(({ judgement }) => (judgement.status === "scored" ? judgement.scores.a : null)),
    [2, 3, 6],
  );
});

test("columns hold the mean over repeats and every state; a pair is told from the first system's side", (t) => {
  const verdicts = [
    verdict("j", "s", scored({ a: 1 })),
    verdict("j", "s", scored({ a: 4 }), { repeat: 2 }),
    verdict("j", "o", { status: "unparsed", reason: "no score", raw: "?".repeat(rawLength + 5) }),
    verdict(
      "p",
      "o",
      { status: "preferred", preferences: { x: "answer", y: "inconsistent" }, repairs: ["fenced"] },
      { against: "s" },
    ),
  ];
  const heads = judgeHeads(manifest([]), verdicts);
  const index = new VerdictIndex(heads, ["s", "o"], 2);
  index.add(1, verdicts);
  const writer = new BlockWriter();
  const block = readBlock<VerdictColumns>(writer.finish(index.columns(writer)));
  t.deepEqual(
    block.header.scores.map(({ judge, aspect, system, values }) => [judge, aspect, system, ...block.column(values)]),
    [[0, 0, 0, Number.NaN, 2.5]],
  );
  t.deepEqual(
    block.header.states.map(({ values }) => [...block.column(values)]),
    [
      [0, verdictStates.scored | verdictStates.unparsed],
      [0, verdictStates.preferred | verdictStates.repaired | verdictStates.inconsistent],
    ],
  );
  const [, , unread, pair] = verdicts.map((one) => index.detail(one));
  t.is(unread?.raw?.length, rawLength);
  t.like(pair, { system: "s", against: "o", preferences: { x: "against", y: "inconsistent" }, repairs: ["fenced"] });
});
