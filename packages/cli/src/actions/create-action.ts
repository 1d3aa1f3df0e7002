import { basename, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { createPlugin } from "../create/create-plugin.js";
import { pluginNames, type TemplateKind } from "../create/plugin-names.js";
import { print, printJson } from "../output/print.js";
import { shellWord } from "../output/shell-word.js";

export async function createAction(args: {
  readonly name: string;
  readonly kind: TemplateKind;
  readonly output?: string | undefined;
  readonly json: boolean;
}): Promise<void> {
  const folder = resolve(args.output ?? basename(pluginNames(args.name, args.kind).package));
  const created = await createPlugin({ name: args.name, kind: args.kind, folder });
  const here = relative(process.cwd(), folder);
  const unshift =
    created.packages === "npm"
      ? "npx unshift"
      : `node ${shellWord(fileURLToPath(new URL("../../../bin/unshift.mjs", import.meta.url)))}`;
  const next = [
    ...(here === "" ? [] : [`cd ${shellWord(here)}`]),
    `${unshift} explain ${created.id} --experiment experiment.yaml`,
    `${unshift} run experiment.yaml`,
    "npm install",
    "npm test",
  ];
  if (args.json) {
    printJson({ ...created, next });
    return;
  }
  print(`${created.package}: the ${created.kind} "${created.id}" in ${folder}`);
  for (const file of created.files) print(`  ${file}`);
  print();
  print("Next:");
  for (const command of next) print(`  ${command}`);
}
