/**
 * Spellings of the tokens by which chat templates mark turns: a judge model whose template is applied to the prompt would read them
 * as the end of its instructions.
 */
const controlTokens =
  /<\|[^|<>\n]{1,60}\|>|<｜[^｜<>\n]{1,60}｜>|<\/?s>|\[\/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS)\]|<<\/?SYS>>|<(?:start|end)_of_turn>|<\/?(?:bos|eos|pad|unk|im_start|im_end|end_of_text)>/gi;

/** Writes a zero-width space behind their first character: they look the same and are tokens no more. */
export function withoutControlTokens(text: string): string {
  return text.replace(controlTokens, (token) => `${token.slice(0, 1)}\u200B${token.slice(1)}`);
}
