import { instructionOf, type Sample } from "@unshift/contracts";
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
