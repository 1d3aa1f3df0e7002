import { resolve } from "node:path";
import { reportAgain } from "@unshift/core";
import { interruptSignal } from "../interrupt.js";
import { print, printJson } from "../output/print.js";
import { pluginRegistry, runServices } from "../run-services.js";

export async function reportAction(args: {
  readonly run: string;
  readonly format?: readonly string[] | undefined;
  readonly json: boolean;
  readonly verbose: boolean;
}): Promise<void> {
  const services = runServices(await pluginRegistry(null), { verbose: args.verbose, signal: interruptSignal() });
  const files = await reportAgain(resolve(args.run), args.format ?? null, services).finally(() => services.stop());
  if (args.json) {
    printJson({ files });
    return;
  }
  for (const file of files) {
    print(file);
  }
}
