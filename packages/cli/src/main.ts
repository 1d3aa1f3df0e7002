import yargs from "yargs";
import { analyseCommand } from "./commands/analyse.js";
import { doctorCommand } from "./commands/doctor.js";
import { explainCommand } from "./commands/explain.js";
import { exportCommand } from "./commands/export.js";
import { listCommand } from "./commands/list.js";
import { planCommand } from "./commands/plan.js";
import { renderCommand } from "./commands/render.js";
import { reportCommand } from "./commands/report.js";
import { runCommand } from "./commands/run.js";
import { schemaCommand } from "./commands/schema.js";
import { reportFailure, usageError } from "./output/failure.js";
import { version } from "./version.js";

/** Parses and runs one command line. The only place that sets the exit code: see `exitCodeOf`. */
export async function main(argv: readonly string[]): Promise<void> {
  const json = argv.includes("--json");
  const parser = yargs([...argv])
    .scriptName("unshift")
    .usage("$0 <command>\n\nWhat alignment tuning changed in a language model, token by token.")
    .option("json", {
      type: "boolean",
      default: false,
      global: true,
      describe: "one JSON document on stdout; all else on stderr",
    })
    .option("verbose", {
      type: "boolean",
      default: false,
      global: true,
      describe: "log lines of plugins and the engine on stderr",
    })
    .command(runCommand)
    .command(planCommand)
    .command(renderCommand)
    .command(analyseCommand)
    .command(reportCommand)
    .command(exportCommand)
    .command(listCommand)
    .command(explainCommand)
    .command(schemaCommand)
    .command(doctorCommand)
    .strict()
    .demandCommand(1, 1, "a command is needed", "one command at a time")
    .recommendCommands()
    .version(version)
    .help()
    .alias("help", "h")
    .wrap(Math.min(110, process.stdout.columns ?? 100))
    .exitProcess(false)
    .epilogue(
      "Exit codes: 0 done; 1 a threshold was missed; 2 usage or config; 3 environment; 4 our bug; 130 interrupted.",
    )
    .fail((message, error) => {
      throw error ?? usageError(message);
    });
  try {
    await parser.parseAsync();
  } catch (error) {
    process.exitCode = reportFailure(error, json);
  }
}
