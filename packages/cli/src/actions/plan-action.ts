import { planExperiment } from "@unshift/core";
import { interruptSignal } from "../interrupt.js";
import { bytes } from "../output/format.js";
import { print, printJson } from "../output/print.js";
import { textTable } from "../output/text-table.js";
import { type ExperimentArguments, pluginRegistry, readExperiment, runServices } from "../run-services.js";

export async function planAction(
  args: ExperimentArguments & { readonly json: boolean; readonly verbose: boolean },
): Promise<void> {
  const loaded = await readExperiment(args);
  const services = runServices(await pluginRegistry(loaded), {
    verbose: args.verbose,
    signal: interruptSignal(),
    offline: args.offline,
  });
  const plan = await planExperiment(loaded, services).finally(() => services.stop());
  if (args.json) {
    printJson(plan);
    return;
  }
  print(`run folder  ${plan.run}`);
  print();
  print(
    textTable(
      ["system", "items", "cached", "to do", "too long", "failed", "prompt tokens", "shared", "new tokens ≤"],
      Object.entries(plan.systems).map(([id, system]) => [
        id,
        system.items,
        system.cached,
        system.toDo,
        system.tooLong,
        system.failed,
        system.promptTokens,
        system.sharedPromptTokens,
        system.maxNewTokens,
      ]),
    ),
  );
  if (plan.shifts.length > 0) {
    print();
    print(
      textTable(
        ["shift", "items", "cached", "to do"],
        plan.shifts.map((shift) => [`${shift.answers} → ${shift.subject}`, shift.items, shift.cached, shift.toDo]),
      ),
    );
  }
  print();
  print(
    textTable(
      ["model", "weights", "contexts"],
      Object.entries(plan.memory).map(([id, memory]) => [id, bytes(memory.weightsBytes), bytes(memory.contextBytes)]),
    ),
  );
  if (plan.firstPrompt !== null) {
    const { system, sample, tokens, prompt } = plan.firstPrompt;
    print();
    print(`first prompt (${system}, sample ${sample}, ${tokens} tokens):`);
    print(prompt);
  }
}
