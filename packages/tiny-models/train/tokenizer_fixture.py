"""Documents and their ids by the training tokenizer (no BOS): python tokenizer_fixture.py ../test/fixtures/tokenizer.jsonl"""
import itertools
import json
import sys
from pathlib import Path

from corpus import documents
from tokens import load

HAND = [
    "", " ", "  ", "\n", "\n\n", "\n\n\n", "\t", " \n ", "a", " a", "a ", "  a  ", "\r\n", "a\r\nb\r\n", "a\n\n\nb", "   leading", "trailing   ", "mid   dle", "tab\tbetween\t\ttabs",
    "Hello, world!", "I'm sure you'll say it's fine; they've gone, we'd know, he isn't.", "I'M SURE IT'S FINE", "don''t ''quote''", "“Curly” ‘quotes’ — and – dashes… done",
    "Brasília, Les Misérables, René Laennec, Charlotte Brontë, Sagrada Família", "naïve café façade coöperate", "ÀÉÎÕÜ ßẞ æøå ŁódŹ", "e\u0301 combining vs é composed", "Ünïcödé ﬁ ligature",
    "Ελληνικά κείμενο", "Русский текст", "עברית מימין לשמאל", "نص عربي", "हिन्दी पाठ", "ภาษาไทย", "日本語のテキスト", "中文文本，标点。", "한국어 텍스트", "東京タワー is in Tokyo",
    "🙂", "🙂🙂🙂", "👍🏽 ok", "👩‍👩‍👧‍👦 family", "❤️ heart", "🇫🇷🇯🇵 flags", "a🙂b", "emoji at the end 🎉", "🏳️‍🌈", "½ ¼ ² ³ ① Ⅷ", "x² + y² = z²", "∑ ∫ √ ≤ ≥ ≠ ∞", "€ £ ¥ ₹ $", "© ® ™ § ¶ †",
    "0", "7", "42", "1876", "1,234,567.89", "3.14159", "2026-11-22", "v1.2.3-beta+4", "12ab34cd", "0x1F 0b101 1e-9", "١٢٣", "１２３ full-width",
    "def f(x):\n    return x ** 2\n", "for (let i = 0; i < n; i++) {\n\tconsole.log(`i=${i}`);\n}", "<div class=\"a b\">text</div>", "SELECT * FROM t WHERE a != 'b';", "#include <stdio.h>\nint main(void) { return 0; }",
    "{\"a\": [1, 2, {\"b\": null}]}", "a=b&c=d%20e", "https://example.org/path?q=1#frag", "user@example.org", "C:\\dir\\file.txt", "~/.config/x.yaml", "!!!???", "...", "-----", "====", "***", "(((())))", "a_b_c __init__",
    "snake_case camelCase PascalCase SCREAMING_CASE kebab-case", "```\ncode\n```", "# Query:\n```\nWhat?\n```\n\n# Answer:\n```\n", "# Instruction\n\nLine.\n\n# Query:\n", "1. One\n2. Two\n3. Three", "- a\n- b\n  - c",
    "\u00a0non-breaking\u00a0space", "zero\u200bwidth", "\ufeffBOM", "soft\u00adhyphen", "line\u2028separator", "null\u0000byte", "bell\u0007 esc\u001b[0m", "\u007f\u0080\u009f", "\ufffd replacement", "\U0010ffff last", "\ue000 private",
    "supercalifragilisticexpialidocious", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "    \n    \n", "a  b   c    d     e", " \t \t ", "word\u3000ideographic space", "ﷺ", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢", "𓀀𓁐", "ñandú Ñ", "İstanbul ıI", "ǅ ǆ",
]


def main():
    t = load()
    texts = HAND + [d for d in itertools.islice(documents(77), 90) if len(d) < 1600]
    rows = [json.dumps({"text": x, "ids": t.encode(x).ids}, ensure_ascii=False) for x in dict.fromkeys(texts)]
    rows = [r.replace("\u2028", "\\u2028").replace("\u0080", "\\u0080").replace("\u009f", "\\u009f").replace("\u007f", "\\u007f") for r in rows]
    assert all(t.decode(json.loads(r)["ids"]) == json.loads(r)["text"] for r in rows)
    Path(sys.argv[1]).write_text("\n".join(rows) + "\n")
    print(len(rows), "documents")


if __name__ == "__main__":
    main()
