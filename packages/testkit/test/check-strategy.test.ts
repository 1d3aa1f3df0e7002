import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { instructionOf, type Preparation, type Strategy, UnshiftError } from "@unshift/contracts";
import test from "ava";
import { checkStrategy } from "../src/index.js";
import { broken, goodPrompt, strategyOf } from "./guilty.js";

const guilty: readonly [string, () => Strategy, RegExp][] = [
  [
    "the question before",
    () => {
      let before = "";
      return {
        build: (sample) => {
          const provenance = { before };
          before = instructionOf(sample);
          return { ...goodPrompt(sample), provenance };
        },
      };
    },
    /build is not pure.*in another order/,
  ],
  [
    "the model of the first build",
    () => {
      let first: string | undefined;
      return {
        build: (sample, model) => {
          first ??= model.name;
          return { ...goodPrompt(sample), provenance: { first } };
        },
      };
    },
    /build is not pure.*in another order/,
  ],
  [
    "chance",
    () => ({ build: (sample) => ({ ...goodPrompt(sample), provenance: { seed: Math.random() } }) }),
    /build is not pure/,
  ],
  [
    "chance when it is created",
    () => {
      const seed = Math.random();
      return { build: (sample) => ({ ...goodPrompt(sample), provenance: { seed } }) };
    },
    /build is not pure/,
  ],
  [
    "the date",
    () => ({ build: (sample) => ({ ...goodPrompt(sample), provenance: { on: new Date().toDateString() } }) }),
    /build is not pure.*on another day/,
  ],
  [
    "the clock, in whole days",
    () => ({ build: (sample) => ({ ...goodPrompt(sample), provenance: { on: Math.floor(Date.now() / 864e5) } }) }),
    /build is not pure.*on another day/,
  ],
  [
    "how often a question came",
    () => {
      const times = new Map<string, number>();
      return {
        build: (sample, model) => {
          const key = `${model.name} ${sample.id}`;
          times.set(key, (times.get(key) ?? 0) + 1);
          return { ...goodPrompt(sample), provenance: { times: times.get(key) ?? 0 } };
        },
      };
    },
    /build is not pure.*on another day/,
  ],
  [
    "what it wrote into the sample",
    () => ({
      build: (sample) => {
        (sample.reference as string[]).push("seen");
        return goodPrompt(sample);
      },
    }),
    /sample "plain".*build changed the sample/,
  ],
];
for (const [what, create, message] of guilty) {
  test(`a prompt that hangs on ${what} is found`, async (t) => {
    await t.throwsAsync(checkStrategy(strategyOf(create)), broken(message));
  });
}

const spoilt: readonly [string, object, RegExp][] = [
  ["an empty text that always stops", { codeBlocks: true, stopAlways: [""] }, /stopAlways holds/],
  ["texts that always stop, without code blocks", { stopAlways: ["\n# Query:"] }, /stopAlways means nothing without/],
  ["code blocks that are neither kept nor not", { codeBlocks: "yes" }, /codeBlocks is not a boolean/],
];
for (const [what, change, message] of spoilt) {
  test(`${what}: found`, async (t) => {
    const create = () => ({
      build: (sample: Parameters<Strategy["build"]>[0]) => ({ ...goodPrompt(sample), ...change }),
    });
    await t.throwsAsync(checkStrategy(strategyOf(create)), broken(message));
  });
}

const extracts: readonly [string, () => NonNullable<Strategy["extract"]>, RegExp][] = [
  [
    "remembers the answer before",
    () => {
      let before = "";
      return ({ text }) => {
        const joined = before + text;
        before = text;
        return joined;
      };
    },
    /extract is not pure/,
  ],
  [
    "asks the clock",
    () =>
      ({ text }) =>
        `${text} ${new Date().getFullYear()}`,
    /extract is not pure/,
  ],
  [
    "throws where an answer has no line",
    () =>
      ({ text }) => {
        const line = text.split("\n").find((each) => each.trim() !== "");
        if (line === undefined) throw new Error("no line");
        return line;
      },
    /extract threw for ""/,
  ],
  [
    "gives nothing where an answer was cut off",
    () =>
      ({ text, finishReason }) =>
        finishReason === "length" ? (undefined as unknown as string) : text,
    /extract gave undefined/,
  ],
  [
    "changes what it is given",
    () => (answer) => {
      (answer as { text: string }).text = answer.text.trim();
      return answer.text;
    },
    /extract threw/,
  ],
];
for (const [what, create, message] of extracts) {
  test(`an extract that ${what} is found`, async (t) => {
    await t.throwsAsync(checkStrategy(strategyOf(() => ({ build: goodPrompt, extract: create() }))), broken(message));
  });
}

test("an extract that trims passes", async (t) => {
  const create = () => ({ build: goodPrompt, extract: ({ text }: { text: string }) => text.trim() });
  await t.notThrowsAsync(checkStrategy(strategyOf(create)));
});

/** Keeps the index of a corpus in the cache; `read` says what comes of a stored one. */
function indexed(read: (stored: string) => string): Strategy {
  const known = new Map<string, string>();
  return {
    prepare: async (model, work) => {
      const file = join(work.cacheFolder, `${model.name}.index`);
      const { rows } = await (await work.embedder({ model: "system" }, "mean")).embed(["rain", "snow"], work);
      work.progress("embedding", 2, 2);
      const stored = await readFile(file, "utf8").catch(() => null);
      if (stored === null) await writeFile(file, [...rows].join(" "));
      known.set(model.name, stored === null ? [...rows].join(" ") : read(stored));
    },
    build: (sample, model) => {
      const index = known.get(model.name);
      if (index === undefined) throw new Error(`not prepared for ${model.name}`);
      return { ...goodPrompt(sample), provenance: { index } };
    },
  };
}

test("a strategy that prepares itself is prepared for every model, and reads its index again", async (t) => {
  await t.notThrowsAsync(checkStrategy(strategyOf(() => indexed((stored) => stored))));
});

test("an index that another sitting reads differently is found", async (t) => {
  const losing = strategyOf(() => indexed((stored) => stored.split(" ").slice(1).join(" ")));
  await t.throwsAsync(checkStrategy(losing), broken(/build is not pure/));
});

const preparing = (prepare: (work: Preparation) => unknown) =>
  strategyOf(() => ({ prepare: async (_model, work) => void (await prepare(work)), build: goodPrompt }));

test("a preparation that breaks is told, by a code or as a fault", async (t) => {
  const uncoded = preparing(() => JSON.parse("{"));
  await t.throwsAsync(checkStrategy(uncoded), broken(/prepare for model "aligned" threw without a code: SyntaxError/));
  const coded = preparing(() => {
    throw new UnshiftError("RETRIEVAL_CORPUS", "nothing to retrieve");
  });
  await t.throwsAsync(checkStrategy(coded), broken(/prepare for model "aligned" failed: RETRIEVAL_CORPUS/));
});

test("a preparation that tells progress beyond the end, or an empty note, is found", async (t) => {
  await t.throwsAsync(checkStrategy(preparing((work) => work.progress("embedding", 3, 2))), broken(/3 of 2/));
  await t.throwsAsync(checkStrategy(preparing((work) => work.note(""))), broken(/a note without text/));
});

test("an embedder of one's own is asked in place of the default one", async (t) => {
  let asked = 0;
  const embedder: Preparation["embedder"] = async () => {
    asked += 1;
    throw new UnshiftError("EMBEDDING_UNSUPPORTED", "none");
  };
  await t.throwsAsync(
    checkStrategy(
      strategyOf(() => indexed(String)),
      { embedder },
    ),
    broken(/EMBEDDING_UNSUPPORTED/),
  );
  t.is(asked, 1);
});
