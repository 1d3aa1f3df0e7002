import type { Judge, Judgement } from "@unshift/contracts";
import test from "ava";
import { checkJudge, checkPlugin } from "../src/index.js";
import { broken, goodPrompt, judgeOf, strategyOf } from "./guilty.js";

const scored = (right: number): Judgement => ({ status: "scored", scores: { right } });

const guilty: readonly [string, () => Pick<Judge, "judge"> & Partial<Judge>, RegExp][] = [
  [
    "a score that hangs on the items before",
    () => {
      let longest = 0;
      return {
        judge: ({ answer }) => {
          longest = Math.max(longest, answer.text.length);
          return scored(longest === 0 ? 0 : answer.text.length / longest);
        },
      };
    },
    /the same item got another judgement/,
  ],
  [
    "a score by the clock",
    () => ({ judge: () => scored((Math.floor(Date.now() / 864e5) % 999) / 999) }),
    /the same item got another judgement/,
  ],
  [
    "an answer that was trimmed in place",
    () => ({
      judge: ({ answer }) => {
        (answer as { text: string }).text = answer.text.trim();
        return scored(1);
      },
    }),
    /the judge changed the sample or the answer/,
  ],
  [
    "a throw on an answer made elsewhere",
    () => ({
      judge: ({ answer }) => {
        if (answer.imported !== undefined && answer.imported.generator === null) throw new Error("by whom?");
        return scored(1);
      },
    }),
    /answer made elsewhere: the judge threw: Error: by whom/,
  ],
  [
    "a throw on a second turn",
    () => ({
      judge: ({ sample }) => {
        if (sample.messages.length > 1) throw new Error("one turn only");
        return scored(1);
      },
    }),
    /sample "second-turn".*the judge threw/,
  ],
  ["nothing at all", () => ({ judge: () => undefined as unknown as Judgement }), /the judge gave undefined/],
  [
    "unparsed without the reply",
    () => ({ judge: () => ({ status: "unparsed", reason: "no score" }) as unknown as Judgement }),
    /unparsed without the raw reply/,
  ],
];
for (const [what, create, message] of guilty) {
  test(`found: ${what}`, async (t) => {
    await t.throwsAsync(checkJudge(judgeOf(create)), broken(message));
  });
}

test("a version that changes with the instance is found", async (t) => {
  let created = 0;
  const restless = judgeOf(() => ({ version: `${created++}`, judge: () => scored(1) }));
  await t.throwsAsync(checkJudge(restless), broken(/two instances state another version: 0, 1/));
});

const judge = judgeOf(() => ({ judge: () => scored(1) }));
for (const [contract, passes] of [
  ["^1", true],
  ["1.0.0", true],
  ["~1.0", true],
  ["1", true],
  ["^2", false],
  ["^0.9", false],
  ["^1.7", false],
  ["1.3", false],
] as const) {
  test(`a plugin for contract ${contract} ${passes ? "passes" : "is told that it would be refused"}`, async (t) => {
    const plugin = {
      name: "unshift-plugin-acme",
      contract,
      strategies: { "acme/plain": strategyOf(() => ({ build: goodPrompt })) },
      judges: { "acme/judge": judge },
    };
    if (passes) await t.notThrowsAsync(checkPlugin(plugin));
    else await t.throwsAsync(checkPlugin(plugin), broken(/leaves out 1\.0\.0.*would be refused/));
  });
}
