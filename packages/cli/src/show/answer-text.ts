import type { ShiftClass } from "@unshift/contracts";
import pc from "picocolors";
import { terminalText } from "../output/terminal-text.js";
import type { ShownPosition } from "./shown-sample.js";

type Dress = Readonly<Record<ShiftClass, (text: string) => string>>;

const { cyan, underline, bold, black, bgYellow } = pc.createColors(true);

/** How a token of a class stands in the answer: by colour and weight, or between marks where there are no colours. */
const coloured: Dress = {
  unshifted: (text) => text,
  marginal: (text) => underline(cyan(text)),
  shifted: (text) => bold(black(bgYellow(text))),
};
const marked: Dress = {
  unshifted: (text) => text,
  marginal: (text) => `‹${text}›`,
  shifted: (text) => `«${text}»`,
};

/** The line that explains the marks. */
export function classLegend(colours = pc.isColorSupported): string {
  const dress = colours ? coloured : marked;
  return `${dress.unshifted("unshifted")}  ${dress.marginal("marginal")}  ${dress.shifted("shifted")}`;
}

/** The tokens of an answer as text, each in the dress of its class. The space before a word stays outside; a line end shows as ⏎. */
export function answerText(
  positions: readonly Pick<ShownPosition, "text" | "class">[],
  colours = pc.isColorSupported,
): string {
  const dress = colours ? coloured : marked;
  return positions
    .map(({ text, class: shiftClass }) =>
      shiftClass === "unshifted" ? terminalText(text) : token(terminalText(text), dress[shiftClass]),
    )
    .join("");
}

/** A token of which even blanks and line ends can be seen. */
function token(text: string, dress: (text: string) => string): string {
  const [space = ""] = /^ */.exec(text) ?? [];
  const rest = text.slice(space.length);
  if (rest === "") return dress("␣".repeat(space.length));
  const lines = /\n+$/.exec(rest)?.[0] ?? "";
  const words = rest.slice(0, rest.length - lines.length).replaceAll("\n", "⏎");
  return `${space}${dress(words + "⏎".repeat(lines.length))}${lines}`;
}
