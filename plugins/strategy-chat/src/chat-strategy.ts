import {
  type Message,
  type ModelView,
  type Prompt,
  type Sample,
  type Strategy,
  UnshiftError,
} from "@unshift/contracts";
import { ChatTemplate } from "./chat-template.js";
import { templateNames } from "./named-templates.js";
import { controlSpellings, spelledIn } from "./spelled-special.js";
import type { ChosenTemplate } from "./template-source.js";

export interface ChatSettings {
  /** For models without a template of their own, or in its place. */
  readonly template: ChosenTemplate | null;
  /** System message of samples that bring none; "" for none, also where the format has a default. */
  readonly system?: string | undefined;
  /** The day a template may write, ISO. */
  readonly date?: string | undefined;
}

/** Everything about a model's template that does not depend on the sample. */
interface Prepared {
  readonly template: ChatTemplate;
  /** Text before the first character that depends on the question. */
  readonly opening: string;
  readonly spellings: readonly string[];
}

/** The aligned side of the paper: the model's official chat template (arXiv 2312.01552, §2.1). */
export class ChatStrategy implements Strategy {
  readonly #settings: ChatSettings;
  readonly #system: string | null;
  /** By template text and special tokens. Holds what any build would compute again, nothing of the samples. */
  readonly #prepared = new Map<string, Prepared>();

  constructor(settings: ChatSettings) {
    this.#settings = settings;
    this.#system = settings.system ?? settings.template?.defaultSystem ?? null;
  }

  /** @throws STRATEGY_NO_TEMPLATE, STRATEGY_TEMPLATE */
  build(sample: Sample, model: ModelView): Prompt {
    const { template, opening, spellings } = this.#prepare(model);
    const messages = this.#withSystem(sample.messages);
    const text = template.render(messages, model, this.#settings.date);
    const spelledSpecial = spelledIn(sample.messages, spellings);
    return {
      text,
      parseSpecial: true,
      bos: "auto",
      staticChars: text.startsWith(opening) ? opening.length : 0,
      stop: [],
      provenance: {
        template: this.#settings.template?.name ?? "gguf",
        templateHash: template.hash,
        system: messages[0]?.role === "system" ? messages[0].content : null,
        ...(spelledSpecial.length > 0 ? { spelledSpecial } : {}),
      },
    };
  }

  #withSystem(messages: readonly Message[]): readonly Message[] {
    if (this.#system === null || this.#system === "" || messages[0]?.role === "system") return messages;
    return [{ role: "system", content: this.#system }, ...messages];
  }

  #prepare(model: ModelView): Prepared {
    const chosen = this.#settings.template?.template;
    const source = chosen?.source ?? ownSource(model);
    const key = JSON.stringify([source, model.bosText, model.eosText]);
    const known = this.#prepared.get(key);
    if (known !== undefined) return known;
    const template = chosen ?? new ChatTemplate(source, `the chat template of model "${model.name}"`);
    const render = (content: string) =>
      template.render(this.#withSystem([{ role: "user", content }]), model, this.#settings.date);
    // Two questions that differ from their first character on: what both prompts begin with is there for every question.
    const [one, two] = [render("A"), render("z")];
    let shared = 0;
    while (shared < one.length && one[shared] === two[shared]) shared += 1;
    const prepared: Prepared = {
      template,
      opening: one.slice(0, shared),
      spellings: controlSpellings(source, one, model),
    };
    this.#prepared.set(key, prepared);
    return prepared;
  }
}

function ownSource(model: ModelView): string {
  if (model.chatTemplate !== null && model.chatTemplate.trim() !== "") return model.chatTemplate;
  throw new UnshiftError("STRATEGY_NO_TEMPLATE", `model "${model.name}" carries no chat template and none was named`, {
    hint: `Name the format it was trained with: strategy: { use: chat, template: … }, one of ${templateNames.join(", ")}, or a Jinja file. For a base model use zero-shot or urial.`,
  });
}
