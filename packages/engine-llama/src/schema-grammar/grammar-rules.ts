/** GBNF rules under construction; equal bodies share a rule. */
export class GrammarRules {
  private readonly bodies = new Map<string, string>();
  private readonly names = new Map<string, string>();

  /** The name of a rule with this body; of a rule's name, itself. */
  rule(body: string): string {
    if (this.bodies.has(body)) {
      return body;
    }
    let name = this.names.get(body);
    if (name === undefined) {
      name = this.reserve();
      this.define(name, body);
      this.names.set(body, name);
    }
    return name;
  }

  /** A name whose body comes later: what refers to itself. */
  reserve(): string {
    const name = `r${this.bodies.size}`;
    this.bodies.set(name, "");
    return name;
  }

  define(name: string, body: string): void {
    this.bodies.set(name, body);
  }

  /** The whole grammar; `root` is what answers spell. */
  text(root: string): string {
    const rules = Array.from(this.bodies, ([name, body]) => `${name} ::= ${body}\n`);
    return `root ::= ${root}\n${rules.join("")}`;
  }
}

/** A text as GBNF spells it. */
export function literal(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

/** One of some sequences. */
export function either(alternatives: readonly string[]): string {
  return alternatives.length === 1 ? alternatives.join("") : `(${alternatives.join(" | ")})`;
}
