import { type GrammarRules, literal } from "./grammar-rules.js";

export interface Member {
  readonly key: string;
  /** What its value is spelled by. */
  readonly value: string;
  readonly required: boolean;
}

/** An object with these members in this order; those not required may be left out. */
export function objectRule(rules: GrammarRules, members: readonly Member[]): string {
  const spelled = members.map(({ key, value }) => `${literal(`${JSON.stringify(key)}:`)} ${value}`);
  // tails[i]: members behind the i-th.
  const tails: string[] = [""];
  for (const [index, member] of Array.from(members.entries()).slice(1).toReversed()) {
    const one = `"," ${spelled[index]}`;
    tails.unshift(rules.rule(`${member.required ? one : `(${one})?`} ${tails[0]}`.trim()));
  }
  // Any of the leading members that may be left out can be the first one there is.
  const firstRequired = members.findIndex((member) => member.required);
  const firsts = spelled.slice(0, firstRequired < 0 ? members.length : firstRequired + 1);
  const alternatives = firsts.map((member, index) => `${member} ${tails[index]}`.trim());
  const inside = alternatives.length === 0 ? "" : `(${alternatives.join(" | ")})${firstRequired < 0 ? "?" : ""} `;
  return rules.rule(`"{" ${inside}"}"`);
}
