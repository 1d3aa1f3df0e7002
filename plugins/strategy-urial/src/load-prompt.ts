import { readFile } from "node:fs/promises";
import { type PluginContext, UnshiftError } from "@unshift/contracts";
import { closest } from "fastest-levenshtein";
import { parsePromptFile, type UrialPrompt } from "./prompt-file.js";
import { type RendererName, rendererOf } from "./renderer.js";

/** Prompts that come with the package, by the name after `builtin:`. */
export const builtinPrompts = ["k0", "k1", "k3", "k8"] as const;

export interface LoadedPrompt {
  readonly prompt: UrialPrompt;
  readonly renderer: RendererName;
}

/**
 * Reads the prompt an option names (`builtin:k3`, or a path relative to the file that holds the option) and settles how chats are
 * written behind it: as the file writes its own examples, where `renderer` does not say otherwise.
 *
 * @throws PROMPT_FILE
 */
export async function loadPrompt(
  name: string,
  renderer: RendererName | "auto",
  context: Pick<PluginContext, "resolvePath" | "log">,
): Promise<LoadedPrompt> {
  const builtin = name.startsWith("builtin:");
  const file = builtin ? builtinFile(name.slice("builtin:".length)) : context.resolvePath(name);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    const reason = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new UnshiftError("PROMPT_FILE", `the prompt file "${name}" cannot be read (${reason}): ${String(file)}`, {
      hint: `Paths are relative to the file that names them. Prompts that come along: ${names()}.`,
      cause,
    });
  }
  const prompt = parsePromptFile(bytes, builtin ? name : String(file));
  const chosen = renderer !== "auto" ? renderer : builtin ? "unified" : rendererOf(prompt.format);
  for (const remark of prompt.remarks) context.log("warn", `the prompt file "${name}", ${remark}`);
  if (prompt.format !== "none" && chosen !== prompt.format) {
    context.log(
      "warn",
      `the prompt file "${name}" writes its examples as "${prompt.format}", questions are written as "${chosen}"`,
    );
  }
  if (chosen === "unified" && !prompt.text.endsWith("\n")) {
    context.log(
      "warn",
      `the prompt file "${name}" does not end with a newline: its last line and the next heading stand close together`,
    );
  }
  return { prompt, renderer: chosen };
}

function builtinFile(name: string): URL {
  if (!builtinPrompts.some((known) => known === name)) {
    throw new UnshiftError("PROMPT_FILE", `there is no prompt "builtin:${name}"; there are ${names()}`, {
      hint: `Did you mean "builtin:${closest(name, [...builtinPrompts])}"?`,
    });
  }
  return new URL(`prompts/${name}.txt`, packageFolder);
}

/** This file stands in `dist/src` of the package. */
const packageFolder = new URL("../../", import.meta.url);

function names(): string {
  return builtinPrompts.map((name) => `builtin:${name}`).join(", ");
}
