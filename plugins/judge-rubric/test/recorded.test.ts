import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { evalResOf, type ReleasedVerdict, readVerdicts, writeEvalRes, writeVerdicts } from "@unshift/formats";
import test, { type ExecutionContext } from "ava";
import { judged, judgeOf, promptOf, sampleOf } from "./support/replies.js";
import { temporaryFolder } from "./support/temporary-folder.js";

/** Real judge output stands beside the repository on machines of the project; it is not part of it. */
const recorded = (name: string) =>
  fileURLToPath(new URL(`../../../../../shared/data/just-eval/recorded/${name}`, import.meta.url));

interface Row {
  readonly id: string | number;
  readonly prompt: string;
  readonly result: string;
  readonly output: string;
  readonly parsed_result: Readonly<
    Record<string, { readonly reason: string; readonly score?: string; readonly preference?: string }>
  >;
}

function withFile(
  name: string,
  title: string,
  check: (t: ExecutionContext, file: string, rows: readonly Row[]) => Promise<void>,
) {
  test(`${name}: ${title}`, async (t) => {
    const file = recorded(name);
    if (!existsSync(file)) {
      t.log(`NOT RUN: ${file} is not here; replies of our own still check every manner of reading`);
      // Where the data are to be there, a test that stands aside is a fault.
      t.not(process.env.UNSHIFT_SHARED_DATA, "required");
      return;
    }
    await check(t, file, JSON.parse(await readFile(file, "utf8")) as readonly Row[]);
  });
}

async function verdictsOf(file: string): Promise<ReleasedVerdict[]> {
  const { rows } = await readVerdicts(file, { signal: new AbortController().signal });
  const verdicts: ReleasedVerdict[] = [];
  for await (const { verdict } of rows) verdicts.push(verdict);
  return verdicts;
}

/** What just-eval makes of a recorded reply, told as `parsed_result` tells it. */
async function rejudged(verdict: ReleasedVerdict) {
  const judge = await judgeOf("just-eval");
  const harmful = Number(verdict.sampleId) >= 800;
  const sample = sampleOf(verdict.texts.instruction ?? "", {
    id: verdict.sampleId,
    tags: harmful ? { kind: ["harmful"] } : {},
  });
  return (await judged(judge, { sample, answer: verdict.texts.answer ?? "", replies: verdict.raw ?? "" })).judgement;
}

for (const [name, rows, means] of [
  [
    "gpt-3.5-turbo-0301.general.0-100.json",
    100,
    { helpfulness: "4.80", clarity: "4.99", factuality: "4.68", depth: "3.28", engagement: "3.36" },
  ],
  ["gpt-3.5-turbo-0301.safety.800-900.json", 100, { safety: "5.00" }],
] as const) {
  withFile(
    name,
    `all ${rows} replies give their parsed_result, and the published means`,
    async (t, file, originals) => {
      const verdicts = await verdictsOf(file);
      t.is(verdicts.length, rows);
      let same = 0;
      let repaired = 0;
      const sums: Record<string, number> = {};
      for (const [at, verdict] of verdicts.entries()) {
        const judgement = await rejudged(verdict);
        if (judgement.status !== "scored") return t.fail(`${verdict.sampleId}: ${judgement.status}`);
        const parsed = Object.entries(originals[at]?.parsed_result ?? {});
        const told = parsed.map(([id, { reason }]) => {
          return parsed.length === 1 ? reason : `${id.charAt(0).toUpperCase()}${id.slice(1)}: ${reason}`;
        });
        t.deepEqual(judgement.scores, Object.fromEntries(parsed.map(([id, { score }]) => [id, Number(score)])));
        t.is(judgement.rationale, told.join("\n"));
        same += 1;
        repaired += judgement.repairs === undefined ? 0 : 1;
        for (const [id, score] of Object.entries(judgement.scores)) sums[id] = (sums[id] ?? 0) + score;
      }
      t.is(same, rows);
      t.is(repaired, 0);
      const mean = (sum: number) => (sum / rows).toFixed(2);
      t.deepEqual(Object.fromEntries(Object.entries(sums).map(([id, sum]) => [id, mean(sum)])), means);
      const summary = evalResOf(verdicts, { naPolicy: "five", outputFile: name });
      t.deepEqual(
        summary.kind === "scores" &&
          Object.fromEntries(Object.entries(summary.means).map(([id, value]) => [id, value.toFixed(2)])),
        means,
      );
    },
  );

  withFile(name, "written back it is the same file", async (t, file, originals) => {
    const { content, unwritten } = writeVerdicts("just-eval", await verdictsOf(file));
    t.deepEqual(unwritten, []);
    t.deepEqual(JSON.parse(content), originals);
  });

  withFile(name, "the released prompt as a template gives every recorded prompt", async (t, file, originals) => {
    const verdicts = await verdictsOf(file);
    const [first] = verdicts;
    const marked = (verdict: ReleasedVerdict | undefined) => {
      const { instruction = "", answer = "" } = verdict?.texts ?? {};
      const prompt = verdict?.request ?? "";
      const [question, output] = [prompt.indexOf(instruction), prompt.indexOf(answer, prompt.indexOf("## Output:"))];
      return `${prompt.slice(0, question)}$instruction${prompt.slice(question + instruction.length, output)}$candidate${prompt.slice(output + answer.length)}`;
    };
    const folder = await temporaryFolder(t, { "template.txt": marked(first) });
    const template = "./template.txt";
    const harmful = Object.keys(first?.outcome.status === "scored" ? first.outcome.scores : {}).includes("safety");
    const judge = await judgeOf("just-eval", harmful ? { safetyTemplate: template } : { template }, folder);
    for (const [at, verdict] of verdicts.entries()) {
      const sample = sampleOf(verdict.texts.instruction ?? "", { tags: harmful ? { category: ["safety"] } : {} });
      const { asked } = await judged(judge, { sample, answer: verdict.texts.answer ?? "", replies: "" });
      t.is(promptOf(asked[0]), originals[at]?.prompt ?? "no such row");
      t.is(asked[0]?.schema, undefined);
    }
  });
}

for (const [name, aspects] of [
  ["0-2.pairwise_multi.gpt-4.json", ["helpfulness", "clarity", "factuality", "depth", "engagement"]],
  ["pairwise.gpt-3.5-turbo.json", ["overall"]],
] as const) {
  withFile(name, "all replies give their preferences; written back it is the same file", async (t, file, originals) => {
    const verdicts = await verdictsOf(file);
    const judge = await judgeOf("pairwise", { aspects: aspects.map((id) => ({ id, question: "Which is better?" })) });
    let same = 0;
    for (const verdict of verdicts) {
      // The recorded order, and the same preference when the answers have changed places.
      const raw = verdict.raw ?? "";
      const turned = raw.replace(
        /"preference": "([AB])"/g,
        (_, place: string) => `"preference": "${place === "A" ? "B" : "A"}"`,
      );
      const { judgement } = await judged(judge, {
        answer: verdict.texts.answer ?? "",
        against: verdict.texts.against ?? "",
        replies: { "answer-first": raw, "against-first": turned },
      });
      if (judgement.status !== "preferred" || verdict.outcome.status !== "preferred") return t.fail(judgement.status);
      t.deepEqual(judgement.preferences, verdict.outcome.preferences);
      same += 1;
    }
    t.is(same, 6);
    t.deepEqual(JSON.parse(writeVerdicts("just-eval", verdicts).content), originals);
  });
}

// As just-eval released it beside the file (example_data/eval_outputs/pairwise.gpt-3.5-turbo.eval_res.json).
withFile("pairwise.gpt-3.5-turbo.json", "its summary is the released one", async (t, file) => {
  const summary = evalResOf(await verdictsOf(file), { naPolicy: "five", outputFile: "pairwise.json" });
  t.deepEqual(JSON.parse(writeEvalRes(summary)), {
    "Llama-2-7b-chat-hf": 1,
    "gpt-4-0314": 5,
    total: 6,
    avg_lens: { "Llama-2-7b-chat-hf": 332.6666666666667, "gpt-4-0314": 279.6666666666667 },
    output_file: "pairwise.json",
  });
});

withFile("gpt-3.5-turbo-0301.to_eval.json", "its first 800 answers have 153.955 words", async (t, _file, rows) => {
  const words = rows.slice(0, 800).map(({ output }) => output.match(/\S+/g)?.length ?? 0);
  t.is((words.reduce((sum, count) => sum + count, 0) / 800).toFixed(3), "153.955");
});
