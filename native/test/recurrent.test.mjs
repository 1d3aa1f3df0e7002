import test from "ava";
import { comparePair, loadModel } from "../load.mjs";
import { randomIds, sameBits, small, tinyModel } from "./support/models.mjs";

const join = (...parts) => Int32Array.from(parts.flatMap((part) => [...part]));
const open = () => loadModel(tinyModel("mamba", { architecture: "mamba" }));

test("a recurrent model restores its state at the end of a shared prefix, bit for bit", async (t) => {
  const model = await open();
  t.true(model.recurrent);
  const fresh = model.createContext(small);
  const used = model.createContext(small);
  const prefix = randomIds(1, 40);
  const items = [0, 1, 2].map((i) => ({
    tokens: join(prefix, randomIds(20 + i, 30 + 13 * i)),
    from: 50,
    prefixLength: 40,
  }));
  await used.score({ tokens: randomIds(77, 60), from: 3 });
  for (const i of [0, 1, 2, 0]) {
    fresh.clear();
    const alone = await fresh.score(items[i]);
    const columns = await used.score(items[i]);
    t.is(alone.reusedTokens, 0);
    t.true(sameBits(alone.logprob, columns.logprob));
    t.true(sameBits(alone.topLogprobs, columns.topLogprobs));
  }
  t.is((await used.score(items[1])).reusedTokens, 40);
  fresh.dispose();
  used.dispose();
  model.dispose();
});

test("a recurrent model against itself is exactly the same", async (t) => {
  const model = await open();
  const [a, b] = [model.createContext(small), model.createContext(small)];
  const prompt = randomIds(3, 30);
  const request = { referencePrompt: prompt, subjectPrompt: prompt, answer: randomIds(4, 60) };
  for (let i = 0; i < 2; i++) {
    const self = await comparePair(a, b, request);
    t.true(self.klReferenceSubject.every((x) => x === 0));
    t.true(self.js.every((x) => x === 0));
  }
  a.dispose();
  b.dispose();
  model.dispose();
});

test("generations of a recurrent model do not depend on neighbours", async (t) => {
  const model = await open();
  const prefix = randomIds(9, 30);
  const requests = [0, 1, 2, 3, 4].map((i) => ({
    prompt: join(prefix, randomIds(40 + i, 3 + 5 * i)),
    prefixLength: 30,
    maxTokens: 6 + 5 * i,
    temperature: i % 2,
    seed: i,
    capture: { topK: 3 },
  }));
  for (const sequences of [1, 2, 4]) {
    const context = model.createContext({ ...small, sequences });
    const together = await context.generate(requests);
    t.true(together.slice(1).every((generation) => generation.reusedTokens === 30));
    for (let i = requests.length - 1; i >= 0; i--) {
      context.clear();
      const [alone] = await context.generate([requests[i]]);
      t.deepEqual(alone.ids, together[i].ids, `${sequences} sequences, request ${i}`);
      t.true(sameBits(alone.captured.logprob, together[i].captured.logprob));
    }
    context.dispose();
  }
  model.dispose();
});
