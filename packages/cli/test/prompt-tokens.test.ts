import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isUnshiftError } from "@unshift/contracts";
import type { Registered } from "@unshift/core";
import test, { type ExecutionContext } from "ava";
import { promptTokens } from "../src/actions/prompt-tokens.js";
import { pluginRegistry } from "../src/experiment-plugins.js";

const registry = await pluginRegistry(null);
const strategy = (id: string): Registered => registry.find("strategies", id);
const asked = (set: readonly string[] = [], model = "builtin:tiny-aligned") => ({
  model,
  set,
  signal: new AbortController().signal,
});

async function codeOf(t: ExecutionContext, promise: Promise<unknown>): Promise<string> {
  const error: unknown = await t.throwsAsync(promise);
  return isUnshiftError(error) ? error.code : String(error);
}

test("urial: each built-in prompt that its options name, counted by a real vocabulary", async (t) => {
  const counted = await promptTokens(registry, strategy("urial"), asked());
  t.true(counted.length >= 1);
  const k3 = counted.find(({ options }) => options.prompt === "builtin:k3");
  t.true((k3?.tokens ?? 0) > 100);
  t.true((k3?.sharedTokens ?? 0) > 0.9 * (k3?.tokens ?? 0), "a URIAL prompt is nearly all shared");
});

test("options of --set are the prompt's: more examples, more tokens", async (t) => {
  const [k1] = await promptTokens(registry, strategy("urial"), asked(["prompt=builtin:k1"]));
  const [k8] = await promptTokens(registry, strategy("urial"), asked(["prompt=builtin:k8"]));
  t.true((k8?.tokens ?? 0) > 2 * (k1?.tokens ?? Number.POSITIVE_INFINITY));
  t.deepEqual(k8?.options, { prompt: "builtin:k8" });
});

test("a template's tokens are those of the model", async (t) => {
  const [chat] = await promptTokens(registry, strategy("chat"), asked(["system=Answer briefly."]));
  const [plain] = await promptTokens(registry, strategy("chat"), asked());
  t.true((chat?.tokens ?? 0) > (plain?.tokens ?? Number.POSITIVE_INFINITY));
});

test("what cannot be counted is told with its code", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "unshift-explain-"));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, "x.gguf"), "no model");
  const of = (set: readonly string[], model?: string) => promptTokens(registry, strategy("urial"), asked(set, model));
  t.is(await codeOf(t, of(["prompt=./nowhere.txt"])), "PROMPT_FILE");
  t.is(await codeOf(t, of(["promt=builtin:k1"])), "PLUGIN_OPTIONS");
  t.is(await codeOf(t, of(["prompt"])), "USAGE");
  t.is(await codeOf(t, of(["prompt=[1"])), "CONFIG_SYNTAX");
  t.is(await codeOf(t, of([], "builtin:tiny")), "USAGE");
  t.is(await codeOf(t, of([], join(folder, "x.gguf"))), "MODEL_NOT_GGUF");
  t.is(await codeOf(t, of([], join(folder, "none.gguf"))), "MODEL_NOT_FOUND");
});
