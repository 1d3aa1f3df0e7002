/** Texts that break careless code: every judge meets some of them in a long run. */
export const oddTexts: Readonly<Record<string, string>> = {
  "an empty text": "",
  "blanks only": " \n\t\r\n ",
  "a lone surrogate": "broken \uD83D text \uDE00",
  "NUL and other controls": "a\u0000b\u0007\u001B[31mred\u001B[0m",
  "right-to-left marks": "\u202Eabc\u202C \u2066def\u2069 \u200F",
  "combining marks": `e${"\u0301".repeat(2000)}`,
  "a closing fence": "```python\nprint('hi')\n```\n```",
  markup: "<script>alert(1)</script> & &amp; {{ x }} {% raw %}",
  "100,000 characters of words": "I am not sure but ".repeat(5556).slice(0, 100_000),
  "100,000 times one letter": "a".repeat(100_000),
  "100,000 blanks": " ".repeat(100_000),
  "100,000 digits and separators": "1,".repeat(50_000),
};
