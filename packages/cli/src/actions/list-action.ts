import { pluginRegistry, readExperiment } from "../experiment-plugins.js";
import { usageError } from "../output/failure.js";
import { print, printJson } from "../output/print.js";
import { textTable } from "../output/text-table.js";

export async function listAction(args: {
  readonly experiment?: string | undefined;
  readonly samples: boolean;
  readonly json: boolean;
  readonly verbose: boolean;
}): Promise<void> {
  const { experiment } = args;
  if (args.samples) {
    if (experiment === undefined) throw usageError("--samples asks for an experiment: unshift list FILE --samples");
    const { listSamples } = await import("./list-samples.js");
    await listSamples({ ...args, experiment });
    return;
  }
  const registry = await pluginRegistry(experiment === undefined ? null : await readExperiment({ experiment }));
  const entries = registry.list().map(({ kind, id, contribution, owner }) => ({
    kind,
    id,
    summary: contribution.summary,
    owner: owner.name,
    version: owner.version,
  }));
  if (args.json) {
    printJson(entries);
    return;
  }
  print(
    textTable(
      ["kind", "id", "from", "what it is"],
      entries.map(({ kind, id, owner, version, summary }) => [kind, id, `${owner} ${version}`, summary]),
    ),
  );
}
