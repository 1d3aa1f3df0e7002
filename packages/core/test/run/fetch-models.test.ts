import type { HubFiles, HubRepo } from "@unshift/contracts";
import { UnshiftError } from "@unshift/contracts";
import test from "ava";
import { modelFiles, parseHubPath } from "../../src/config/hub-path.js";
import { planExperiment } from "../../src/run/plan-experiment.js";
import { pullExperiment } from "../../src/run/pull-experiment.js";
import { renderPrompt } from "../../src/run/render-prompt.js";
import { runExperiment } from "../../src/run/run-experiment.js";
import { workshop } from "./workshop.js";

const commit = "c".repeat(40);

/** A hub that notes what is asked of it. */
function notingHub() {
  const asked: { repo: HubRepo; file: string }[] = [];
  const hub: HubFiles = {
    fetch: async (repo, file) => {
      asked.push({ repo, file });
      if (file === "missing.gguf")
        throw new UnshiftError("HUB_NOT_FOUND", "there is no missing.gguf", { hint: "look" });
      return { path: `/cache/${repo.name}/${file}`, commit };
    },
    list: async () => ({ commit, files: [] }),
  };
  return { hub, asked };
}

const onHub = (path: string) => (text: string) =>
  text.replace("base: { path: ./base.gguf }", `base: { path: "${path}" }`);

test("hf: paths are read: repository, file in folders, revision or main", (t) => {
  t.deepEqual(parseHubPath("hf:acme/thing/q4/model.gguf@v1.0"), {
    repo: { type: "model", name: "acme/thing", revision: "v1.0" },
    file: "q4/model.gguf",
  });
  t.is(parseHubPath("hf:acme/thing/model.gguf")?.repo.revision, "main");
  t.is(parseHubPath("hf:acme/thing/model.gguf@refs/pr/1")?.repo.revision, "refs/pr/1");
  for (const text of ["hf:acme/thing", "hf:model.gguf", "acme/thing/model.gguf", "hf:a/b/c.gguf@"])
    t.is(parseHubPath(text), null, text);
});

test("any part of a split model stands for all of them, the first is opened", (t) => {
  t.deepEqual(modelFiles("a/m-00002-of-00003.gguf"), [
    "a/m-00001-of-00003.gguf",
    "a/m-00002-of-00003.gguf",
    "a/m-00003-of-00003.gguf",
  ]);
  t.deepEqual(modelFiles("m.gguf"), ["m.gguf"]);
});

test("a run opens the fetched file and its manifest records repository, revision, commit and files", async (t) => {
  const { hub, asked } = notingHub();
  const shop = await workshop(t);
  const { loaded, services } = await shop.open({ yaml: onHub("hf:acme/thing/m-00002-of-00002.gguf@v1") });
  const outcome = await runExperiment(loaded, { ...services, hub });
  t.like(outcome.manifest.models.base, {
    source: "hf:acme/thing/m-00002-of-00002.gguf@v1",
    path: "/cache/acme/thing/m-00001-of-00002.gguf",
    origin: {
      repo: "acme/thing",
      revision: "v1",
      commit,
      files: ["m-00001-of-00002.gguf", "m-00002-of-00002.gguf"],
    },
  });
  t.false("origin" in (outcome.manifest.models.aligned ?? {}));
  // The other parts come from the commit of the first, however the branch moves.
  t.deepEqual(
    asked.map(({ repo, file }) => [file, repo.revision]),
    [
      ["m-00001-of-00002.gguf", "v1"],
      ["m-00002-of-00002.gguf", commit],
    ],
  );
});

test("plan fetches what it needs, render only the model of its system", async (t) => {
  const { hub, asked } = notingHub();
  const shop = await workshop(t);
  const { loaded, services } = await shop.open({ yaml: onHub("hf:acme/thing/m.gguf") });
  await renderPrompt(loaded, { system: "aligned" }, { ...services, hub });
  t.is(asked.length, 0);
  await planExperiment(loaded, { ...services, hub });
  t.is(asked.length, 1);
});

test("a fault of the hub is placed at the model; no hub is told as such; nothing is written", async (t) => {
  const shop = await workshop(t);
  const { loaded, services, engines } = await shop.open({ yaml: onHub("hf:acme/thing/missing.gguf") });
  const error = await t.throwsAsync<UnshiftError>(runExperiment(loaded, { ...services, hub: notingHub().hub }));
  t.is(error?.code, "HUB_NOT_FOUND");
  t.is(error?.where?.line, 3);
  t.is(error?.hint, "look");
  t.is((await t.throwsAsync<UnshiftError>(runExperiment(loaded, services)))?.code, "HUB_OFFLINE");
  t.true(engines.length > 0);
});

test("pull fetches models and creates the dataset with the hub, and opens nothing", async (t) => {
  const { hub } = notingHub();
  const shop = await workshop(t);
  const { loaded, services, engines } = await shop.open({ yaml: onHub("hf:acme/thing/m.gguf") });
  t.deepEqual(await pullExperiment(loaded, { ...services, hub }), {
    models: {
      base: { path: "/cache/acme/thing/m.gguf", repo: "acme/thing", revision: "main", commit, files: ["m.gguf"] },
    },
    dataset: { use: "memory", provenance: {} },
  });
  t.is(engines.length, 0);
});
