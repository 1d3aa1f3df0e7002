import type { GrammarRules } from "./grammar-rules.js";

/** A character as JSON spells it, in one way only: as it is, or escaped where it cannot be. Other control characters are left out. */
const character = `[^"\\\\\\x00-\\x1F] | "\\\\" ["\\\\nrt]`;

/** llama.cpp takes repetitions up to 2,000, and makes larger ones endless. */
const chunk = 1000;

/** A JSON string of `least` to `most` characters (code points). */
export function stringRule(rules: GrammarRules, least: number, most: number): string {
  const one = rules.rule(character);
  return rules.rule(`"\\"" ${[...exactly(one, least), ...upTo(one, most - least)].join(" ")} "\\""`);
}

function exactly(one: string, count: number): string[] {
  const whole = Array.from({ length: Math.floor(count / chunk) }, () => `${one}{${chunk}}`);
  return count % chunk === 0 ? whole : [...whole, `${one}{${count % chunk}}`];
}

/** Nested, so that a text is read in one way only. */
function upTo(one: string, count: number): string[] {
  if (count === 0) {
    return [];
  }
  if (count <= chunk) {
    return [`${one}{0,${count}}`];
  }
  return [`(${one}{${chunk}} ${upTo(one, count - chunk).join(" ")} | ${one}{0,${chunk - 1}})`];
}
