import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { type PluginContext, UnshiftError } from "@unshift/contracts";

/** A prompt of the user's own, with placeholders for the texts of an item. */
export interface Template {
  /** Hash of the file: part of the judge's version. */
  readonly sha256: string;
  /** Whether a placeholder stands in it. */
  shows(name: string): boolean;
  fill(values: Readonly<Record<string, string>>): string;
}

/**
 * Reads a template. Placeholders are `{{name}}`, or as released ones of just-eval have them `$name` and `${name}` (`$$` is a
 * dollar sign): a file is of the second kind where it holds no `{{`. What is put in is not looked at again.
 *
 * @param names placeholders there are
 * @param needed one of each group must stand in it
 * @throws PROMPT_FILE
 */
export async function readTemplate(
  path: string,
  names: readonly string[],
  needed: readonly (readonly string[])[],
  context: PluginContext,
): Promise<Template> {
  const file = context.resolvePath(path);
  let text: string;
  try {
    text = (await readFile(file, "utf8")).replace(/^\uFEFF/, "");
  } catch (cause) {
    throw new UnshiftError("PROMPT_FILE", `the template cannot be read: ${reasonOf(cause)}`, {
      where: { file },
      cause,
    });
  }
  const braces = text.includes("{{");
  const pattern = braces ? /\{\{\s*([A-Za-z_]\w*)\s*\}\}/g : /\$(?:(\$)|\{(\w+)\}|([A-Za-z_]\w*))/g;
  const found = [...text.matchAll(pattern)].map((match) => ({
    name: match.slice(1).find((part) => part !== undefined) ?? "",
    at: match.index,
  }));
  for (const { name, at } of found) {
    // A dollar sign before another word is one ("$PATH"), as nobody can know what was meant by it.
    if (!braces || names.includes(name)) continue;
    const line = text.slice(0, at).split("\n").length;
    throw new UnshiftError("PROMPT_FILE", `{{${name}}} is no placeholder. There are: ${names.join(", ")}`, {
      where: { file, line },
    });
  }
  for (const group of needed) {
    if (found.some(({ name }) => group.includes(name))) continue;
    const spelt = group.map((name) => `{{${name}}}`).join(" or ");
    throw new UnshiftError("PROMPT_FILE", `the template has no ${spelt}, so it would not show what is judged`, {
      where: { file },
      hint: `Placeholders: ${names.join(", ")}.`,
    });
  }
  return {
    sha256: createHash("sha256").update(text).digest("hex"),
    shows: (name) => found.some((placeholder) => placeholder.name === name),
    fill: (values) =>
      text.replace(pattern, (whole: string, ...groups: (string | undefined)[]) => {
        const name = groups.slice(0, braces ? 1 : 3).find((part) => part !== undefined) ?? "";
        if (!braces && name === "$") return "$";
        return names.includes(name) ? (values[name] ?? "") : whole;
      }),
  };
}

function reasonOf(cause: unknown): string {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
  return code === "ENOENT" ? "the file does not exist" : code === "EISDIR" ? "the path names a folder" : code;
}
