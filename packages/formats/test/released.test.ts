import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import test, { type ExecutionContext } from "ava";
import { Questions, writeAnswers } from "../src/index.js";
import { files, setOf, signal } from "./workshop.js";

/** The released files stand beside the repository on machines of the project; they are not part of it. */
const released = (name: string) => fileURLToPath(new URL(`../../../../../shared/data/${name}`, import.meta.url));

function withFiles(
  title: string,
  names: readonly string[],
  check: (t: ExecutionContext, paths: string[]) => Promise<void>,
): void {
  test(title, async (t) => {
    const paths = names.map(released);
    const missing = paths.filter((path) => !existsSync(path));
    if (missing.length > 0) {
      t.log(`NOT RUN: ${missing.join(", ")} is not here; the fixtures of our own still check every field`);
      t.not(process.env.UNSHIFT_SHARED_DATA, "required");
      return;
    }
    await check(t, paths);
  });
}

withFiles(
  "AlignTDS's released input: 1,000 answers of Llama-2-7b-chat",
  ["aligntds/Llama-2-7b-chat-hf.json"],
  async (t, paths) => {
    const { set, answers, formats } = await setOf(paths);
    t.deepEqual(formats, ["aligntds"]);
    t.deepEqual(set.generators(), [{ name: "Llama-2-7b-chat-hf", answers: 1000, empty: 0, leftOut: {} }]);
    t.is(set.samples().length, 1000);
    t.deepEqual(
      answers.map(({ sampleId }) => sampleId),
      Array.from({ length: 1000 }, (_, at) => String(at)),
    );
    t.true(set.samples().every(({ messages }) => messages[0]?.content.includes("[INST]") === false));
    t.true(answers[0]?.text.startsWith("Thank you for your question!"));
  },
);

const recorded = (name: string) => `just-eval/recorded/${name}`;

withFiles(
  "just-eval's recorded outputs and results of gpt-3.5-turbo-0301 are the same 1,000 answers",
  [
    "gpt-3.5-turbo-0301.to_eval.json",
    "gpt-3.5-turbo-0301.general.0-100.json",
    "gpt-3.5-turbo-0301.safety.800-900.json",
  ].map(recorded),
  async (t, paths) => {
    const { set, formats } = await setOf(paths);
    t.deepEqual(formats, ["just-eval", "just-eval-result", "just-eval-result"]);
    t.deepEqual(set.generators(), [
      {
        name: "just_results_aligned//gpt-3.5-turbo-0301.json",
        answers: 1000,
        empty: 0,
        leftOut: { "same-answer-again": 200 },
      },
    ]);
    const samples = set.samples();
    t.is(samples.length, 1000);
    t.is(samples.filter(({ tags }) => tags.kind?.[0] === "harmful").length, 200);
    t.is(samples.filter(({ tags }) => tags.source?.[0] === "koala").length, 76);
    const alone = await setOf(paths.slice(1));
    t.is(alone.answers.length, 200);
  },
);

withFiles(
  "just-eval's recorded pairs hold the answers of both, whichever stood first",
  ["pairwise.gpt-3.5-turbo.json", "0-2.pairwise_multi.gpt-4.json"].map(recorded),
  async (t, paths) => {
    const { set, answers } = await setOf(paths);
    t.is(answers.length, 18);
    t.deepEqual(
      set.generators().map(({ name, answers: count, leftOut }) => [name, count, leftOut]),
      [
        ["Llama-2-7b-chat-hf", 6, {}],
        ["gpt-4-0314", 6, { "same-answer-again": 6 }],
        ["K=0random//Llama-2-7b-hf.json", 6, {}],
      ],
    );
  },
);

withFiles(
  "the official tags join recorded answers",
  ["just-eval/just-eval-instruct.jsonl", recorded("gpt-3.5-turbo-0301.to_eval.json")],
  async (t, [instruct = "", outputs = ""]) => {
    const questions = await Questions.read(instruct, signal);
    t.is(questions.size, 1000);
    const { set } = await setOf([outputs], { questions });
    t.is(set.samples().filter(({ tags }) => (tags.task?.length ?? 0) > 0).length, 800);
    t.is(set.unansweredQuestions(), 0);
  },
);

withFiles(
  "MT-bench's 80 questions have two turns; answers to them are written and read back",
  ["mt-bench/question.jsonl"],
  async (t, [path = ""]) => {
    const questions = await Questions.read(path, signal);
    t.is(questions.size, 160);
    const ids = Array.from({ length: 80 }, (_, at) => String(81 + at));
    const items = ids.flatMap((id) =>
      (questions.turns(id) ?? []).map((sample) => ({ sample, text: `to ${sample.id}` })),
    );
    t.is(items.length, 160);
    t.is(items.filter(({ sample }) => sample.reference.length > 0).length, 70);
    const { content } = writeAnswers("mt-bench", items, { generator: "m", time: new Date(0) });
    const { a } = await files(t, { a: content });
    const { set, answers } = await setOf([a], { questions });
    t.is(answers.length, 160);
    t.deepEqual(
      set.samples(),
      items.map(({ sample }) => sample),
    );
  },
);
