// A strategy as somebody outside would write it: one file, no dependency.
interface Sample {
  readonly messages: readonly { readonly content: string }[];
}

export default {
  name: "acme-terse",
  contract: "^1",
  strategies: {
    "acme/terse": {
      summary: "Asks for few words",
      options: {
        type: "object",
        properties: { words: { type: "integer", minimum: 1, default: 5, description: "Words asked for." } },
        additionalProperties: false,
      },
      create: ({ words }: { words: number }) => ({
        build: (sample: Sample) => ({
          text: `Answer in ${words} words.\n\nQ: ${sample.messages.at(-1)?.content}\nA:`,
          parseSpecial: false,
          bos: "auto",
          staticChars: `Answer in ${words} words.\n\nQ: `.length,
          stop: ["\nQ:"],
          provenance: { words },
        }),
      }),
    },
  },
};
