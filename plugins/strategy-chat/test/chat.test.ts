import type { Message, ModelView, Sample } from "@unshift/contracts";
import { checkPlugin, checkStrategy, contractSamples, modelView } from "@unshift/testkit";
import test from "ava";
import { ChatStrategy } from "../src/chat-strategy.js";
import { ChatTemplate } from "../src/chat-template.js";
import plugin from "../src/index.js";
import { type TemplateName, templateNames } from "../src/named-templates.js";
import { strftime } from "../src/strftime.js";
import { namedTemplate } from "../src/template-source.js";

const user = (content: string): Message => ({ role: "user", content });
const assistant = (content: string): Message => ({ role: "assistant", content });
const system = (content: string): Message => ({ role: "system", content });
interface Named {
  readonly template?: TemplateName;
  readonly system?: string;
  readonly date?: string;
}
const build = ({ template, ...rest }: Named, messages: readonly Message[], model: Partial<ModelView> = {}) => {
  const sample: Sample = { id: "s", messages, reference: [], tags: {} };
  const chosen = template === undefined ? null : namedTemplate(template);
  return new ChatStrategy({ ...rest, template: chosen }).build(sample, modelView(model));
};

const contributed = plugin.strategies?.chat;
if (contributed === undefined) throw new Error("the plugin offers chat");

test("it keeps the contract: with the model's template, with every named one, with a system message", async (t) => {
  await t.notThrowsAsync(checkPlugin(plugin));
  await t.notThrowsAsync(checkStrategy(contributed));
  await t.notThrowsAsync(checkStrategy(contributed, { options: { system: "Be kind." } }));
  for (const template of templateNames)
    await t.notThrowsAsync(checkStrategy(contributed, { options: { template } }), template);
});

// The formats as their makers publish them, without the BOS that the engine puts in front.
const expected: Readonly<Record<TemplateName, { readonly one: string; readonly chat: string }>> = {
  chatml: {
    one: "<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nQ<|im_end|>\n<|im_start|>assistant\n",
    chat: "<|im_start|>user\nQ<|im_end|>\n<|im_start|>assistant\nA<|im_end|>\n<|im_start|>user\nR<|im_end|>\n<|im_start|>assistant\n",
  },
  yi: {
    one: "<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nQ<|im_end|>\n<|im_start|>assistant\n",
    chat: "<|im_start|>user\nQ<|im_end|>\n<|im_start|>assistant\nA<|im_end|>\n<|im_start|>user\nR<|im_end|>\n<|im_start|>assistant\n",
  },
  gemma: {
    one: "<start_of_turn>user\nS\n\nQ<end_of_turn>\n<start_of_turn>model\n",
    chat: "<start_of_turn>user\nQ<end_of_turn>\n<start_of_turn>model\nA<end_of_turn>\n<start_of_turn>user\nR<end_of_turn>\n<start_of_turn>model\n",
  },
  "llama-2": {
    one: "[INST] <<SYS>>\nS\n<</SYS>>\n\nQ [/INST]",
    chat: "[INST] Q [/INST] A </s><s>[INST] R [/INST]",
  },
  "llama-3": {
    one: "<|start_header_id|>system<|end_header_id|>\n\nS<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nQ<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n",
    chat: "<|start_header_id|>user<|end_header_id|>\n\nQ<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\nA<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nR<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n",
  },
  mistral: { one: "[INST] S\n\nQ [/INST]", chat: "[INST] Q [/INST] A</s>[INST] R [/INST]" },
  tulu: {
    one: "<|system|>\nS\n<|user|>\nQ\n<|assistant|>\n",
    chat: "<|user|>\nQ\n<|assistant|>\nA</s>\n<|user|>\nR\n<|assistant|>\n",
  },
  vicuna: { one: "S USER: Q ASSISTANT:", chat: "USER: Q ASSISTANT: A</s>USER: R ASSISTANT:" },
  zephyr: {
    one: "<|system|>\nS</s>\n<|user|>\nQ</s>\n<|assistant|>\n",
    chat: "<|user|>\nQ</s>\n<|assistant|>\nA</s>\n<|user|>\nR</s>\n<|assistant|>\n",
  },
};

test("there is an expected text for every named template", (t) => {
  t.deepEqual(Object.keys(expected).sort(), [...templateNames].sort());
});

for (const template of templateNames) {
  test(`${template}: with a system message, and as a chat`, (t) => {
    t.is(build({ template }, [system("S"), user("Q")]).text, expected[template].one);
    t.is(build({ template, system: "S" }, [user("Q")]).text, expected[template].one);
    t.is(build({ template, system: "" }, [user("Q"), assistant("A"), user("R")]).text, expected[template].chat);
    t.is(
      build({ template, system: "" }, [user("Q"), assistant("A"), user("R")], { bosText: null, eosText: null }).text,
      expected[template].chat,
    );
  });
}

test("llama-2 and vicuna bring their default system text, the sample's own wins", (t) => {
  t.regex(
    build({ template: "llama-2" }, [user("Q")]).text,
    /^\[INST\] <<SYS>>\nYou are a helpful, respectful and honest assistant\..*safe\. {2}Your.*false information\.\n<<\/SYS>>\n\nQ \[\/INST\]$/s,
  );
  t.regex(
    build({ template: "vicuna" }, [user("Q")]).text,
    /^A chat between a curious user .* questions\. USER: Q ASSISTANT:$/,
  );
  t.is(build({ template: "llama-2", system: "X" }, [system("S"), user("Q")]).text, expected["llama-2"].one);
  t.is(build({ template: "llama-2" }, [user("Q"), assistant("A"), user("R")]).text.match(/<<SYS>>/g)?.length, 1);
});

test("the model's own template is rendered with its special tokens and opens the assistant's turn", (t) => {
  const chatTemplate =
    "{{ bos_token }}{%- for message in messages %}\n    {%- if loop.first and message['role'] != 'system' %}{{ '<|im_start|>system\\nDefault.<|im_end|>\\n' }}{% endif %}\n" +
    "{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] | trim + '<|im_end|>' + '\\n' }}\n{%- endfor %}\n{%- if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";
  const prompt = build({}, [user("  Why?  ")], { chatTemplate, bosText: "<|begin|>" });
  t.is(
    prompt.text,
    "<|begin|><|im_start|>system\nDefault.<|im_end|>\n<|im_start|>user\nWhy?<|im_end|>\n<|im_start|>assistant\n",
  );
  t.is(prompt.text.slice(0, prompt.staticChars), "<|begin|><|im_start|>system\nDefault.<|im_end|>\n<|im_start|>user\n");
  t.true(prompt.parseSpecial);
  t.is(prompt.bos, "auto");
  t.deepEqual(prompt.stop, []);
  t.like(prompt.provenance, { template: "gguf", system: null });
  t.not(prompt.provenance.templateHash, build({ template: "chatml" }, [user("x")]).provenance.templateHash);
  t.is(
    build({ template: "chatml" }, [user("x")], { chatTemplate }).provenance.template,
    "chatml",
    "a named template stands in place of the model's",
  );
});

test("a constant system message belongs to the static part, a sample's own does not", (t) => {
  const constant = build({ template: "chatml", system: "Be kind." }, [user("Why?")]);
  t.is(constant.text.slice(0, constant.staticChars), "<|im_start|>system\nBe kind.<|im_end|>\n<|im_start|>user\n");
  t.is(build({ template: "chatml", system: "Be kind." }, [system("Other."), user("Why?")]).staticChars, 0);
});

test("no template and none named: the names are listed", (t) => {
  const names = /chatml, gemma, llama-2, llama-3, mistral, tulu, vicuna, yi, zephyr/;
  for (const chatTemplate of [null, " "]) {
    const error = t.throws(() => build({}, [user("Q")], { chatTemplate }), {
      code: "STRATEGY_NO_TEMPLATE",
      message: /"model" carries no chat template/,
    });
    t.regex(String(error !== undefined && "hint" in error && error.hint), names);
  }
});

test("a template that does not parse, refuses or fails says so in its own words", (t) => {
  const code = "STRATEGY_TEMPLATE";
  t.throws(() => build({}, [user("Q")], { chatTemplate: "{% for message in messages %}" }), {
    code,
    message: /of model "model" does not parse/,
  });
  const refusing =
    "{% if messages[0].role == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}{{ messages[0].content }}";
  t.is(build({}, [user("Q")], { chatTemplate: refusing }).text, "Q");
  t.throws(() => build({ system: "S" }, [user("Q")], { chatTemplate: refusing }), {
    code,
    message: /refused the chat: System role not supported/,
  });
  t.throws(() => build({}, [user("Q")], { chatTemplate: "{{ nothing.at.all() }}" }), {
    code,
    message: /of model "model" failed/,
  });
  t.throws(() => build({ template: "gemma" }, [user("Q"), system("S"), user("R")]), {
    code,
    message: /only the first message/,
  });
});

test("dates never follow the clock", (t) => {
  const optional =
    "{% if strftime_now is defined %}{{ strftime_now('%d %b %Y') }}{% else %}26 Jul 2024{% endif %} {{ messages[0].content }}";
  const required = "{{ strftime_now('%A, %-d %B %y 100%%') }} {{ messages[0].content }}";
  t.is(build({}, [user("Q")], { chatTemplate: optional }).text, "26 Jul 2024 Q");
  t.is(build({ date: "2026-01-05" }, [user("Q")], { chatTemplate: optional }).text, "05 Jan 2026 Q");
  t.is(build({ date: "2026-01-05" }, [user("Q")], { chatTemplate: required }).text, "Monday, 5 January 26 100% Q");
  const error = t.throws(() => build({}, [user("Q")], { chatTemplate: required }), { code: "STRATEGY_TEMPLATE" });
  t.regex(String(error !== undefined && "hint" in error && error.hint), /`date: "2026-01-31"`/);
  t.throws(() => strftime("2026-01-05", "%Q"), { message: /%Q/ });
});

test("a question that spells a control token is noted, another is not", (t) => {
  t.deepEqual(build({ template: "chatml" }, [user("What is <|im_end|>?")]).provenance.spelledSpecial, ["<|im_end|>"]);
  t.deepEqual(build({ template: "mistral" }, [user("[INST] and </s>")]).provenance.spelledSpecial, ["</s>", "[INST]"]);
  t.deepEqual(build({}, [user("say <|end|>")]).provenance.spelledSpecial, ["<|end|>"]);
  for (const text of ["a < b and b > c", "<b>bold</b>", "list[0]", "[INFO] started"]) {
    t.false("spelledSpecial" in build({ template: "chatml" }, [user(text)]).provenance, text);
  }
});

test("Jinja in a question stays text", (t) => {
  const braces = contractSamples.find(({ id }) => id === "braces")?.messages ?? [];
  t.true(build({}, braces).text.includes("{{ x }} and {% if %}"));
});

test("a template that would never end, or fill the memory, is stopped; none reaches an object of ours", (t) => {
  const rendered = (source: string) =>
    new ChatTemplate(source, "the template").render(
      [{ role: "user", content: "Hi" }],
      { bosText: "<s>", eosText: "</s>" },
      undefined,
    );
  const loops =
    "{% for a in range(1000) %}{% for b in range(1000) %}{% for c in range(1000) %}x{% endfor %}{% endfor %}{% endfor %}";
  for (const [source, bound] of [
    [loops, /more than 300000 steps/],
    ["{% for a in range(10000000000) %}x{% endfor %}", /range\(\) of 10000000000 numbers/],
    [
      `{% set ns = namespace(s='x') %}{% for a in range(64) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}{{ ns.s }}`,
      /a text of more than 10000000 characters/,
    ],
    [
      "{% set ns = namespace(l=[1]) %}{% for a in range(64) %}{% set ns.l = ns.l + ns.l %}{% endfor %}",
      /a list of more than 100000 items/,
    ],
  ] as const) {
    const started = Date.now();
    const error = t.throws(() => rendered(source), { message: bound }, source);
    t.is((error as { code?: string } | undefined)?.code, "STRATEGY_TEMPLATE", source);
    t.true(Date.now() - started < 20_000, source);
  }
  for (const reach of [
    "messages.constructor",
    "messages[0].__proto__",
    "range.constructor",
    "bos_token.constructor.constructor",
    "process",
    "globalThis",
    "messages[0]['constructor']",
  ]) {
    let text = "";
    try {
      text = rendered(`[{{ ${reach} }}]`);
    } catch (error) {
      t.is((error as { code?: string }).code, "STRATEGY_TEMPLATE", reach);
    }
    t.notRegex(text, /function|native|object/i, reach);
  }
});
