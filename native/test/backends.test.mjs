import process from "node:process";
import test from "ava";
import { comparePair, info, loadModel } from "../load.mjs";
import { randomIds, small, tinyModel } from "./support/models.mjs";

const devices = info().devices.filter(({ type }) => type === "gpu" || type === "igpu");
if (devices.length === 0) {
  test("every backend against the CPU", (t) => {
    t.log(`not run: built for ${info().gpu}, no device but the CPU here`);
    t.not(process.env["UNSHIFT_BACKENDS"], "required", "a GPU was asked for, and none is here");
  });
}

const request = {
  referencePrompt: randomIds(1, 40),
  subjectPrompt: randomIds(2, 60),
  answer: randomIds(3, 90),
  topK: 10,
};

async function compared(type, options) {
  const models = await Promise.all(
    [1, 2].map((seed) => loadModel(tinyModel(`backend-${type}-${seed}`, { type, seed, layers: 4 }), options)),
  );
  const contexts = models.map((model) => model.createContext(small));
  const columns = await comparePair(...contexts, request);
  const again = await comparePair(...contexts, request);
  for (const each of [...contexts, ...models]) each.dispose();
  return { columns, again };
}

for (const { name, description } of devices) {
  for (const type of ["f32", "f16", "q8_0"]) {
    test(`${name} (${description}), ${type}: the CPU's figures, and the same bits again`, async (t) => {
      const { columns: here } = await compared(type, { devices: [] });
      const { columns: there, again } = await compared(type, { devices: [name] });
      for (const column of ["klReferenceSubject", "js", "tv"]) {
        const most = Math.max(...here[column].map((value, i) => Math.abs(value - there[column][i])));
        t.log(`${column}: off by at most ${most.toExponential(1)}`);
        t.true(most < 0.02, column);
        t.deepEqual(again[column], there[column]);
      }
      // A near tie may change places.
      const moved = here.reference.rank.filter((rank, i) => rank !== there.reference.rank[i]).length;
      t.true(moved <= 0.05 * request.answer.length, `${moved} ranks moved`);
    });
  }
}
