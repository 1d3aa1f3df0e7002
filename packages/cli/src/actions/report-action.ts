import { reportAgain } from "@unshift/core";
import { pluginRegistry, readExperiment } from "../experiment-plugins.js";
import { interruptSignal } from "../interrupt.js";
import { print, printJson } from "../output/print.js";
import { runFolder } from "../run-folder.js";
import { runServices } from "../run-services.js";

export async function reportAction(args: {
  readonly run: string;
  readonly experiment?: string | undefined;
  readonly format?: readonly string[] | undefined;
  readonly json: boolean;
  readonly verbose: boolean;
}): Promise<void> {
  const folder = await runFolder(args.run);
  const registry = await pluginRegistry(
    args.experiment === undefined ? null : await readExperiment({ experiment: args.experiment }),
  );
  const services = runServices(registry, { verbose: args.verbose, signal: interruptSignal() });
  const files = await reportAgain(folder, args.format ?? null, services).finally(() => services.stop());
  if (args.json) {
    printJson({ files });
    return;
  }
  for (const file of files) {
    print(file);
  }
}
