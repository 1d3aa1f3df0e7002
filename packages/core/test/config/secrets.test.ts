import { UnshiftError } from "@unshift/contracts";
import test from "ava";
import { resolveSecrets } from "../../src/config/secrets.js";
import { loadText, smallest } from "./load.js";

test("a variable in a plugin's options stays unresolved in the experiment", async (t) => {
  const { experiment } = await loadText(t, `${smallest}judges:\n  - { use: remote, apiKey: "\${OPENAI_API_KEY}" }\n`);
  t.deepEqual(experiment.judges[0]?.options, { apiKey: `\${OPENAI_API_KEY}` });
});

test("whole strings are filled in at any depth, others and foreign values left alone", (t) => {
  const date = new Date(0);
  const options = {
    key: `\${KEY}`,
    nested: [{ key: `\${KEY}` }],
    prompt: `say \${KEY}`,
    count: 3,
    date: date as never,
  };
  const resolved = resolveSecrets(options, { environment: { KEY: "s3cret" } });
  t.deepEqual(resolved, {
    key: "s3cret",
    nested: [{ key: "s3cret" }],
    prompt: `say \${KEY}`,
    count: 3,
    date: date as never,
  });
  t.is(resolved.date, date as never);
  t.is(options.key, `\${KEY}`);
});

for (const [what, environment] of [
  ["not set", {}],
  ["empty", { KEY: "" }],
] as const) {
  test(`a variable that is ${what}`, (t) => {
    const where = { file: "/x.yaml", line: 1, column: 2 };
    const error = t.throws(() => resolveSecrets({ key: `\${KEY}` }, { environment, where }), {
      instanceOf: UnshiftError,
    });
    t.is(error?.code, "CONFIG_SECRET");
    t.deepEqual(error?.where, where);
    t.true(error?.message.includes(`KEY is ${what}`));
  });
}
