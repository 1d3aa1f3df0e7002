import { type AnyContribution, contractVersion, type Plugin, pluginKinds } from "@unshift/contracts";
import { expect, isStorable } from "./expect.js";
import { validateOptions } from "./validate-options.js";

/**
 * Checks the shape of a plugin: name, contract range, ids (with a namespace outside `@unshift`), summaries, factories; that
 * every option of a JSON Schema is described and unknown ones are refused, and that the example fits the schema.
 *
 * @throws AssertionError that says which rule was broken, where
 */
export async function checkPlugin(plugin: Plugin): Promise<void> {
  expect(typeof plugin === "object" && plugin !== null, "a plugin is an object: export default definePlugin({ … })");
  expect(
    /^(@[a-z0-9._-]+\/)?[a-z0-9._-]+$/.test(plugin.name ?? ""),
    `name is not the name of an npm package: ${JSON.stringify(plugin.name)}`,
  );
  expect(
    /^[\^~]?\d+(\.\d+){0,2}$/.test(plugin.contract ?? ""),
    `contract is not a version range such as "^1": ${JSON.stringify(plugin.contract)}`,
  );
  expect(
    speaks(plugin.contract),
    `contract ${plugin.contract} leaves out ${contractVersion}, the contract this testkit checks: the plugin would be refused`,
  );
  const known = new Set<string>(["name", "contract", ...pluginKinds]);
  for (const key of Object.keys(plugin))
    expect(known.has(key), `"${key}" means nothing in a plugin; allowed: ${[...known].join(", ")}`);

  let count = 0;
  for (const kind of pluginKinds) {
    for (const [id, contribution] of Object.entries(plugin[kind] ?? {})) {
      count += 1;
      const of = `${kind} "${id}"`;
      expect(
        /^[a-z0-9][a-z0-9-]*(\/[a-z0-9][a-z0-9-]*)?$/.test(id),
        `${of}: an id is written in small letters, digits and hyphens`,
      );
      expect(
        id.includes("/") || plugin.name.startsWith("@unshift/"),
        `${of}: an id outside @unshift carries a namespace, such as "acme/${id}"`,
      );
      await checkContribution(contribution, of);
    }
  }
  expect(count > 0, `the plugin offers nothing; it may hold ${pluginKinds.join(", ")}`);
}

async function checkContribution(contribution: AnyContribution<unknown>, of: string): Promise<void> {
  const { summary, options, example, create } = contribution;
  expect(
    typeof summary === "string" && summary !== "" && !summary.includes("\n"),
    `${of}: summary is not one line of text`,
  );
  expect(typeof create === "function", `${of}: create is not a function`);
  if (options === undefined) {
    expect(example === undefined, `${of}: an example of options, but no option schema`);
    return;
  }
  if (!("~standard" in options)) {
    expect(options.type === "object", `${of}: the option schema is not one of an object`);
    expect(
      options.additionalProperties === false,
      `${of}: unknown options are not refused (additionalProperties: false)`,
    );
    for (const [name, property] of Object.entries(options.properties)) {
      expect(
        typeof property.description === "string" && property.description !== "",
        `${of}: option "${name}" has no description`,
      );
    }
  }
  if (example === undefined) return;
  expect(isStorable(example), `${of}: the example cannot be written in an experiment file`);
  try {
    await validateOptions(options, example);
  } catch (error) {
    expect(
      false,
      `${of}: the example does not fit its own schema: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** Whether a range of the form above holds the contract that is spoken here. */
function speaks(range: string): boolean {
  const [major, minor = 0] = range
    .replace(/^[\^~]/, "")
    .split(".")
    .map(Number);
  const [ownMajor, ownMinor = 0] = contractVersion.split(".").map(Number);
  if (major !== ownMajor) return false;
  return range.startsWith("^") ? minor <= ownMinor : !range.includes(".") || minor === ownMinor;
}
