import test from "ava";
import fc from "fast-check";
import type { Mode } from "../src/protocol.js";
import { client, type Said, serve } from "./page-client.js";
import { questions, writeRun } from "./synthetic-run.js";

const name = fc.stringMatching(/^[A-Z][a-z]{2}[0-9]{4}[._-][a-z]{3}$/);

test("before the end no response names a system, whatever is asked; the key comes after it, and then no rating is taken", async (t) => {
  t.timeout(120_000);
  let at = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(name, { minLength: 2, maxLength: 4 }),
      fc.constantFrom<Mode>("pairwise", "rubric"),
      async (systems, mode) => {
        at += 1;
        const folder = await writeRun(t, { systems, samples: questions(4), answer: (_, { id }) => `To ${id}.` });
        const { server, stop } = await serve(t, folder, { mode, reveal: true, seed: at });
        const said: Said = { bodies: [] };
        const page = await fetch(server.url);
        said.bodies.push([...page.headers].flat().join(" "), await page.text());
        const ada = client(server.url, "ada", said);
        const { total, aspects } = await ada.progress();
        for (let index = 0; index < total; index += 1) {
          const { item } = await ada.item(index);
          const ids = aspects.map(({ id }) => id);
          await ada.rate(
            item,
            mode === "pairwise"
              ? { kind: "pairwise", choices: Object.fromEntries(ids.map((id) => [id, "a" as const])), note: "" }
              : { kind: "rubric", scores: Object.fromEntries(ids.map((id) => [id, 3])), note: "" },
          );
          await ada.item(index);
        }
        await t.throwsAsync(ada.item(total), { message: /404/ });
        await t.throwsAsync(ada.rate(systems[0] ?? "", { kind: "skipped", note: "" }), { message: /404/ });
        await t.throwsAsync(ada.rate("x", { kind: "skipped", note: "" }), { message: /404/ });
        await t.throwsAsync(client(server.url, "a/b", said).progress(), { message: /400/ });
        for (const body of said.bodies) for (const system of systems) t.false(body.includes(system), system);
        t.true(said.bodies.length > 2 * total);

        const key = await ada.reveal();
        t.deepEqual([...new Set(key.items.flatMap((item) => item.systems))].sort(), [...systems].sort());
        const { item } = await ada.item(0);
        await t.throwsAsync(ada.rate(item, { kind: "skipped", note: "" }), { message: /409/ });
        // Another rater's judging goes on.
        const bob = client(server.url, "bob", said);
        t.is((await bob.rate((await bob.item(0)).item, { kind: "skipped", note: "" })).skipped, 1);
        await stop();
      },
    ),
    { numRuns: 8 },
  );
});

test("without --reveal there is no key", async (t) => {
  const folder = await writeRun(t, { systems: ["x", "y"], samples: questions(3), answer: () => "a" });
  const { server } = await serve(t, folder);
  await t.throwsAsync(client(server.url, "ada").reveal(), { message: /403/ });
  t.false((await client(server.url, "ada").progress()).ended);
});
