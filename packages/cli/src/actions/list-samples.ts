import { type Dataset, instructionOf, type Sample } from "@unshift/contracts";
import { pluginRegistry, readExperiment } from "../experiment-plugins.js";
import { interruptSignal } from "../interrupt.js";
import { print, printJson } from "../output/print.js";
import { terminalLine } from "../output/terminal-text.js";
import { textTable } from "../output/text-table.js";
import { runServices } from "../run-services.js";

/** Characters of a question that are shown. */
const shownChars = 60;

/** Prints every sample of an experiment's dataset, whatever its `ids`, `where` and `limit` choose: ids for `--sample`. Opens no model. */
export async function listSamples(args: {
  readonly experiment: string;
  readonly json: boolean;
  readonly verbose: boolean;
}): Promise<void> {
  const loaded = await readExperiment(args);
  const registry = await pluginRegistry(loaded);
  const { log, signal, hub, stop } = runServices(registry, { verbose: args.verbose, signal: interruptSignal() });
  const samples: Sample[] = [];
  try {
    const where = loaded.where.bind(loaded);
    const context = { log, signal, hub };
    const dataset = await registry.create<Dataset>("datasets", loaded.experiment.dataset, where, context);
    for await (const sample of dataset.samples(signal)) samples.push(sample);
  } finally {
    stop();
  }
  if (args.json) {
    printJson(samples);
    return;
  }
  const rows = samples.map(({ tags, ...sample }) => [
    terminalLine(sample.id),
    Object.entries(tags)
      .map(([tag, values]) => `${tag}: ${values.join(", ")}`)
      .join("; "),
    firstWords(instructionOf({ ...sample, tags })),
  ]);
  print(textTable(["sample", "tags", "asks"], rows));
}

function firstWords(text: string): string {
  const line = terminalLine(text.replace(/\s+/g, " ").trim());
  return line.length > shownChars ? `${line.slice(0, shownChars - 1)}…` : line;
}
