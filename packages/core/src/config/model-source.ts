import type { ErrorCode } from "@unshift/contracts";
import { parseHubPath } from "./hub-path.js";
import { resolvePath } from "./resolve-path.js";
import { didYouMean, listed } from "./wording.js";

type ModelSource =
  | { readonly path: string }
  | { readonly code: ErrorCode; readonly message: string; readonly hint: string };

/**
 * The absolute path a model's `path` stands for; a path on the hub stays as it is until a run fetches it. Whether the file exists is the engine's question. `folder` is that of the file
 * that wrote it; `builtin` holds the embedded models by name.
 */
export function modelSource(source: string, folder: string, builtin: Readonly<Record<string, string>>): ModelSource {
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(source)?.[1]?.toLowerCase();
  if (scheme === undefined) return { path: resolvePath(folder, source) };
  const local =
    "Put the file on this machine and write its path, relative to the experiment file: `path: ./models/base.gguf`.";
  if (scheme === "builtin") {
    const name = source.slice("builtin:".length);
    const path = Object.hasOwn(builtin, name) ? builtin[name] : undefined;
    if (path !== undefined) return { path };
    const names = Object.keys(builtin).sort();
    return {
      code: "CONFIG_UNKNOWN_REFERENCE",
      message: `there is no embedded model "${name}". Allowed: ${listed(names.map((each) => `builtin:${each}`))}.${didYouMean(name, names)}`,
      hint: "Every other model is named by the path of its GGUF file.",
    };
  }
  if (scheme === "hf") {
    if (parseHubPath(source)?.file.toLowerCase().endsWith(".gguf")) return { path: source };
    return {
      code: "CONFIG_INVALID",
      message: `"${source}" names no GGUF file on the Hugging Face hub. Wanted: hf:OWNER/REPO/FILE.gguf, with @REVISION behind it for another than main.`,
      hint: "Of a split model any part may be named; all are fetched.",
    };
  }
  return {
    code: "CONFIG_INVALID",
    message: `"${source}" begins with "${scheme}:", which is no source of models. Allowed: builtin:NAME, hf:OWNER/REPO/FILE.gguf, or the path of a GGUF file.`,
    hint: local,
  };
}
