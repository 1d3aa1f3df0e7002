import test from "ava";
import fc from "fast-check";
import { rationalesByAspect } from "../src/released/rationales-by-aspect.js";

test("several aspects are told apart, by id or title, each once; other texts are left", (t) => {
  const text = "Depth: goes far.\nSecond line.\nClarity: plain.\nDepth: of the sea.";
  t.deepEqual(rationalesByAspect(text, ["clarity", "depth"]), {
    depth: "goes far.\nSecond line.",
    clarity: "plain.\nDepth: of the sea.",
  });
  t.deepEqual(rationalesByAspect("All in all: fine.", ["clarity", "depth"]), {});
  t.deepEqual(rationalesByAspect("Depth: is the word.", ["clarity"]), { clarity: "Depth: is the word." });
  t.deepEqual(rationalesByAspect(undefined, ["clarity"]), {});
  t.deepEqual(rationalesByAspect("x", []), {});
});

test("what was put together comes apart again", (t) => {
  const words = fc.stringMatching(/^[ \na-z.]{0,30}$/);
  fc.assert(
    fc.property(fc.tuple(words, words, words), (texts) => {
      const told = Object.fromEntries(["one", "two", "three"].map((id, at) => [id, texts[at] ?? ""]));
      const together = Object.entries(told).map(([id, text]) => `${id}: ${text}`);
      t.deepEqual(rationalesByAspect(together.join("\n"), Object.keys(told)), told);
    }),
  );
});
