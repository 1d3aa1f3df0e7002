import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import test from "ava";
import { getLanguageService, type LanguageService } from "yaml-language-server";

// The validator of the editors' YAML extension, given the schema as editors get it: by the first line of the file.
const binary = fileURLToPath(new URL("../../bin/unshift.mjs", import.meta.url));
const fromHere = createRequire(import.meta.url);
const fromService = createRequire(fromHere.resolve("yaml-language-server"));
const { TextDocument } = fromService("vscode-languageserver-textdocument") as {
  TextDocument: { create(uri: string, language: string, version: number, text: string): Document };
};
// Without its texts the service names its messages only.
const texts = fromService("@vscode/l10n") as { config(source: { fsPath: string }): void };
texts.config({ fsPath: join(dirname(fromHere.resolve("yaml-language-server")), "../../../l10n/bundle.l10n.json") });
type Document = Parameters<LanguageService["doValidation"]>[0];

const plugin = `export default {
  name: "acme-methods",
  contract: "^1",
  strategies: {
    "acme/terse": {
      summary: "Asks for few words.",
      options: {
        type: "object",
        additionalProperties: false,
        required: ["words"],
        properties: {
          words: { type: "integer", minimum: 1, description: "Most words of an answer." },
          tone: { enum: ["dry", "kind"], description: "How it sounds." },
        },
      },
      create: () => ({ build: () => { throw new Error("unused"); } }),
    },
  },
};
`;
const head = `# yaml-language-server: $schema=./unshift.schema.json
`;
const good = `${head}plugins: [./acme.mjs]
models:
  base: { path: "./step-{checkpoint}.gguf", checkpoints: [1000, 2000] }
  aligned: builtin:tiny-aligned
dataset: { use: builtin, limit: 4, where: { kind: fact } }
decoding: { preset: paper-base, maxTokens: 64 }
systems:
  chat: { model: aligned, strategy: chat, decoding: greedy }
  terse: { model: aligned, strategy: { use: acme/terse, words: 20, tone: dry } }
  gpt-4: { answers: ./gpt-4.jsonl }
matrix:
  - model: base
    strategy:
      zero-shot: zero-shot
      k3: { use: urial, prompt: "builtin:k3" }
      short: { use: acme/terse, words: 5 }
    decoding: [greedy, paper-base]
    exclude:
      - { model: base.1000, decoding: paper-base }
  - { model: [aligned], strategy: [zero-shot, { use: icl, k: 2 }] }
shifts:
  - { answers: chat, subjects: ["base.*", terse] }
judges: [reference]
report: { formats: [html] }
maxFailures: 3
`;

let folder = "";
let service: LanguageService;

test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), "unshift-editor-"));
  await writeFile(join(folder, "acme.mjs"), plugin);
  await writeFile(join(folder, "experiment.yaml"), good);
  const { stdout } = await promisify(execFile)(process.execPath, [binary, "schema", "experiment.yaml"], {
    cwd: folder,
    maxBuffer: 1 << 26,
  });
  await writeFile(join(folder, "unshift.schema.json"), stdout);
  service = getLanguageService({
    schemaRequestService: (uri) => readFile(fileURLToPath(uri), "utf8"),
    workspaceContext: { resolveRelativePath: (path, resource) => new URL(path, resource).href },
  });
  service.configure({ validate: true, completion: true, hover: true, yamlVersion: "1.2" });
});
test.after.always(() => rm(folder, { recursive: true, force: true }));

/** Each text is a version of its own: the service keeps what it parsed. */
let version = 0;
function documentOf(text: string): Document {
  version += 1;
  return TextDocument.create(pathToFileURL(join(folder, "experiment.yaml")).href, "yaml", version, text);
}

async function problems(text: string): Promise<string[]> {
  const found = await service.doValidation(documentOf(text), false);
  return found.map(({ range, message }) => `${range.start.line + 1}: ${message}`);
}

test("a good experiment has no remark, with all that a third party brings", async (t) => {
  t.deepEqual(await problems(good), []);
});

test("the shortest experiment, and one that only changes another", async (t) => {
  t.deepEqual(
    await problems(
      `${head}models: { a: ./a.gguf }\ndataset: builtin\nsystems: { a: { model: a, strategy: zero-shot } }\n`,
    ),
    [],
  );
  t.deepEqual(await problems(`${head}extends: ./base.yaml\nsystems: { k3: { strategy: { prompt: ./x.txt } } }\n`), []);
  t.deepEqual(
    await problems(`${head}models: { a: ./a.gguf }\ndataset: builtin\nmatrix: { model: a, strategy: chat }\n`),
    [],
  );
});

const mistakes: readonly (readonly [what: string, from: string, to: string, line: number, says: RegExp])[] = [
  ["an unknown key", "maxFailures: 3", "maxFailure: 3", 26, /maxFailure is not allowed/],
  ["an unknown strategy", "strategy: chat, decoding", "strategy: chatt, decoding", 9, /chat/],
  ["a value out of range", "maxTokens: 64", "maxTokens: 0", 7, /minimum/],
  ["a preset that is none", "preset: paper-base,", "preset: paper-bass,", 7, /paper-base/],
  ["an option of a third party of the wrong type", "words: 20", "words: many", 10, /integer/],
  ["an option of a third party that is none", "tone: dry", "tune: dry", 10, /tune/],
  ["a value a third party does not allow", "tone: dry", "tone: loud", 10, /dry/],
  ["an unknown axis", "    decoding: [greedy, paper-base]", "    decode: [greedy, paper-base]", 18, /decode/],
  ["a bad option within a matrix", "words: 5", "words: few", 17, /integer/],
  ["an unknown id in a list of a matrix", "[zero-shot, { use", "[zeroshot, { use", 21, /zero-shot/],
  ["a shift without subjects", ', subjects: ["base.*", terse]', "", 23, /subjects/],
];
for (const [what, from, to, line, says] of mistakes) {
  test(`a remark: ${what}`, async (t) => {
    const text = good.replace(from, to);
    t.not(text, good);
    const found = await problems(text);
    t.true(
      found.some((problem) => problem.startsWith(`${line}: `) && says.test(problem)),
      found.join("\n"),
    );
  });
}

test("the editor offers and explains the options of a third party", async (t) => {
  const text = `${head}systems:
  terse:
    model: aligned
    strategy:
      use: acme/terse
      words: 5
      
`;
  const offered = await service.doComplete(documentOf(text), { line: 7, character: 6 }, false);
  const labels = offered.items.map(({ label }) => label);
  t.true(labels.includes("tone"), labels.join());
  const hover = await service.doHover(documentOf(text), { line: 6, character: 8 });
  t.true(JSON.stringify(hover?.contents).includes("Most words of an answer"), JSON.stringify(hover));
});
