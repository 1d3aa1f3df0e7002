/** A chat format for models whose file carries no template. */
export interface NamedTemplate {
  /** Jinja; BOS is left out, the engine puts it in front. */
  readonly source: string;
  /** System text the models of this format were trained with and get where nothing else is said. */
  readonly defaultSystem: string | null;
}

/** Keeps a leading system text until the first user turn, for formats without a system turn of their own. */
const keepSystem =
  "{% if message.role == 'system' %}{% if not loop.first %}{{ raise_exception('only the first message may be a system message') }}{% endif %}" +
  "{% set kept.system = message.content %}";

/** A loop in which `fold` writes a user turn (the kept system text is in `kept.system`) and `reply` an assistant turn. */
function folding(fold: string, reply: string, opening = ""): string {
  return (
    `{% set kept = namespace(system='') %}{% for message in messages %}${keepSystem}` +
    `{% elif message.role == 'user' %}{{ ${fold} }}{% set kept.system = '' %}` +
    `{% else %}{{ ${reply} }}{% endif %}{% endfor %}${opening}`
  );
}

/** A loop that writes every turn alike. */
function turns(turn: string, opening: string): NamedTemplate {
  return { source: `{% for message in messages %}{{ ${turn} }}{% endfor %}{{ ${opening} }}`, defaultSystem: null };
}

const eos = "(eos_token or '</s>')";
const bos = "(bos_token or '<s>')";

const chatml = turns(
  String.raw`'<|im_start|>' + message.role + '\n' + message.content + '<|im_end|>\n'`,
  String.raw`'<|im_start|>assistant\n'`,
);

/** Meta's default, part of the format: two spaces behind "safe." included. */
const llama2System =
  "You are a helpful, respectful and honest assistant. Always answer as helpfully as possible, while being safe.  Your answers should not include any harmful, unethical, racist, sexist, toxic, dangerous, or illegal content. Please ensure that your responses are socially unbiased and positive in nature.\n\nIf a question does not make any sense, or is not factually coherent, explain why instead of answering something not correct. If you don't know the answer to a question, please don't share false information.";

const vicunaSystem =
  "A chat between a curious user and an artificial intelligence assistant. The assistant gives helpful, detailed, and polite answers to the user's questions.";

/** Names for the option `template`. */
export const namedTemplates = {
  chatml,
  gemma: {
    source: folding(
      String.raw`'<start_of_turn>user\n' + (kept.system + '\n\n' if kept.system else '') + message.content.strip() + '<end_of_turn>\n'`,
      String.raw`'<start_of_turn>model\n' + message.content.strip() + '<end_of_turn>\n'`,
      String.raw`{{ '<start_of_turn>model\n' }}`,
    ),
    defaultSystem: null,
  },
  "llama-2": {
    source: folding(
      String.raw`('' if loop.first or kept.system else ${bos}) + '[INST] ' + ('<<SYS>>\n' + kept.system + '\n<</SYS>>\n\n' if kept.system else '') + message.content.strip() + ' [/INST]'`,
      `' ' + message.content.strip() + ' ' + ${eos}`,
    ),
    defaultSystem: llama2System,
  },
  "llama-3": turns(
    String.raw`'<|start_header_id|>' + message.role + '<|end_header_id|>\n\n' + message.content.strip() + '<|eot_id|>'`,
    String.raw`'<|start_header_id|>assistant<|end_header_id|>\n\n'`,
  ),
  mistral: {
    source: folding(
      String.raw`'[INST] ' + (kept.system + '\n\n' if kept.system else '') + message.content + ' [/INST]'`,
      `' ' + message.content + ${eos}`,
    ),
    defaultSystem: null,
  },
  tulu: turns(
    String.raw`'<|' + message.role + '|>\n' + message.content + (${eos} if message.role == 'assistant' else '') + '\n'`,
    String.raw`'<|assistant|>\n'`,
  ),
  vicuna: {
    source: folding(
      "(kept.system + ' ' if kept.system else '') + 'USER: ' + message.content + ' '",
      `'ASSISTANT: ' + message.content + ${eos}`,
      "ASSISTANT:",
    ),
    defaultSystem: vicunaSystem,
  },
  yi: chatml,
  zephyr: turns(
    String.raw`'<|' + message.role + '|>\n' + message.content + ${eos} + '\n'`,
    String.raw`'<|assistant|>\n'`,
  ),
} as const satisfies Record<string, NamedTemplate>;

export type TemplateName = keyof typeof namedTemplates;
export const templateNames = Object.keys(namedTemplates) as readonly TemplateName[];
