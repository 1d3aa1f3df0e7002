import { once } from "node:events";
import { resolve } from "node:path";
import { requireRaterName, serveAnnotation } from "@unshift/annotate";
import { createStore } from "@unshift/store";
import type { AnnotateArguments } from "../commands/annotate.js";
import { interruptSignal } from "../interrupt.js";
import { reportFailure } from "../output/failure.js";
import { print, printJson, tell } from "../output/print.js";
import { textTable } from "../output/text-table.js";

/** Serves the page for raters until Ctrl-C, then says how many items each rater rated. */
export async function annotateAction(args: AnnotateArguments): Promise<void> {
  const rater = args.rater === undefined ? null : requireRaterName(args.rater);
  const store = await createStore().open(resolve(args.run));
  try {
    const server = await serveAnnotation({
      store,
      mode: args.mode,
      systems: list(args.systems),
      aspects: args.aspects ?? null,
      rater,
      seed: args.seed,
      port: args.port,
      reveal: args.reveal,
      onFault: (error) => reportFailure(error, false),
    });
    const signal = interruptSignal();
    tell("Open this address in a browser; it works on this machine only. Ctrl-C ends, every rating is kept.");
    // Under --json standard output holds one document, at the end.
    (args.json ? tell : print)(server.url);
    if (!signal.aborted) await once(signal, "abort");
    await server.close();
    const raters = server.summary();
    if (args.json) {
      printJson({ run: store.folder, mode: args.mode, raters });
      return;
    }
    const rows = raters.map(({ rater: name, rated, skipped, total }) => [name, rated, skipped, total]);
    print(textTable(["rater", "rated", "skipped", "items"], rows));
    tell(`Tables: unshift analyse ${args.run}`);
  } finally {
    await store.close();
  }
}

function list(text: string | undefined): string[] | null {
  return text === undefined ? null : [...new Set(text.split(",").map((part) => part.trim()))].filter((id) => id !== "");
}
