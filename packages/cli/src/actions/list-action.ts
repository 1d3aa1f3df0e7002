import { print, printJson } from "../output/print.js";
import { textTable } from "../output/text-table.js";
import { pluginRegistry, readExperiment } from "../run-services.js";

export async function listAction(args: {
  readonly experiment?: string | undefined;
  readonly json: boolean;
}): Promise<void> {
  const registry = await pluginRegistry(
    args.experiment === undefined ? null : await readExperiment({ experiment: args.experiment }),
  );
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
