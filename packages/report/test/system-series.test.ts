import test from "ava";
import { systemSeries } from "../src/app/state/system-series.js";

const shift = (answers: string, subject: string) => ({
  id: `${answers}→${subject}`,
  answers,
  subject,
  scored: 1,
  skipped: 0,
  failed: 0,
  firstSkip: null,
  firstFailure: null,
  withoutReference: false,
});
const systems = (...ids: string[]) => ids.map((id) => ({ id, model: "m", strategy: "chat" }));

test("a subject keeps its shift's colour, the others take what is left, none twice", (t) => {
  const shifts = [shift("a", "c"), shift("a", "b")];
  t.deepEqual(systemSeries({ systems: systems("a", "b", "c", "d"), shifts }), [2, 1, 0, 3]);
  // Of two shifts with one subject neither colour is the system's.
  t.deepEqual(systemSeries({ systems: systems("a", "g", "c"), shifts: [shift("a", "c"), shift("g", "c")] }), [0, 1, 2]);
  const many = systemSeries({ systems: systems(...Array.from({ length: 30 }, (_, i) => `s${i}`)), shifts });
  t.is(new Set(many).size, 30);
});
