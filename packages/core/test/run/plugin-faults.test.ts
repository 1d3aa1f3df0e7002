import type { Prompt, Strategy } from "@unshift/contracts";
import test from "ava";
import { planExperiment } from "../../src/run/plan-experiment.js";
import { runExperiment } from "../../src/run/run-experiment.js";
import { plainStrategy, samples, workshop } from "./workshop.js";

const good = { text: "Q:", parseSpecial: false, bos: "auto", staticChars: 0, stop: ["\n"], provenance: {} };
const circle: Record<string, unknown> = {};
circle["self"] = circle;

for (const [name, given, message] of [
  ["a number", 5, /gave 5, not a prompt/],
  ["a text that is none", { ...good, text: 7 }, /`text` is 7; wanted: a string/],
  ["parseSpecial in words", { ...good, parseSpecial: "yes" }, /`parseSpecial` is "yes"; wanted: true or false/],
  ["an unknown bos", { ...good, bos: "maybe" }, /`bos` is "maybe"; wanted: "auto" or "never"/],
  ["static characters behind the end", { ...good, staticChars: 99 }, /`staticChars` is 99/],
  ["half a static character", { ...good, staticChars: 0.5 }, /`staticChars` is 0.5/],
  ["a stop that is no list", { ...good, stop: 5 }, /`stop` is 5/],
  ["an empty stop text", { ...good, stop: [""] }, /`stop` is such a list; wanted: a list of texts, none of them empty/],
  ["a trimEnd that is no list", { ...good, trimEnd: "x" }, /`trimEnd` is "x"/],
  ["provenance that is none", { ...good, provenance: null }, /`provenance` is null/],
  ["provenance in a circle", { ...good, provenance: circle }, /`provenance` is such an object/],
  ["a BigInt in provenance", { ...good, provenance: { n: 1n } }, /`provenance` is such an object/],
] as const) {
  test(`build gives ${name}: that sample fails under the plugin's name, the others go on`, async (t) => {
    const shop = await workshop(t);
    const build: Strategy["build"] = (sample, model) =>
      sample.id === "s2" ? (given as unknown as Prompt) : plainStrategy.build(sample, model);
    const { loaded, services } = await shop.open({ strategy: { build } });
    const outcome = await runExperiment(loaded, services);
    const failed = outcome.answers.filter(({ status }) => status === "failed");
    t.is(failed.length, 2);
    const [first] = failed;
    t.true(first?.status === "failed" && first.reason.code === "STRATEGY_FAILED");
    t.regex(first?.status === "failed" ? first.reason.message : "", message);
    t.regex(first?.status === "failed" ? first.reason.message : "", /strategy "plain" of @unshift\/workshop/);
    t.is(outcome.answers.filter(({ status }) => status === "answered").length, 2 * (samples.length - 1));
  });
}

for (const [name, extract, message] of [
  [
    "throws",
    () => {
      throw new TypeError("no answer here");
    },
    /threw TypeError: no answer here/,
  ],
  ["gives a number", () => 5 as unknown as string, /gave number, not a text/],
] as const) {
  test(`extract ${name} for one sample: it fails and keeps what was generated, the others go on`, async (t) => {
    const shop = await workshop(t);
    let calls = 0;
    const strategy: Strategy = {
      ...plainStrategy,
      extract: (answer) => {
        calls += 1;
        return calls === 2 ? extract() : answer.text;
      },
    };
    const logged: string[] = [];
    const { loaded, services } = await shop.open({ strategy });
    const outcome = await runExperiment(loaded, { ...services, log: (_level, line) => logged.push(line) });
    const failed = outcome.answers.filter(({ status }) => status === "failed");
    t.is(failed.length, 1);
    const [first] = failed;
    t.true(first?.status === "failed" && (first.raw ?? "").length > 0, "what was generated is kept");
    t.regex(first?.status === "failed" ? first.reason.message : "", message);
    t.true(logged.some((line) => message.test(line)));
    t.is(outcome.answers.filter(({ status }) => status === "answered").length, 2 * samples.length - 1);
  });
}

test("the log holds the stack of what build threw, the message one line", async (t) => {
  const shop = await workshop(t);
  const build: Strategy["build"] = (sample, model) => {
    if (sample.id === "s1") throw new Error("odd sample");
    return plainStrategy.build(sample, model);
  };
  const logged: string[] = [];
  const { loaded, services } = await shop.open({ strategy: { build } });
  const outcome = await runExperiment(loaded, { ...services, log: (_level, line) => logged.push(line) });
  const failed = outcome.answers.find(({ status }) => status === "failed");
  t.false(failed?.status === "failed" && failed.reason.message.includes("\n"));
  t.true(logged.some((line) => line.includes("odd sample") && line.split("\n").length > 2));
});

test("a plan says why prompts cannot be built", async (t) => {
  const shop = await workshop(t);
  const build: Strategy["build"] = () => {
    throw new Error("no template");
  };
  const { loaded, services } = await shop.open({ strategy: { build } });
  const plan = await planExperiment(loaded, services);
  t.is(plan.systems["aligned"]?.failed, samples.length);
  t.regex(
    plan.notes.join("\n"),
    /5 prompts cannot be built: .*strategy "plain" of @unshift\/workshop threw: no template/,
  );
});

test("too few examples for one question show before anything is generated", async (t) => {
  const { UnshiftError } = await import("@unshift/contracts");
  const shop = await workshop(t);
  const strategy: Strategy = {
    async prepare() {},
    build(sample, model) {
      if (sample.id === "s4") throw new UnshiftError("EXAMPLES_TOO_FEW", "4 are asked for, 3 are left");
      return plainStrategy.build(sample, model);
    },
  };
  const { loaded, services, engines } = await shop.open({ strategy });
  const error = await t.throwsAsync<InstanceType<typeof UnshiftError>>(runExperiment(loaded, services));
  t.is(error?.code, "EXAMPLES_TOO_FEW");
  t.true(error?.where?.line !== undefined);
  t.deepEqual(engines[0]?.calls.generated, []);
});
