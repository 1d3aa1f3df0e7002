import { readFile } from "node:fs/promises";
import { type PluginContext, UnshiftError } from "@unshift/contracts";
import { closest } from "fastest-levenshtein";
import { ChatTemplate } from "./chat-template.js";
import { type NamedTemplate, namedTemplates, type TemplateName, templateNames } from "./named-templates.js";

/** The template that an option names, in place of the model's own. */
export interface ChosenTemplate {
  readonly template: ChatTemplate;
  /** As provenance tells it: the name, the path as written, `inline`. */
  readonly name: string;
  /** System text the models of a named format were trained with. */
  readonly defaultSystem: string | null;
}

/**
 * Reads the option `template`: Jinja text where it holds `{{` or `{%`, the name of a format that comes along, else a path.
 *
 * @throws STRATEGY_TEMPLATE where a file cannot be read, a name is none, or the text does not parse
 */
export async function chosenTemplate(
  written: string,
  context: Pick<PluginContext, "resolvePath">,
): Promise<ChosenTemplate> {
  if (/\{\{|\{%/.test(written)) {
    return { template: new ChatTemplate(written, "the inline template"), name: "inline", defaultSystem: null };
  }
  if (isTemplateName(written)) return namedTemplate(written);
  if (!/[./\\]/.test(written)) {
    throw new UnshiftError(
      "STRATEGY_TEMPLATE",
      `there is no template "${written}"; there are ${templateNames.join(", ")}`,
      {
        hint: `Did you mean "${closest(written, [...templateNames])}"? A Jinja file is named by its path: ./${written}.jinja.`,
      },
    );
  }
  return { template: await templateFile(written, context), name: written, defaultSystem: null };
}

/** A format that comes along. */
export function namedTemplate(name: TemplateName): ChosenTemplate {
  const { source, defaultSystem }: NamedTemplate = namedTemplates[name];
  return { template: new ChatTemplate(source, `the template "${name}"`), name, defaultSystem };
}

async function templateFile(written: string, context: Pick<PluginContext, "resolvePath">): Promise<ChatTemplate> {
  const file = context.resolvePath(written);
  const name = `the template file "${written}"`;
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    const reason = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new UnshiftError("STRATEGY_TEMPLATE", `${name} cannot be read (${reason}): ${file}`, {
      hint: `\`template\` is one of ${templateNames.join(", ")}, the path of a Jinja file (./chat.jinja) relative to the file that names it, or Jinja text.`,
      cause,
    });
  }
  try {
    return new ChatTemplate(new TextDecoder("utf-8", { fatal: true }).decode(bytes), name);
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new UnshiftError("STRATEGY_TEMPLATE", `${name} is not UTF-8`, { where: { file }, cause });
  }
}

function isTemplateName(text: string): text is TemplateName {
  return Object.hasOwn(namedTemplates, text);
}
