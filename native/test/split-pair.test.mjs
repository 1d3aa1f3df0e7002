import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join as joinPath } from "node:path";
import test from "ava";
import { comparePair, compareWithRows, loadModel, writeReferenceRows } from "../load.mjs";
import { folder, randomIds, sameBits, small, tinyModel } from "./support/models.mjs";
import { tinyTokens } from "./support/tiny-gguf.mjs";

const one = ["logprob", "rank", "entropy", "topIds", "topLogprobs"];
const both = ["klReferenceSubject", "klSubjectReference", "js", "tv"];
const dropped = ["referenceDroppedMass", "subjectDroppedMass"];

/** Names of the columns that differ in a bit. */
function differing(a, b) {
  return [
    ...["reference", "subject"].flatMap((side) =>
      one.filter((name) => !sameBits(a[side][name], b[side][name])).map((name) => `${side}.${name}`),
    ),
    ...both.filter((name) => !sameBits(a[name], b[name])),
    ...dropped.filter((name) => (a[name] === null ? b[name] !== null : !sameBits(a[name], b[name]))),
  ];
}

let files = 0;
const newPath = () => joinPath(folder, `split-${files++}.rows`);

/** The pair compared at once and in halves, with the absent model known by its vocabulary alone. */
async function halves(t, referencePath, subjectPath, request, options = {}) {
  const [r, s] = [await loadModel(referencePath), await loadModel(subjectPath)];
  const sizes = [
    await loadModel(referencePath, { sizesOnly: true }),
    await loadModel(subjectPath, { sizesOnly: true }),
  ];
  const [rc, sc] = [r.createContext(options.reference ?? small), s.createContext(options.subject ?? small)];
  const together = await comparePair(rc, sc, request);
  const split = { ...request, path: newPath(), precision: options.precision ?? "f32" };
  const written = await writeReferenceRows(rc, { model: sizes[1], chunkSize: sc.chunkSize }, split);
  t.is(written.bytes, statSync(split.path).size);
  sc.clear();
  const { columns: apart, ...rounding } = await compareWithRows(
    { model: sizes[0], chunkSize: rc.chunkSize },
    sc,
    split,
  );
  t.deepEqual(rounding, { roundingTv: written.roundingTv, roundingKl: written.roundingKl });
  for (const each of [rc, sc, r, s, ...sizes]) each.dispose();
  return { together, apart, written, path: split.path };
}

const request = {
  referencePrompt: randomIds(1, 40),
  subjectPrompt: randomIds(2, 90),
  answer: randomIds(3, 75),
  referencePrefixLength: 10,
  subjectPrefixLength: 80,
  topK: 7,
};

for (const type of ["f32", "q4_0"]) {
  test(`${type}: in halves as at once, bit for bit`, async (t) => {
    const paths = [tinyModel(`split-${type}-a`, { type, seed: 1 }), tinyModel(`split-${type}-b`, { type, seed: 2 })];
    const other = { ...small, chunkSize: small.chunkSize === 32 ? 24 : 32 };
    for (const [change, options] of [
      [{}, {}],
      [{ blockBytes: 20_000 }, {}],
      [{ topK: 0 }, { subject: other }],
      [{ answer: randomIds(9, 1) }, { reference: other }],
    ]) {
      const { together, apart, written } = await halves(t, ...paths, { ...request, ...change }, options);
      t.deepEqual(differing(apart, together), []);
      t.deepEqual([written.roundingTv, written.roundingKl], [0, 0]);
    }
  });
}

test("vocabularies of which one extends the other: dropped mass too", async (t) => {
  const plain = tinyModel("split-plain", { seed: 1 });
  const more = tinyModel("split-more", { seed: 2, tokens: tinyTokens({ extra: 5 }) });
  const extended = { ...request, allowExtendedVocabulary: true };
  for (const paths of [
    [plain, more],
    [more, plain],
  ]) {
    const { together, apart } = await halves(t, ...paths, extended);
    t.deepEqual(differing(apart, together), []);
    t.truthy(apart.referenceDroppedMass);
  }
  const error = await t.throwsAsync(halves(t, plain, more, request));
  t.is(error.code, "VOCABULARY_MISMATCH");
});

test("float16 rows: half the space, the reference's own columns exact, divergences off by no more than was said", async (t) => {
  const paths = [tinyModel("split-half-a", { seed: 1, scale: 4 }), tinyModel("split-half-b", { seed: 2, scale: 4 })];
  const { together, apart, written } = await halves(t, ...paths, request, { precision: "f16" });
  const changed = differing(apart, together);
  t.true(changed.every((name) => both.includes(name)) && changed.length > 0, String(changed));
  t.true(written.roundingTv > 0 && written.roundingTv < 1e-3 && written.roundingKl >= 0 && written.roundingKl < 1e-6);
  // The triangle inequality of total variation.
  for (const [i, tv] of apart.tv.entries()) t.true(Math.abs(tv - together.tv[i]) <= written.roundingTv + 1e-12);
});

test("a file that is not whole or of something else is RUN_CORRUPT; an aborted one leaves nothing", async (t) => {
  const path = tinyModel("split-f32-a", { type: "f32", seed: 1 });
  const { path: rows } = await halves(t, path, path, request);
  const model = await loadModel(path);
  const context = model.createContext(small);
  const side = { model, chunkSize: context.chunkSize };
  const read = (change) => compareWithRows(side, context, { ...request, path: rows, ...change });
  await t.notThrowsAsync(read({}));
  for (const change of [{ topK: 3 }, { answer: randomIds(3, 74) }, { precision: "f16" }, { path: newPath() }])
    await t.throwsAsync(read(change), { code: "RUN_CORRUPT" });
  const bytes = readFileSync(rows);
  writeFileSync(rows, bytes.subarray(0, bytes.length - 1));
  await t.throwsAsync(read({}), { code: "RUN_CORRUPT" });

  const target = newPath();
  const fresh = { ...request, path: target };
  await t.throwsAsync(writeReferenceRows(context, side, fresh, { signal: AbortSignal.abort() }), { code: "ABORTED" });
  await t.throwsAsync(writeReferenceRows(context, side, { ...fresh, path: joinPath(folder, "nowhere", "x") }), {
    code: "RUN_NOT_WRITABLE",
  });
  t.false(existsSync(target));
  t.false(existsSync(`${target}.part`));
  context.dispose();
  model.dispose();
});
