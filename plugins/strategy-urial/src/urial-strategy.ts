import type { Prompt, Sample, Strategy } from "@unshift/contracts";
import type { UrialPrompt } from "./prompt-file.js";
import { type RendererName, renderers } from "./renderer.js";

/**
 * URIAL (arXiv 2312.01552, §3): the same system text and K restyled examples before every question. Earlier turns of a chat
 * are appended as further examples.
 *
 * @param name as the user wrote it: `builtin:k3`
 */
export function urialStrategy(prompt: UrialPrompt, name: string, renderer: RendererName): Strategy {
  const { chat, opening, stop, trimEnd } = renderers[renderer];
  const provenance = {
    prompt: name,
    sha256: prompt.sha256,
    k: prompt.examples.length,
    renderer,
    exampleQueries: prompt.examples.map(({ query }) => query),
    ...(prompt.remarks.length > 0 ? { remarks: prompt.remarks } : {}),
  };
  return {
    build(sample: Sample): Prompt {
      const begins = sample.messages[0]?.role === "user" ? opening : "";
      return {
        text: prompt.text + chat(sample.messages),
        parseSpecial: false,
        bos: "auto",
        staticChars: prompt.text.length + begins.length,
        stop,
        trimEnd,
        provenance,
      };
    },
  };
}
