import type { Question } from "./questions.js";

/** Texts that would break a page that trusts them. Each is also looked for, literally, in the browser. */
export const hostileTexts = {
  closingScript: "</script><script>window.pwned = 1</script>",
  image: '<img src=x onerror="window.pwned = 2">',
  link: "<a href='javascript:window.pwned=3'>click</a> https://evil.invalid/x.png",
  template: "{{constructor.constructor('window.pwned=4')()}} ${window.pwned=5} <%= 6 %>",
  comment: "<!-- <script> --><!]]>",
  entity: "&lt;b&gt; &amp; &#x3C;",
} as const;

export const nul = "a\u0000b";
export const loneSurrogates = "high \uD83D low \uDE00 end";
export const bidi = "abc \u202Egnp.exe\u202C \u2066x\u2069";

/** Questions and answers made of hostile texts; ids too. */
export function hostileQuestions(): Question[] {
  const all = [
    ...Object.values(hostileTexts),
    nul,
    loneSurrogates,
    bidi,
    "مرحبا بالعالم",
    "你好，世界",
    "👩‍👩‍👧 é e\u0301",
  ];
  return all.map(
    (text, index): Question => ({
      id:
        index === 0
          ? "<b>&\"'/../?x=1#y %2F"
          : index === 1
            ? "__proto__"
            : index === 2
              ? "id \uD800"
              : `hostile ${index}`,
      domain: text,
      kind: "fact",
      text,
      reference: [text],
      aligned: `${text} and ${text}`,
      zeroShot: text,
      urial: text,
    }),
  );
}

/** An answer of `count` tokens. */
export function longQuestion(count: number): Question {
  const words = Array.from({ length: count - 1 }, (_, i) =>
    i % 17 === 16 ? "." : i % 40 === 39 ? "\n" : ` word`,
  ).join("");
  return {
    id: "long",
    domain: "length",
    kind: "fact",
    text: "Say it at length.",
    reference: [],
    aligned: words,
    zeroShot: "word",
    urial: "word",
  };
}

/** One token of 20,000 characters without a break. */
export function hugeTokenQuestion(): Question {
  return {
    id: "huge",
    domain: "length",
    kind: "fact",
    text: "x".repeat(5000),
    reference: [],
    aligned: `a ${"z".repeat(20000)} b`,
    zeroShot: "z",
    urial: "z",
  };
}
