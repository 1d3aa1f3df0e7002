import { UnshiftError } from "@unshift/contracts";
import { fetchModel, parseHubPath, pullExperiment } from "@unshift/core";
import { pluginRegistry, readExperiment } from "../experiment-plugins.js";
import { interruptSignal } from "../interrupt.js";
import { print, printJson } from "../output/print.js";
import { runServices } from "../run-services.js";

export async function pullAction(args: {
  readonly what: string;
  readonly json: boolean;
  readonly verbose: boolean;
  readonly set?: readonly string[] | undefined;
  readonly offline?: boolean | undefined;
}): Promise<void> {
  const options = { verbose: args.verbose, signal: interruptSignal(), offline: args.offline };
  if (!/^hf:/i.test(args.what)) {
    const loaded = await readExperiment({ experiment: args.what, set: args.set });
    const services = runServices(await pluginRegistry(loaded), options);
    const pulled = await pullExperiment(loaded, services).finally(() => services.stop());
    if (args.json) {
      printJson(pulled);
      return;
    }
    for (const [id, { path, repo, commit }] of Object.entries(pulled.models)) {
      print(`model ${id}: ${repo} at ${commit}\n  ${path}`);
    }
    const { repo, commit } = pulled.dataset.provenance;
    if (typeof repo === "string") print(`dataset ${pulled.dataset.use}: ${repo} at ${String(commit)}`);
    else if (Object.keys(pulled.models).length === 0) print("nothing of this experiment is on the hub");
    return;
  }
  const written = parseHubPath(args.what);
  if (written === null) {
    throw new UnshiftError("USAGE", `${JSON.stringify(args.what)} names no file on the hub`, {
      hint: "Wanted: hf:OWNER/REPO/FILE.gguf, with @REVISION behind it for another than main.",
    });
  }
  const services = runServices(await pluginRegistry(null), options);
  const { path, origin } = await fetchModel(written, services).finally(() => services.stop());
  if (args.json) printJson({ models: { [origin.repo]: { path, ...origin } } });
  else print(`${origin.repo} at ${origin.commit}\n  ${path}`);
}
