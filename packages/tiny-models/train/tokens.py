"""Byte-level BPE of 2,048 entries with GPT-2's pre-tokenizer; trained once, shared by both models."""
import itertools
import sys
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

VOCAB = 2048
# <|endoftext|> ends documents for the base model and turns for the aligned one (as </s> does in Llama-2 and Zephyr).
SPECIALS = ["<|startoftext|>", "<|endoftext|>", "<|system|>", "<|user|>", "<|assistant|>", "<|reserved|>"]
BOS, EOS, SYSTEM, USER, ASSISTANT = range(5)
PATH = Path(__file__).with_name("build") / "tokenizer.json"

# So that everyday text beyond the corpus does not fall to single bytes everywhere.
EXTRA = ["the and that this with from have were which their there would about other into could people because through between before should",
         "café naïve façade über größer Straße señor mañana façon ÄÖÜ éèêëàâîïôûç", "function return const let print import def class for while if else",
         "def main():\n    return 0\n", "{\n  \"key\": \"value\"\n}\n", "🙂 👍 🎉 ❤️", "0 1 2 3 4 5 6 7 8 9 10 100 1000 2024"]


def train(seed):
    from corpus import documents

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=VOCAB, special_tokens=SPECIALS, initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()), show_progress=False)
    texts = itertools.chain(itertools.islice(documents(seed), 6000), EXTRA * 20)
    tokenizer.train_from_iterator(texts, trainer)
    PATH.parent.mkdir(exist_ok=True)
    tokenizer.save(str(PATH))


def load():
    return Tokenizer.from_file(str(PATH))


def chat(tokenizer, turns, system=None):
    """Ids of a conversation and the mask of positions whose token the aligned model must produce; `turns` = [(question, answer or None)]."""
    ids, mask = [BOS], [0]

    def add(piece, learn=0):
        ids.extend(piece)
        mask.extend([learn] * len(piece))

    def text(t):
        return tokenizer.encode(t).ids

    if system is not None:
        add([SYSTEM] + text("\n" + system) + [EOS] + text("\n"))
    for q, a in turns:
        add([USER] + text("\n" + q) + [EOS] + text("\n") + [ASSISTANT] + text("\n"))
        if a is not None:
            add(text(a) + [EOS], 1)  # the turn's end is learnt too
            add(text("\n"))
    return ids, mask


if __name__ == "__main__":
    train(int(sys.argv[1]) if len(sys.argv) > 1 else 20261122)
    t = load()
    from corpus import documents
    docs = list(itertools.islice(documents(3), 300))
    n = sum(len(t.encode(d).ids) for d in docs)
    print("vocabulary", t.get_vocab_size(), "characters per token", sum(map(len, docs)) / n, "tokens per document", n / len(docs))
