import { AssertionError } from "node:assert";
import {
  type Contribution,
  contribution,
  type Dataset,
  definePlugin,
  instructionOf,
  type Judge,
  type Judgement,
  type Plugin,
  type Prompt,
  type Sample,
  type Strategy,
} from "@unshift/contracts";
import test from "ava";
import { checkDataset, checkJudge, checkPlugin, checkStrategy, fakeEnginePlugin } from "../src/index.js";

function strategy(build: (sample: Sample) => Prompt): Contribution<Strategy, never> {
  return contribution<Strategy, never>({ summary: "A strategy.", create: () => ({ build }) });
}

function good(sample: Sample): Prompt {
  const text = `Q: ${instructionOf(sample)}\nA:`;
  return { text, parseSpecial: false, bos: "auto", staticChars: 3, stop: ["\nQ:"], provenance: { k: 0 } };
}

const broken = (message: RegExp) => ({ instanceOf: AssertionError, message });

test("checkStrategy passes a good strategy", async (t) => {
  await t.notThrowsAsync(checkStrategy(strategy(good)));
});

test("an id that the plugin does not offer is told", async (t) => {
  await t.throwsAsync(checkStrategy(plugin.strategies?.["acme/other"]), broken(/offers no such id/));
  await t.throwsAsync(checkDataset(plugin.datasets?.["acme/other"]), broken(/offers no such id/));
  await t.throwsAsync(checkJudge(plugin.judges?.["acme/other"]), broken(/offers no such id/));
});

test("checkStrategy catches state between builds", async (t) => {
  const counting = contribution<Strategy, never>({
    summary: "Counts.",
    create: () => {
      let built = 0;
      return { build: (sample) => ({ ...good(sample), provenance: { built: built++ } }) };
    },
  });
  await t.throwsAsync(checkStrategy(counting), broken(/not pure.*another order/));
});

test("checkStrategy catches a changed sample", async (t) => {
  const greedy = strategy((sample) => {
    (sample.messages as Sample["messages"][number][]).pop();
    return good(sample);
  });
  await t.throwsAsync(checkStrategy(greedy), broken(/build changed the sample/));
});

const faults: readonly [string, (prompt: Prompt, sample: Sample) => Prompt, RegExp][] = [
  ["static characters that differ", (p) => ({ ...p, staticChars: 5 }), /staticChars is not shared/],
  [
    "too many static characters",
    (p) => ({ ...p, staticChars: p.text.length + 1 }),
    /staticChars \d+ is not an integer/,
  ],
  ["a missing question", (p) => ({ ...p, text: "Q: something\nA:", staticChars: 0 }), /does not hold the question/],
  ["an empty stop text", (p) => ({ ...p, stop: ["x", ""] }), /stop holds/],
  ["an empty trimEnd text", (p) => ({ ...p, trimEnd: [""] }), /trimEnd holds/],
  ["provenance that cannot be stored", (p) => ({ ...p, provenance: { x: Number.NaN } }), /provenance/],
  ["an unknown bos", (p) => ({ ...p, bos: "always" as "auto" }), /bos is neither/],
];
for (const [name, spoil, message] of faults) {
  test(`checkStrategy catches ${name}`, async (t) => {
    await t.throwsAsync(checkStrategy(strategy((sample) => spoil(good(sample), sample))), broken(message));
  });
}

test("checkStrategy refuses options that do not fit and takes those that do", async (t) => {
  const withOptions = contribution<Strategy, { readonly k: number }>({
    summary: "A strategy.",
    options: {
      type: "object",
      properties: { k: { type: "integer", description: "How many.", default: 2 } },
      additionalProperties: false,
    },
    create: ({ k }) => ({ build: (sample) => ({ ...good(sample), provenance: { k } }) }),
  });
  await t.notThrowsAsync(checkStrategy(withOptions));
  await t.throwsAsync(
    checkStrategy(withOptions, { options: { k: "two" as unknown as number } }),
    broken(/options\/k must be integer/),
  );
  await t.throwsAsync(
    checkStrategy(strategy(good) as Contribution<Strategy, { k?: number }>, { options: { k: 1 } }),
    broken(/takes no options/),
  );
});

function dataset(samples: () => Iterable<Sample>): Contribution<Dataset, never> {
  return contribution<Dataset, never>({ summary: "A dataset.", create: () => ({ samples }) });
}
const one: Sample = { id: "1", messages: [{ role: "user", content: "Why?" }], reference: [], tags: { kind: ["fact"] } };

test("checkDataset passes a good dataset and gives its samples", async (t) => {
  t.deepEqual(await checkDataset(dataset(() => [one])), [one]);
});

let loads = 0;
const badDatasets: readonly [string, () => Iterable<Sample>, RegExp][] = [
  ["emptiness", () => [], /is empty/],
  ["equal ids", () => [one, one], /two samples have the id "1"/],
  ["an id that changes", () => [{ ...one, id: `${loads++}` }], /another sample at place 0/],
  [
    "a chat that ends with the assistant",
    () => [{ ...one, messages: [...one.messages, { role: "assistant" as const, content: "So." }] }],
    /does not end with the user/,
  ],
  [
    "a reference that is a text",
    () => [{ ...one, reference: "Paris" as unknown as string[] }],
    /reference is not a list/,
  ],
  [
    "a tag that is a text",
    () => [{ ...one, tags: { kind: "fact" as unknown as string[] } }],
    /tag "kind" is not a list/,
  ],
  ["an unknown role", () => [{ ...one, messages: [{ role: "human" as "user", content: "Why?" }] }], /role "human"/],
];
for (const [name, samples, message] of badDatasets) {
  test(`checkDataset catches ${name}`, async (t) => {
    await t.throwsAsync(checkDataset(dataset(samples)), broken(message));
  });
}

const aspects = [{ id: "right", title: "Right", min: 0, max: 1, meaning: "share of right answers" }];
function judge(judgeIt: Judge["judge"], change: Partial<Judge> = {}): Contribution<Judge, never> {
  return contribution<Judge, never>({
    summary: "A judge.",
    create: () => ({ version: "1", aspects, judge: judgeIt, ...change }),
  });
}
const scored = (scores: Record<string, number>): Judgement => ({ status: "scored", scores });

test("checkJudge passes a good judge", async (t) => {
  await t.notThrowsAsync(checkJudge(judge(() => scored({ right: 1 }))));
});

const badJudges: readonly [string, Contribution<Judge, never>, RegExp][] = [
  [
    "a throw on an empty answer",
    judge(({ answer }) => (answer.text === "" ? JSON.parse("") : scored({ right: 1 }))),
    /the judge threw/,
  ],
  [
    "a throw on broken Unicode",
    judge(({ answer }) => {
      encodeURIComponent(answer.text);
      return scored({ right: 0 });
    }),
    /lone surrogate: the judge threw/,
  ],
  ["a score out of range", judge(() => scored({ right: -1 })), /right = -1 lies outside 0 to 1/],
  [
    "NaN",
    judge(({ answer }) => scored({ right: answer.text.length / answer.text.length })),
    /does not survive JSON|lies outside/,
  ],
  ["an undeclared aspect", judge(() => scored({ wrong: 1 })), /scored "wrong"/],
  ["no score at all", judge(() => scored({})), /without a score/],
  ["no reason", judge(() => ({ status: "not-applicable", reason: "" })), /without a reason/],
  ["chance", judge(() => scored({ right: Math.random() })), /another judgement/],
  ["no version", judge(() => scored({ right: 1 }), { version: "" }), /no version/],
  [
    "a missing range",
    judge(() => scored({ right: 1 }), { aspects: aspects.map((aspect) => ({ ...aspect, max: 0 })) }),
    /has no range/,
  ],
];
for (const [name, contributed, message] of badJudges) {
  test(`checkJudge catches ${name}`, async (t) => {
    await t.throwsAsync(checkJudge(contributed), broken(message));
  });
}

test("checkJudge catches a pattern that takes forever", async (t) => {
  const slow = judge(({ answer }) => {
    const until = performance.now() + (answer.text.length > 50_000 ? 30 : 0);
    while (performance.now() < until);
    return scored({ right: 0 });
  });
  await t.throwsAsync(checkJudge(slow, { timeoutMs: 20 }), broken(/judging took \d+ ms/));
});

const plugin: Plugin = definePlugin({
  name: "acme-plugin",
  contract: "^1",
  strategies: { "acme/plain": strategy(good) },
});

test("checkPlugin passes a good plugin, and the testkit's own", async (t) => {
  await t.notThrowsAsync(checkPlugin(plugin));
  await t.notThrowsAsync(checkPlugin(fakeEnginePlugin));
});

const optioned = (change: object): Plugin => ({
  ...plugin,
  strategies: {
    "acme/plain": {
      ...strategy(good),
      options: {
        type: "object",
        properties: { k: { type: "integer", description: "How many." } },
        additionalProperties: false,
      },
      ...change,
    },
  },
});
const badPlugins: readonly [string, Plugin, RegExp][] = [
  ["no name", { ...plugin, name: "" }, /name is not the name/],
  ["no range", { ...plugin, contract: "newest" }, /contract is not a version range/],
  ["a mistyped kind", { ...plugin, strategy: {} } as unknown as Plugin, /"strategy" means nothing/],
  ["nothing on offer", { name: "acme", contract: "^1" }, /offers nothing/],
  ["an id without namespace", { ...plugin, strategies: { plain: strategy(good) } }, /such as "acme\/plain"/],
  ["an id in capitals", { ...plugin, strategies: { "acme/Plain": strategy(good) } }, /small letters/],
  [
    "an undescribed option",
    optioned({ options: { type: "object", properties: { k: { type: "integer" } }, additionalProperties: false } }),
    /option "k" has no description/,
  ],
  ["silent options", optioned({ options: { type: "object", properties: {} } }), /unknown options are not refused/],
  [
    "an example that does not fit",
    optioned({ example: { k: "two" } }),
    /example does not fit its own schema.*options\/k must be integer/,
  ],
  ["an example with an unknown option", optioned({ example: { n: 1 } }), /example does not fit/],
  [
    "an example without a schema",
    { ...plugin, strategies: { "acme/plain": { ...strategy(good), example: {} as never } } },
    /no option schema/,
  ],
];
for (const [name, bad, message] of badPlugins) {
  test(`checkPlugin catches ${name}`, async (t) => {
    await t.throwsAsync(checkPlugin(bad), broken(message));
  });
}
