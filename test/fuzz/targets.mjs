// What strangers' files and models' replies go through, each with inputs to start from and what must hold of any input at all.
// Sources of plugins that export nothing but a plugin are reached by their built files.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { isUnshiftError } from "../../packages/contracts/dist/src/index.js";
import { loadExperiment } from "../../packages/core/dist/src/index.js";
import { schemaGrammar } from "../../packages/engine-llama/dist/src/schema-grammar/schema-grammar.js";
import { readAnswers, readVerdicts } from "../../packages/formats/dist/src/index.js";
import { rowsOf } from "../../plugins/dataset-files/dist/src/data-files.js";
import { fieldsOf } from "../../plugins/dataset-files/dist/src/fields.js";
import { rowSample } from "../../plugins/dataset-files/dist/src/row-sample.js";
import { readLines } from "../../plugins/judge-engine-openai/dist/src/batch/batch-lines.js";
import { readBatch } from "../../plugins/judge-engine-openai/dist/src/batch/read-batch.js";
import { EndpointCalls } from "../../plugins/judge-engine-openai/dist/src/endpoint-calls.js";
import { EndpointFault } from "../../plugins/judge-engine-openai/dist/src/endpoint-fault.js";
import { secretMask } from "../../plugins/judge-engine-openai/dist/src/secret-mask.js";
import { readReply } from "../../plugins/judge-rubric/dist/src/reply/read-reply.js";
import { ChatTemplate } from "../../plugins/strategy-chat/dist/src/chat-template.js";
import { parsePromptFile } from "../../plugins/strategy-urial/dist/src/prompt-file.js";
import { rendererOf, renderers } from "../../plugins/strategy-urial/dist/src/renderer.js";

const here = new URL(".", import.meta.url);
const bytes = (/** @type {string} */ text) => new TextEncoder().encode(text);
const text = (/** @type {Uint8Array} */ input) => new TextDecoder().decode(input);
const file = (/** @type {string} */ path) => readFileSync(new URL(`../../${path}`, here));
const { signal } = new AbortController();

/** Runs `use`; a coded error is an answer, another one is a fault of ours. Returns null where it was refused. */
async function coded(use) {
  try {
    return await use();
  } catch (error) {
    if (isUnshiftError(error) && error.code !== "INTERNAL") return null;
    throw error;
  }
}

const folder = mkdtempSync(join(tmpdir(), "unshift-fuzz-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

/** Gives `use` the input as a file. */
async function asFile(input, name, use) {
  const path = join(folder, name);
  writeFileSync(path, input);
  return await use(path, folder);
}

const secret = "sk-canary-0123456789abcdef";
const batchCalls = new EndpointCalls(
  { baseURL: "http://127.0.0.1:9/v1", apiKey: secret, organization: undefined, timeoutMs: 1000 },
  { host: "127.0.0.1:9", url: "http://127.0.0.1:9/v1", model: "m", hasKey: true, mask: secretMask(secret) },
);

const scale = { type: "number", min: 1, max: 5, whole: true };
const aspects = ["helpfulness", "clarity", "depth"].map((id) => ({ id, title: id, scale }));

/** @type {readonly { name: string, seeds: readonly Uint8Array[], dictionary: readonly string[], run: (input: Uint8Array) => unknown }[]} */
export const targets = [
  {
    name: "prompt-file",
    seeds: ["k1", "k3"]
      .map((name) => file(`plugins/strategy-urial/prompts/${name}.txt`))
      .concat([
        bytes("# Instruction\nBelow.\n\n# User:\n```\nHi\n```\n# Assistant:\n```\nHello\n```\n"),
        bytes("# Query:\n```\nWhat?\n```\n\n# Answer:\n```\nThat.\n```\n"),
      ]),
    dictionary: [
      "# Query:\n```\n",
      "\n```\n",
      "# Answer:\n```\n",
      "# User:",
      "# Assistant:",
      "# Instruction",
      "```",
      "````",
      "\r\n",
      "\uFEFF",
      "{inst}",
    ],
    run: (input) =>
      coded(() => {
        const prompt = parsePromptFile(input, "prompt.txt");
        const renderer = renderers[rendererOf(prompt.format)];
        assert.equal(typeof prompt.system, "string");
        for (const { query, answer } of prompt.examples) {
          assert.ok(
            text(input)
              .replaceAll("\r\n", "\n")
              .includes(query.split("\n")[0] ?? ""),
            "a query that is not in the file",
          );
          if (answer !== null) assert.equal(typeof answer, "string");
        }
        assert.ok(renderer);
        assert.deepEqual(parsePromptFile(input, "prompt.txt"), prompt);
      }),
  },
  {
    name: "judge-reply",
    seeds: [
      bytes(
        '{"helpfulness": {"rationale": "It \\"helps\\".", "score": 4}, "clarity": {"score": "5"}, "depth": {"score": "N/A"}}',
      ),
      bytes('```json\n{ "helpfulness": 4, "clarity": 3, "depth": 2, }\n```\nThat is all.'),
      bytes("Helpfulness: 4/5\nClarity: [[3]]\nDepth: two out of five"),
      bytes("I'd give 5 at first.\n{'helpfulness': 1, 'clarity': 2, 'depth': 3}"),
    ],
    dictionary: [
      '"score":',
      "{",
      "}",
      "[",
      "]",
      ",",
      '"',
      "\\",
      "\\u12",
      "N/A",
      "4/5",
      "[[2]]",
      "null",
      "1e309",
      "-0",
      "```json\n",
      "helpfulness",
      "clarity",
      "depth",
      "//",
      "<think>",
      "</think>",
    ],
    run: (input) => {
      for (const ended of ["stop", "length"]) {
        const reading = readReply({ text: text(input), ended }, aspects, { notApplicable: true });
        if (reading.status === "unparsed") {
          assert.ok(reading.reason.length > 0 && reading.reason.length < 2000);
          continue;
        }
        for (const { id } of aspects) {
          const score = reading.scores[id];
          assert.ok(
            (score === undefined) === reading.notApplicable.includes(id),
            `${id} has neither a score nor the state "not applicable"`,
          );
          if (score !== undefined) assert.ok(Number.isInteger(score) && score >= 1 && score <= 5, `${id}: ${score}`);
        }
        assert.deepEqual(
          Object.keys(reading.scores).filter((id) => !aspects.some((aspect) => aspect.id === id)),
          [],
        );
      }
    },
  },
  {
    name: "experiment",
    seeds: [
      file("examples/quickstart/experiment.yaml"),
      file("examples/methods/experiment.yaml"),
      bytes("a: &a [*a]\nb: {<<: *a}\n"),
    ],
    dictionary: [
      "&a ",
      "*a",
      "<<: ",
      "__proto__: ",
      "constructor: ",
      "matrix:\n",
      "extends: ./x.yaml\n",
      "!!js/function ",
      "? ",
      "- ",
      ": ",
      "{",
      "}",
      "[",
      "]",
      "|\n",
      "'",
      '"',
      "\t",
      "1e999",
      "0x10",
      "~",
      "../../../",
      "${HOME}",
    ],
    run: (input) =>
      asFile(input, "experiment.yaml", (path, cwd) =>
        coded(async () => {
          const { experiment } = await loadExperiment(path, {
            builtinModels: { "tiny-base": "/base.gguf", "tiny-aligned": "/aligned.gguf" },
            cwd,
          });
          assert.ok(Object.isFrozen(experiment));
          assert.equal(Object.prototype.polluted, undefined);
          for (const { id } of experiment.systems) assert.equal(typeof id, "string");
        }),
      ),
  },
  ...["jsonl", "json", "csv"].map((format) => ({
    name: `dataset-${format}`,
    seeds:
      format === "csv"
        ? [bytes('id,instruction,reference\n1,"What, then?","a ""b"""\n2,Who?,c\n')]
        : format === "json"
          ? [
              bytes(
                '[{"id": 1, "instruction": "What?"}, {"id": "2", "instruction": "Who?", "reference": ["a"], "tags": {"task": "x"}}]',
              ),
            ]
          : [
              bytes(
                '{"id": 1, "instruction": "What?"}\n{"id": "2", "messages": [{"role": "user", "content": "Hi"}], "reference": ["a"]}\n',
              ),
            ],
    dictionary: [
      '"id":',
      '"instruction":',
      '"messages":',
      '"__proto__":',
      "null",
      "[",
      "]",
      "{",
      "}",
      ",",
      '"',
      "\n",
      "\r\n",
      "\uFEFF",
      "1e400",
      "\\ud800",
      "\0",
    ],
    run: (/** @type {Uint8Array} */ input) =>
      asFile(input, `data.${format}`, (path) =>
        coded(async () => {
          const fields = fieldsOf();
          for await (const row of rowsOf({ path, format, sha256: "" }, signal)) {
            const { turns } = rowSample(row, fields, format === "csv");
            assert.ok(turns.length > 0);
          }
        }),
      ),
  })),
  {
    name: "released-answers",
    seeds: [
      bytes('[{"id": 0, "instruction": "What?", "output": "That.", "generator": "m"}]'),
      bytes('{"question_id": 81, "model_id": "m", "choices": [{"turns": ["a", "b"]}]}\n'),
      bytes('[{"instruction": "What?", "output": ["That."], "source_id": "x-1", "model_test": "m", "dataset": "d"}]'),
    ],
    dictionary: [
      '"output":',
      '"turns":',
      '"choices":',
      '"result":',
      '"parsed_result":',
      '"judge":',
      "[",
      "]",
      "{",
      "}",
      ",",
      "null",
      "-1",
      "\n",
    ],
    run: (input) =>
      asFile(input, "answers.json", (path) =>
        coded(async () => {
          const { rows } = await readAnswers(path, { signal });
          for await (const row of rows) assert.equal(typeof row, "object");
        }),
      ),
  },
  {
    name: "released-verdicts",
    seeds: [
      bytes(
        '[{"id": 0, "instruction": "What?", "output": "x", "result": "{\\"depth\\": {\\"reason\\": \\"r\\", \\"score\\": \\"3\\"}}", "parsed_result": {"depth": {"reason": "r", "score": "3"}}, "generator": "m"}]',
      ),
      bytes(
        '{"question_id": 81, "model": "m", "judge": ["gpt-4", "single-v1"], "user_prompt": "", "judgment": "[[7]]", "score": 7, "turn": 1, "tstamp": 1.5}\n',
      ),
      bytes(
        '[{"instruction": "What?", "output_1": "a", "output_2": "b", "generator_1": "m", "generator_2": "n", "annotator": "j", "preference": 1.5}]',
      ),
    ],
    dictionary: [
      '"score":',
      '"judgment":',
      '"preference":',
      '"parsed_result":',
      "[[",
      "]]",
      "NaN",
      "null",
      "-1",
      "1e999",
      "{",
      "}",
      "[",
      "]",
      "\n",
    ],
    run: (input) =>
      asFile(input, "verdicts.json", (path) =>
        coded(async () => {
          const { rows } = await readVerdicts(path, { signal });
          for await (const row of rows) assert.equal(typeof row, "object");
        }),
      ),
  },
  {
    name: "schema-grammar",
    seeds: [
      bytes(
        '{"type": "object", "properties": {"score": {"type": "integer", "minimum": 1, "maximum": 5}, "why": {"type": "string", "maxLength": 40}}, "required": ["why", "score"], "additionalProperties": false}',
      ),
      bytes(
        '{"anyOf": [{"const": "a\\"b"}, {"enum": [1, null, true]}], "$defs": {"x": {"type": "number", "exclusiveMinimum": -2.5, "maximum": 3}}}',
      ),
      bytes(
        '{"type": "array", "items": {"$ref": "#/$defs/n"}, "minItems": 1, "maxItems": 4, "$defs": {"n": {"type": "boolean"}}}',
      ),
    ],
    dictionary: [
      '"type":',
      '"object"',
      '"integer"',
      '"number"',
      '"string"',
      '"array"',
      '"$ref": "#"',
      '"minimum":',
      '"pattern":',
      '"maxItems":',
      "1e21",
      "-0.0000001",
      "999999999999",
      "{",
      "}",
      "[",
      "]",
      ",",
      '"__proto__":',
    ],
    run: (input) => {
      let schema;
      try {
        schema = JSON.parse(text(input));
      } catch {
        return undefined;
      }
      if (typeof schema !== "object" || schema === null || Array.isArray(schema)) return undefined;
      return coded(() => {
        const grammar = schemaGrammar(schema, 512);
        assert.match(grammar, /^root ::= /m);
        assert.equal(schemaGrammar(schema, 512), grammar);
      });
    },
  },
  {
    name: "chat-template",
    seeds: [
      bytes(
        "{{ bos_token }}{% for m in messages %}{{ '<|' + m['role'] + '|>' + m['content'] }}{% endfor %}{% if add_generation_prompt %}{{ '<|a|>' }}{% endif %}",
      ),
      bytes(
        "{%- if messages[0].role == 'system' -%}{% set s = messages[0].content | trim %}{% set messages = messages[1:] %}{%- endif -%}{{ s | default('x') }}{{ messages | length }}",
      ),
      bytes("{% macro f(a, b=2) %}{{ a * b }}{% endmacro %}{{ f(3) }}{{ raise_exception('no') if false }}"),
    ],
    dictionary: [
      "{{",
      "}}",
      "{%",
      "%}",
      "{#",
      "#}",
      " for x in ",
      "endfor",
      " range(999999) ",
      "constructor",
      "__proto__",
      "messages",
      "| tojson",
      "| join",
      "| list",
      "[::-1]",
      "namespace(",
      "~",
      "' * 99",
      "strftime_now('%Y')",
      "loop.",
      "**",
      "is defined",
    ],
    run: (input) =>
      coded(() => {
        const template = new ChatTemplate(text(input), "the template");
        const rendered = template.render(
          [{ role: "user", content: "Hi {{ x }}" }],
          { bosText: "<s>", eosText: "</s>" },
          "2026-01-31",
        );
        assert.equal(typeof rendered, "string");
        assert.doesNotMatch(rendered, /\[native code\]|\[object process\]/);
      }),
  },
  {
    name: "batch-output",
    seeds: [
      bytes(
        `{"custom_id": "k1", "response": {"status_code": 200, "body": {"model": "m", "choices": [{"message": {"content": "5 ${secret}"}, "finish_reason": "stop"}], "usage": {"prompt_tokens": 7, "completion_tokens": 1}}}, "error": null}\n{"custom_id": "k2", "response": {"status_code": 400, "body": {"error": {"message": "no ${secret}", "code": "c"}}}}\n`,
      ),
      bytes('{"custom_id": "k1", "response": null, "error": {"code": "batch_expired", "message": "too late"}}'),
      bytes(
        '{"id": "b", "status": "failed", "input_file_id": "f", "output_file_id": null, "request_counts": {"total": 2, "completed": 1, "failed": 1}, "errors": {"data": [{"code": "c", "message": "m", "line": 3}]}}',
      ),
    ],
    dictionary: [
      secret,
      '"status_code":',
      '"custom_id":',
      '"error":',
      '"choices":',
      '"message":',
      '"content":',
      "null",
      "[",
      "{}",
      "200",
      "429",
      "1e999",
      "\n",
      "\u2028",
    ],
    run: (input) => {
      const { outcomes, broken } = readLines(text(input), batchCalls);
      assert.ok(broken >= 0 && broken <= text(input).split("\n").length);
      for (const outcome of outcomes.values()) {
        if (outcome instanceof EndpointFault) {
          assert.ok(!`${outcome.message}${outcome.words}`.includes(secret), "a key in a message");
          continue;
        }
        assert.ok(!`${outcome.text}${outcome.model}`.includes(secret), "a key in a reply");
        assert.ok(["whole", "length", "withheld"].includes(outcome.ended));
        const { prompt, reply } = outcome.tokens ?? { prompt: 0, reply: 0 };
        assert.ok(Number.isInteger(prompt) && prompt >= 0 && Number.isInteger(reply) && reply >= 0);
      }
      for (const line of text(input).split("\n")) {
        let read;
        try {
          read = JSON.parse(line);
        } catch {
          continue;
        }
        const state = readBatch(read);
        if (state !== null) assert.match(`${state.id}${state.outputFile ?? ""}`, /^[!-~]+$/);
      }
    },
  },
];
