import { analyseAgain } from "@unshift/core";
import { pluginRegistry, readExperiment } from "../experiment-plugins.js";
import { interruptSignal } from "../interrupt.js";
import { print } from "../output/print.js";
import { printTables } from "../output/tables/print-tables.js";
import { askedFormat, chooseTables } from "../output/tables/table-format.js";
import { runFolder } from "../run-folder.js";
import { runServices } from "../run-services.js";

/** Computes the tables anew; prints those asked for, or what there are. */
export async function analyseAction(args: {
  readonly run: string;
  readonly table?: readonly string[] | undefined;
  readonly format?: string | undefined;
  readonly experiment?: string | undefined;
  readonly json: boolean;
  readonly verbose: boolean;
}): Promise<void> {
  const format = askedFormat(args);
  const folder = await runFolder(args.run);
  const registry = await pluginRegistry(
    args.experiment === undefined ? null : await readExperiment({ experiment: args.experiment }),
  );
  const services = runServices(registry, { verbose: args.verbose, signal: interruptSignal() });
  const tables = await analyseAgain(folder, services).finally(() => services.stop());
  if (format !== null || args.table !== undefined) {
    printTables(args.table === undefined ? tables : chooseTables(tables, args.table), format ?? "text");
    return;
  }
  for (const { name, rows, title } of tables) {
    print(`${name.padEnd(24)} ${String(rows.length).padStart(7)} rows  ${title}`);
  }
}
