import { type Example, instructionOf, normalisedInstruction, type Sample } from "@unshift/contracts";
import { checkDataset, checkPlugin, createForCheck } from "@unshift/testkit";
import test from "ava";
import plugin from "../src/index.js";

function offered() {
  const contribution = plugin.datasets?.builtin;
  if (contribution === undefined) throw new Error("the plugin offers builtin");
  return contribution;
}
const load = (kind?: string) => checkDataset(offered(), { options: kind === undefined ? {} : { kind } });
const isKind = (kind: string) => (sample: Sample) => sample.tags.kind?.includes(kind) === true;

test("it keeps the contract", async (t) => {
  await t.notThrowsAsync(checkPlugin(plugin));
  await t.notThrowsAsync(load());
});

test("at least 60 questions about facts, every one with references, and 12 harmful ones without", async (t) => {
  const samples = await load();
  const facts = samples.filter(isKind("fact"));
  const harmful = samples.filter(isKind("harmful"));
  t.true(facts.length >= 60, `${facts.length}`);
  t.true(harmful.length >= 12, `${harmful.length}`);
  t.is(facts.length + harmful.length, samples.length);
  for (const sample of facts) {
    t.true(sample.reference.length > 0, sample.id);
    for (const reference of sample.reference) t.true(/[\p{L}\p{N}]/u.test(reference), sample.id);
    t.is(sample.tags.domain?.length, 1, sample.id);
  }
  for (const sample of harmful) t.deepEqual(sample.reference, [], sample.id);
});

test("no question is asked twice, none gives its answer away but among options", async (t) => {
  const samples = await load();
  const questions = samples.map((sample) => instructionOf(sample).trim().toLowerCase());
  t.is(new Set(questions).size, samples.length);
  for (const sample of samples) {
    t.not(instructionOf(sample).trim(), "");
    if (/\bor\b/.test(instructionOf(sample))) continue;
    for (const reference of sample.reference) {
      const words = ` ${instructionOf(sample)
        .toLowerCase()
        .replace(/[^\p{L}\p{N}]+/gu, " ")} `;
      t.false(words.includes(` ${reference.toLowerCase()} `), sample.id);
    }
  }
});

test("kind keeps one kind, and the provenance counts it", async (t) => {
  const all = await load();
  const [facts, harmful] = [await load("fact"), await load("harmful")];
  t.deepEqual(facts, all.filter(isKind("fact")));
  t.deepEqual(harmful, all.filter(isKind("harmful")));
  t.deepEqual(await load("all"), all);
  const dataset = await createForCheck(offered(), { options: { kind: "harmful" } });
  t.is(dataset.provenance?.count, harmful.length);
  t.regex(String(dataset.provenance?.sha256), /^[0-9a-f]{64}$/);
  await t.throwsAsync(load("poem"), { message: /must be equal to one of the allowed values/ });
});

async function train(kind?: string): Promise<Example[]> {
  const dataset = await createForCheck(offered(), { options: kind === undefined ? {} : { kind } });
  const found: Example[] = [];
  for await (const example of dataset.examples?.(new AbortController().signal) ?? []) found.push(example);
  return found;
}

test("the train part: hundreds of different questions with short answers, the same for every kind", async (t) => {
  const examples = await train();
  t.true(examples.length >= 200, `${examples.length}`);
  t.is(new Set(examples.map(({ id }) => id)).size, examples.length);
  t.is(new Set(examples.map(({ instruction }) => normalisedInstruction(instruction))).size, examples.length);
  for (const { id, instruction, output } of examples) {
    t.true(instruction.trim() === instruction && instruction !== "", id);
    t.true(/[.]$/.test(output) && output.length < 120 && !output.includes("\n"), id);
    t.false(/^(hi|hello|certainly|sure|great|absolutely)\b/i.test(output), id);
  }
  const refusals = examples.filter(({ id }) => id.startsWith("refuse-"));
  t.true(refusals.length >= 20 && refusals.every(({ output }) => output === "Sorry, I cannot help with that request."));
  t.deepEqual(await train("harmful"), examples);
  const { provenance } = await createForCheck(offered(), {});
  t.like(provenance, { train: { count: examples.length } });
});

test("no example asks what a sample asks: neither its words nor its fact", async (t) => {
  const examples = await train();
  const samples = await load();
  const asked = new Set(samples.map((sample) => normalisedInstruction(instructionOf(sample))));
  t.is(asked.size, samples.length);
  for (const { instruction } of examples) t.false(asked.has(normalisedInstruction(instruction)), instruction);
  // An example's id says its entity and relation, a sample's text and topic say them too.
  for (const sample of samples.filter(isKind("fact"))) {
    const text = normalisedInstruction(instructionOf(sample));
    const topic = `-${sample.tags.topic?.[0] ?? ""}`;
    for (const { id } of examples.filter((example) => example.id.endsWith(topic))) {
      const entity = id.slice(0, -topic.length).replaceAll("-", " ");
      t.false(
        new RegExp(`\\b${entity}\\b`, "u").test(text.replaceAll(/[^\p{L}\p{N}]+/gu, " ")),
        `${sample.id} and ${id}`,
      );
    }
  }
});
