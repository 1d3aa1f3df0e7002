import { resolve } from "node:path";
import { analyseAgain } from "@unshift/core";
import { interruptSignal } from "../interrupt.js";
import { print, printJson } from "../output/print.js";
import { pluginRegistry, readExperiment, runServices } from "../run-services.js";

export async function analyseAction(args: {
  readonly run: string;
  readonly experiment?: string | undefined;
  readonly json: boolean;
  readonly verbose: boolean;
}): Promise<void> {
  const registry = await pluginRegistry(
    args.experiment === undefined ? null : await readExperiment({ experiment: args.experiment }),
  );
  const services = runServices(registry, { verbose: args.verbose, signal: interruptSignal() });
  const tables = await analyseAgain(resolve(args.run), services).finally(() => services.stop());
  if (args.json) {
    printJson(tables);
    return;
  }
  for (const { name, rows, title } of tables) {
    print(`${name.padEnd(24)} ${String(rows.length).padStart(7)} rows  ${title}`);
  }
}
