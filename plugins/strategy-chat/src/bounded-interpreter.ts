import { Interpreter } from "@huggingface/jinja";

/** What a chat template may cost: it comes with a model file, which may be a stranger's. */
export class TemplateBound extends Error {}

/** Steps of the interpreter: a chat of a thousand messages takes some ten thousand. */
const mostSteps = 300_000;
/** Characters of a text while it is made. */
const mostCharacters = 10_000_000;
/** Items of a list. */
export const mostItems = 100_000;

interface Evaluator {
  run(program: unknown): { readonly value: unknown };
  evaluate(statement: unknown, environment: unknown): { readonly value: unknown };
}

// The package's declarations import each other without extensions, so that Node's resolution sees no types.
const Unbounded = Interpreter as unknown as new (environment: unknown) => Evaluator;

/** Jinja's interpreter, which stops at a number of steps and at a length of texts and lists. @throws TemplateBound */
export class BoundedInterpreter extends Unbounded {
  #steps = 0;

  override evaluate(statement: unknown, environment: unknown): { readonly value: unknown } {
    this.#steps += 1;
    if (this.#steps > mostSteps) throw new TemplateBound(`it takes more than ${mostSteps} steps`);
    const result = super.evaluate(statement, environment);
    const { value } = result;
    if (typeof value === "string" && value.length > mostCharacters) {
      throw new TemplateBound(`it makes a text of more than ${mostCharacters} characters`);
    }
    if (Array.isArray(value) && value.length > mostItems) {
      throw new TemplateBound(`it makes a list of more than ${mostItems} items`);
    }
    return result;
  }
}
