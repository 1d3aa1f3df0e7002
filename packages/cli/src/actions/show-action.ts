import { readRun } from "@unshift/core";
import { createStore } from "@unshift/store";
import type { ShowArguments } from "../commands/show.js";
import { usageError } from "../output/failure.js";
import { print, printJson } from "../output/print.js";
import { runFolder } from "../run-folder.js";
import { listedText, listShown } from "../show/list-shown.js";
import { printSample } from "../show/print-sample.js";
import { shownSample } from "../show/shown-sample.js";

/** Prints the samples of a run, or one of them whole. Opens no model. Throws RUN_…. */
export async function showAction(args: ShowArguments): Promise<void> {
  const store = await createStore().open(await runFolder(args.run), { readOnly: true });
  try {
    const run = await readRun(store);
    const shifts = run.shifts.filter(({ answers, subject, id }) =>
      asked(args.shift, [id, `${answers}→${subject}`, subject]),
    );
    if (args.shift !== undefined && shifts.length === 0) {
      const there = run.shifts.map(({ id }) => JSON.stringify(id)).join(", ");
      throw usageError(
        `--shift: the run has no shift ${JSON.stringify(args.shift)}. There are: ${there === "" ? "none" : there}.`,
      );
    }
    if (args.sample === undefined) {
      if (args.position !== undefined) throw usageError("--position is a place in an answer: it goes with --sample");
      const listed = (await listShown(store, run, args.sort)).slice(0, args.limit ?? Number.POSITIVE_INFINITY);
      if (args.json) {
        printJson({ run: store.folder, samples: listed });
        return;
      }
      print(
        listedText(
          listed,
          shifts.map(({ id }) => id),
        ),
      );
      const left = run.samples.length - listed.length;
      if (left > 0) print(`and ${left} more (--limit)`);
      return;
    }
    const shown = await shownSample(store, { ...run, shifts }, args.sample);
    const longest = Math.max(0, ...shown.shifts.map(({ positions }) => positions.length));
    if (args.position !== undefined && args.position >= longest) {
      throw usageError(
        `--position is ${args.position}; the answers of this sample have the positions 0 to ${longest - 1}`,
      );
    }
    if (args.json) printJson(shown);
    else printSample(shown, { position: args.position ?? null, top: args.top });
  } finally {
    await store.close();
  }
}

function asked(wanted: string | undefined, names: readonly string[]): boolean {
  return wanted === undefined || names.includes(wanted.replace("->", "→"));
}
