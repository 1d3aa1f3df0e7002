import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import type { LoadOptions } from "../../src/config/experiment.js";
import { loadExperiment } from "../../src/config/load-experiment.js";
import { builtinModels } from "./load.js";
import { writeFiles } from "./write-files.js";

const guide = await readFile(new URL("../../../../../docs/guides/experiments.md", import.meta.url), "utf8");
const blocks = (language: string) =>
  [...guide.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(([, text = ""]) => text);
/** The first line of a file of the guide names it. */
const files = Object.fromEntries(blocks("yaml").map((text) => [/^# (\S+\.yaml)$/m.exec(text)?.[1] ?? "", text]));
const commands = blocks("sh").flatMap((text) => text.trim().split("\n"));

async function load(t: ExecutionContext, name: string, options: Partial<LoadOptions> = {}) {
  const folder = await writeFiles(t, files);
  return (await loadExperiment(join(folder, name), { cwd: folder, builtinModels, ...options })).experiment;
}

test("the guide has its files and commands", (t) => {
  t.deepEqual(Object.keys(files), ["shared.yaml", "urial.yaml", "sweep.yaml", "blocks.yaml", "recorded.yaml"]);
  t.is(commands.length, 9);
});

for (const name of Object.keys(files)) {
  test(`docs/guides/experiments.md: ${name} loads`, async (t) => {
    t.true((await load(t, name)).systems.length > 0);
  });
}

for (const command of commands) {
  test(`docs/guides/experiments.md: ${command}`, async (t) => {
    const [, , verb = "", file = "", ...rest] = (command.match(/"[^"]*"|\S+/g) ?? []).map((word) =>
      word.replaceAll('"', ""),
    );
    t.true(["run", "plan", "schema", "list"].includes(verb), verb);
    const given = (flag: string) => rest.flatMap((word, index) => (word === flag ? [rest[index + 1] ?? ""] : []));
    const [limit] = given("--limit");
    const experiment = await load(t, file, {
      set: given("--set"),
      samples: given("--sample"),
      limit: limit === undefined ? undefined : Number(limit),
    });
    t.true(experiment.systems.length > 0);
  });
}

test("the sweep is the systems that the guide says", async (t) => {
  const { systems, shifts } = await load(t, "sweep.yaml");
  const cells = systems.map(({ id }) => id).filter((id) => id !== "aligned");
  t.is(cells.length, 15);
  t.is(cells[0], "base.1000.zero-shot.greedy");
  t.is(cells[1], "base.1000.k1.greedy");
  t.is(cells.at(-1), "base.4000.k3.warm");
  t.deepEqual(shifts, [{ answers: "aligned", subjects: cells }]);
});
