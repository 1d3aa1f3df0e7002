import { renderPrompt } from "@unshift/core";
import { stringify } from "yaml";
import { type ExperimentArguments, pluginRegistry, readExperiment } from "../experiment-plugins.js";
import { interruptSignal } from "../interrupt.js";
import { checkModelFiles } from "../model-files.js";
import { print, printJson, tell } from "../output/print.js";
import { terminalText } from "../output/terminal-text.js";
import { runServices } from "../run-services.js";

export async function renderAction(
  args: ExperimentArguments & {
    readonly json: boolean;
    readonly verbose: boolean;
    readonly system?: string | undefined;
    readonly sample?: string | undefined;
  },
): Promise<void> {
  const loaded = await readExperiment(args);
  await checkModelFiles(loaded);
  const services = runServices(await pluginRegistry(loaded), {
    verbose: args.verbose,
    signal: interruptSignal(),
    offline: args.offline,
  });
  const rendered = await renderPrompt(loaded, args, services).finally(() => services.stop());
  if (args.json) {
    printJson({ ...rendered, tokens: rendered.tokens.map(({ text }) => text) });
    return;
  }
  const special = rendered.tokens.filter((token) => token.special).map(({ id, text }) => `${text} (${id})`);
  tell(
    `system ${rendered.system}, sample ${rendered.sample}: ${rendered.tokenIds.length} tokens, the first ${rendered.prefixLength} shared by all samples`,
  );
  tell(`special tokens: ${special.length > 0 ? special.join(" ") : "none"}`);
  if (Object.keys(rendered.provenance).length === 0) tell("provenance: none");
  else tell(`provenance:\n${stringify(rendered.provenance, { lineWidth: 0 }).trimEnd().replace(/^/gm, "  ")}`);
  for (const note of rendered.notes) tell(`note: ${note}`);
  // Into a file or pipe exactly; on a terminal a prompt may hold what somebody else wrote.
  print(process.stdout.isTTY ? terminalText(rendered.prompt) : rendered.prompt);
}
