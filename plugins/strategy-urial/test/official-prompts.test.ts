import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Message } from "@unshift/contracts";
import { createForCheck, modelView } from "@unshift/testkit";
import test from "ava";
import plugin from "../src/index.js";
import { parsePromptFile } from "../src/prompt-file.js";

const user = (content: string): Message => ({ role: "user", content });
const first = "Can you write a loop in Python?\nKeep it short.";
const reply = "Sure:\n```python\nfor i in range(3): print(i)\n```\nDone.";
const second = "And in jQuery?";
const oneTurn = [user(first)];
const twoTurns = [user(first), { role: "assistant", content: reply } as const, user(second)];

/** The two renderers as the facts about the released code state them, written out for one and two turns. */
const formula = {
  legacy: [
    (p: string) => `${p}\n# Query:\n\`\`\`${first}\`\`\`\n\n# Answer:\n\`\`\`\n`,
    (p: string) =>
      `${p}\n# Query:\n\`\`\`${first}\`\`\`\n\n# Answer:\n\`\`\`\n${reply}\n\`\`\`\n\n# Query:\n\`\`\`${second}\`\`\`\n\n# Answer:\n\`\`\`\n`,
  ],
  unified: [
    (p: string) => `${p}\n# Query:\n\`\`\`\n${first}\n\`\`\`\n\n# Answer:\n\`\`\`\n`,
    (p: string) =>
      `${p}\n# Query:\n\`\`\`\n${first}\n\`\`\`\n\n# Answer:\n\`\`\`\n${reply}\n\`\`\`\n\n# Query:\n\`\`\`\n${second}\n\`\`\`\n\n# Answer:\n\`\`\`\n`,
  ],
} as const;

/** Official file → its renderer, its K, and the sha256 of the prompt for one and for two turns. */
const official = [
  [
    "basic_icl",
    "legacy",
    3,
    "1a9e906cd23025631f670f6c03dc15894ba2056c61d5e5dcbbf4eb8e2d335af3",
    "87db10d4defa5710b4328b8852dff5817c1228c3b73da755701e38854bf61fcf",
  ],
  [
    "inst_1k",
    "legacy",
    3,
    "76850372042600151ab6fdd46f1bc06351be29f72895871b4f3a25c3d2e7c240",
    "89207e1491a93c0c8500550280f89b906ef438b56228f09a0d49cdc3836b1fdd",
  ],
  [
    "inst_1k_v2",
    "legacy",
    3,
    "0457e33a3d12273e58fcce9e1a20de533ea936077c0b98b67caa315e2433cc26",
    "d30e1a7700576699cb1ff4d77fdce91ee95c293ede0329990e11424458f073df",
  ],
  [
    "inst_1k_v4.help",
    "unified",
    3,
    "1f00a85b4e9f95d5dbbbbb348c139325555403164c7e28dc1bef9cbf4d7bbe85",
    "65c1cd421132a90733b1c43b073f0444aaece9f6366914240915a825ef8f8419",
  ],
  [
    "inst_1k_v4",
    "unified",
    3,
    "4e949c94d0fd2b3bd4b9dd14f11f016249526a6e2526d457973971c5d0da97ff",
    "e77059267f74a68bf56dfb6d98eb8370e7510d32ea73c84cb5371e3cd9e5f977",
  ],
  [
    "inst_1shot",
    "legacy",
    1,
    "27ea16e163154349b632a7b86052d576437a2f4fe528df15cc1539d990c51199",
    "f5b085fdd88819d74d3b152f0252ada66294a137804e88a9aba07f359ed5fecd",
  ],
  [
    "inst_2k",
    "legacy",
    8,
    "d64f3a4c66b1f23711b1a784b1be5e2811df1308398754f483d54aafb93dd919",
    "34dae0759443e02709a0d0b5e25b7af268066065aa84d5ab7901b5181e93679d",
  ],
  [
    "inst_2k_v4",
    "unified",
    8,
    "72076dc8d756396cb00f27646580b8461b6a3d6715aa6ea8cf9ea7dc88f0415a",
    "c99a826042ffd342ecca314c50a04e965205dc8b28f8289b212468226eabc50a",
  ],
  [
    "inst_only",
    "legacy",
    0,
    "e2db108de077f01dac7c1496171a78701de24dba5c4135a4a7e1b107181901f4",
    "2853603b6b2673ff6f44ea5ed7718e2ada1f58b90b77a8e55ad0952a8497d51b",
  ],
] as const;

async function rendered(folder: string, prompt: string, messages: readonly Message[]): Promise<string> {
  const strategy = await createForCheck(plugin.strategies?.urial, { options: { prompt }, folder });
  return (await strategy.build({ id: "s", messages, reference: [], tags: {} }, modelView())).text;
}
const hash = (text: string) => createHash("sha256").update(text).digest("hex");

// The official files are not part of the repository: they stand beside it where it is developed.
const folder = fileURLToPath(new URL("../../../../../shared/data/urial-prompts/", import.meta.url));

for (const [name, renderer, k, one, two] of official) {
  test(`${name}.txt is rendered as by the released code, for one turn and two`, async (t) => {
    if (!existsSync(folder)) {
      t.log(`not checked against the official file: ${folder} is not there`);
      t.is(new Set([one, two]).size, 2);
      return;
    }
    const file = `${name}.txt`;
    const bytes = await readFile(join(folder, file));
    const [oneFormula, twoFormula] = formula[renderer];
    const text = bytes.toString("utf8");
    t.is(await rendered(folder, file, oneTurn), oneFormula(text));
    t.is(await rendered(folder, file, twoTurns), twoFormula(text));
    t.deepEqual([hash(oneFormula(text)), hash(twoFormula(text))], [one, two]);
    const parsed = parsePromptFile(bytes, file);
    t.is(parsed.examples.length, k);
    t.is(parsed.system === "", name === "basic_icl");
    for (const { query, answer } of parsed.examples) {
      t.true(text.includes(`\n${query}\n`) || text.includes(`\`\`\`${query}\`\`\``));
      t.true(answer === null || text.includes(`\n${answer}\n\`\`\``));
    }
  });
}

test("files of one's own in both formats are rendered by the same formulas", async (t) => {
  const own = await mkdtemp(join(tmpdir(), "urial-official-"));
  t.teardown(() => rm(own, { recursive: true }));
  const files = {
    legacy: "# Instruction\n\nBe kind.\n\n# Query:\n```Why?```\n \n# Answer:\n```\nBecause.\n``` ",
    unified: "# Instruction\n\nBe kind.\n\n\n# Query:\n```\nWhy?\n```\n\n# Answer:\n```\nBecause.\n```\n",
  };
  for (const renderer of ["legacy", "unified"] as const) {
    const text = files[renderer];
    await writeFile(join(own, `${renderer}.txt`), text);
    t.is(await rendered(own, `${renderer}.txt`, oneTurn), formula[renderer][0](text));
    t.is(await rendered(own, `${renderer}.txt`, twoTurns), formula[renderer][1](text));
  }
});
