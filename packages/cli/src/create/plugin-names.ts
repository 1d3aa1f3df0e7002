import { UnshiftError } from "@unshift/contracts";

/** What the scaffold of a plugin can be of. */
export const templateKinds = ["strategy", "dataset", "judge"] as const;
export type TemplateKind = (typeof templateKinds)[number];

/** Names the templates go by: what is replaced, and the id a plugin gets that names none. */
export const templateNames = {
  package: "unshift-plugin-acme",
  ids: { strategy: "acme/dialogue", dataset: "acme/questions", judge: "acme/brevity" },
} as const satisfies { package: string; ids: Readonly<Record<TemplateKind, string>> };

export interface PluginNames {
  /** npm name. */
  readonly package: string;
  /** Id of the contribution, with its namespace. */
  readonly id: string;
}

/** An npm name, or the same with a namespace in place of the scope. */
const wanted = /^(@?[a-z0-9][a-z0-9._~-]*\/)?[a-z0-9][a-z0-9._~-]*$/;
const idForm = /^[a-z0-9][a-z0-9-]*\/[a-z0-9][a-z0-9-]*$/;

/**
 * npm name and id of a plugin: `acme/terse` → unshift-plugin-acme-terse; `unshift-plugin-acme-terse`, `@acme/unshift-terse` and
 * other npm names stay and give the id acme/terse; `acme` is unshift-plugin-acme with the template's own id. Throws CREATE_TARGET.
 */
export function pluginNames(name: string, kind: TemplateKind): PluginNames {
  const parts = name.replace(/^@/, "").split("/");
  const words = (parts.at(-1) ?? "").split(/[._~-]+/);
  while (words[0] === "unshift" || words[0] === "plugin") words.shift();
  const namespace = (parts.length > 1 ? parts[0] : words.shift())?.replaceAll(/[._~]/g, "-") ?? "";
  const id = `${namespace}/${words.join("-") || templateNames.ids[kind].slice("acme/".length)}`;
  const isPackage = name.startsWith("@") || name.startsWith("unshift-");
  const npmName = isPackage ? name : `unshift-plugin-${[namespace, ...words].join("-")}`;
  if (!wanted.test(name) || !idForm.test(id) || npmName.length > 214) {
    throw new UnshiftError(
      "CREATE_TARGET",
      `${JSON.stringify(name)} cannot name a plugin. Wanted: small letters, digits and hyphens, with a namespace of your own.`,
      { hint: "Such as acme/my-method, unshift-plugin-acme or @acme/unshift-my-method." },
    );
  }
  if (namespace === "unshift") {
    throw new UnshiftError("CREATE_TARGET", `${JSON.stringify(name)}: the namespace "unshift" is taken.`, {
      hint: "Use a name of your own, such as acme/my-method.",
    });
  }
  return { package: npmName, id };
}
