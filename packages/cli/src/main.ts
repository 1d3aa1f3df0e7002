import yargs, { type Argv } from "yargs";
import { analyseCommand } from "./commands/analyse.js";
import { annotateCommand } from "./commands/annotate.js";
import { benchCommand } from "./commands/bench.js";
import { compareCommand } from "./commands/compare.js";
import { createCommand } from "./commands/create.js";
import { doctorCommand } from "./commands/doctor.js";
import { explainCommand } from "./commands/explain.js";
import { exportCommand } from "./commands/export.js";
import { importCommand } from "./commands/import.js";
import { initCommand } from "./commands/init.js";
import { judgeCommand } from "./commands/judge.js";
import { leaderboardCommand } from "./commands/leaderboard.js";
import { listCommand } from "./commands/list.js";
import { logitsCommand } from "./commands/logits.js";
import { planCommand } from "./commands/plan.js";
import { pullCommand } from "./commands/pull.js";
import { renderCommand } from "./commands/render.js";
import { reportCommand } from "./commands/report.js";
import { runCommand } from "./commands/run.js";
import { schemaCommand } from "./commands/schema.js";
import { showCommand } from "./commands/show.js";
import { reportFailure, usageError } from "./output/failure.js";
import { version } from "./version.js";

const commandNames = [
  "init",
  "run",
  "plan",
  "render",
  "pull",
  "judge",
  "annotate",
  "analyse",
  "report",
  "show",
  "compare",
  "leaderboard",
  "export",
  "logits",
  "import",
  "list",
  "explain",
  "schema",
  "create",
  "bench",
  "doctor",
];

/** Parses and runs one command line. Errors come out in one place, `reportFailure`, which knows their exit codes. */
export async function main(argv: readonly string[]): Promise<void> {
  const json = argv.includes("--json");
  const parser: Argv<{ json: boolean; verbose: boolean }> = yargs([...argv])
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
    .command(initCommand)
    .command(runCommand)
    .command(planCommand)
    .command(renderCommand)
    .command(pullCommand)
    .command(judgeCommand)
    .command(annotateCommand)
    .command(analyseCommand)
    .command(reportCommand)
    .command(showCommand)
    .command(compareCommand)
    .command(leaderboardCommand)
    .command(exportCommand)
    .command(logitsCommand)
    .command(importCommand)
    .command(listCommand)
    .command(explainCommand)
    .command(schemaCommand)
    .command(createCommand)
    .command(benchCommand)
    .command(doctorCommand)
    .strict()
    .demandCommand(1, 1, "a command is needed", "one command at a time")
    .version(version)
    .help()
    .alias("help", "h")
    .wrap(Math.min(110, process.stdout.columns ?? 100))
    .exitProcess(false)
    .epilogue(
      "Exit codes: 0 done; 1 a threshold was missed; 2 usage or config; 3 environment; 4 our bug; 130 interrupted.",
    )
    .locale("en")
    .fail((message: string | null, error) => {
      // What a command itself throws comes without a message; the rest is the command line's fault.
      throw message === null ? error : new CommandLineFault(message);
    });
  try {
    await refuseUnknownCommand(argv);
    await parser.parseAsync();
  } catch (error) {
    process.exitCode = reportFailure(
      error instanceof CommandLineFault ? await explained(error, parser, argv) : error,
      json,
    );
  }
}

/** What yargs says of a command line. */
class CommandLineFault extends Error {}

/** Loaded only where something is wrong: help has no need of the vocabulary that names the nearest option. */
async function explained(fault: CommandLineFault, parser: Argv<object>, argv: readonly string[]) {
  const { usageFault } = await import("./output/usage-fault.js");
  return usageFault(fault.message, parser, argv);
}

async function refuseUnknownCommand(argv: readonly string[]): Promise<void> {
  const [word] = argv;
  if (word === undefined || word.startsWith("-") || commandNames.includes(word)) {
    return;
  }
  const { nearest } = await import("@unshift/core");
  const near = nearest(word, commandNames);
  throw usageError(
    `unknown command ${JSON.stringify(word)}. Commands: ${commandNames.join(", ")}.${near === null ? "" : ` Did you mean "${near}"?`}`,
  );
}
