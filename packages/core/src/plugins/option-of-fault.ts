import type { Json, UnshiftError } from "@unshift/contracts";
import type { ConfigPath, Use } from "../config/experiment.js";
import { resolvePath } from "../config/resolve-path.js";

/**
 * Path of the one option that an error of its plugin is about: its text, or the file it stands for, is in the message. That of the
 * whole use where none is, or more than one. So a value of the command line is told from the file that it changed.
 */
export function optionOfFault({ message }: Pick<UnshiftError, "message">, use: Use): ConfigPath {
  const named = stringsIn(use.options, []).filter(({ text }) => {
    const file = resolvePath(use.folders?.[text] ?? use.folder, text);
    return (
      message.includes(JSON.stringify(text)) ||
      message.includes(JSON.stringify(text.replace(/^builtin:/, ""))) ||
      (text.includes("/") && message.includes(file))
    );
  });
  const [only, ...others] = named;
  return only === undefined || others.length > 0 ? use.path : [...use.path, ...only.path];
}

function stringsIn(value: Json, path: ConfigPath): { readonly text: string; readonly path: ConfigPath }[] {
  if (typeof value === "string") return value === "" ? [] : [{ text: value, path }];
  if (typeof value !== "object" || value === null) return [];
  const children: [string | number, Json][] = Array.isArray(value)
    ? value.map((child: Json, index): [number, Json] => [index, child])
    : Object.entries(value);
  return children.flatMap(([key, child]) => stringsIn(child, [...path, key]));
}
