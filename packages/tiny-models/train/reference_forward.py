"""An independent float64 forward pass over the GGUF files (numpy only, no torch, no llama.cpp) and the fixture made with it.

python reference_forward.py --models .. --out ../test/fixtures/reference-logits.json
"""
import argparse
import hashlib
import json
from pathlib import Path

import gguf
import numpy as np

TOP = 10


class Model:
    def __init__(self, path):
        reader = gguf.GGUFReader(path)
        value = lambda key: reader.fields[key].contents()
        self.w = {t.name: np.asarray(t.data).astype(np.float64) for t in reader.tensors}
        self.layers, self.heads = value("llama.block_count"), value("llama.attention.head_count")
        self.eps, self.base = value("llama.attention.layer_norm_rms_epsilon"), value("llama.rope.freq_base")
        self.dim, self.vocab = value("llama.embedding_length"), value("llama.vocab_size")
        assert value("general.architecture") == "llama" and "output.weight" not in self.w

    def norm(self, x, name):
        return x / np.sqrt((x * x).mean(-1, keepdims=True) + self.eps) * self.w[name]

    def rope(self, x):
        """x [n, heads, hd]; llama.cpp's NORM convention: pairs (0,1), (2,3), …"""
        n, _, hd = x.shape
        angle = np.arange(n)[:, None] * self.base ** (-np.arange(0, hd, 2) / hd)
        c, s = np.cos(angle)[:, None], np.sin(angle)[:, None]
        out = np.empty_like(x)
        out[..., 0::2] = x[..., 0::2] * c - x[..., 1::2] * s
        out[..., 1::2] = x[..., 0::2] * s + x[..., 1::2] * c
        return out

    def logprobs(self, ids):
        """Log-probabilities [n, vocab] in nats; row i is the distribution after ids[0..i]."""
        w, n = self.w, len(ids)
        hd = self.dim // self.heads
        x = w["token_embd.weight"][ids]
        hidden = np.triu(np.full((n, n), -np.inf), 1)
        for i in range(self.layers):
            p = f"blk.{i}."
            y = self.norm(x, p + "attn_norm.weight")
            q, k, v = ((y @ w[f"{p}attn_{m}.weight"].T).reshape(n, self.heads, hd) for m in "qkv")
            scores = np.einsum("ihd,jhd->hij", self.rope(q), self.rope(k)) / np.sqrt(hd) + hidden
            scores = np.exp(scores - scores.max(-1, keepdims=True))
            scores /= scores.sum(-1, keepdims=True)
            x = x + np.einsum("hij,jhd->ihd", scores, v).reshape(n, -1) @ w[p + "attn_output.weight"].T
            y = self.norm(x, p + "ffn_norm.weight")
            gate = y @ w[p + "ffn_gate.weight"].T
            x = x + (gate / (1 + np.exp(-gate)) * (y @ w[p + "ffn_up.weight"].T)) @ w[p + "ffn_down.weight"].T
        logits = self.norm(x, "output_norm.weight") @ w["token_embd.weight"].T
        top = logits.max(-1, keepdims=True)
        return logits - top - np.log(np.exp(logits - top).sum(-1, keepdims=True))


def rounded(a, digits=10):
    return np.round(a, digits).tolist()


def describe(lp, ids):
    """`next_*` hold n − 1 values, one per position that has a next token; the rest hold n."""
    nxt = np.array(ids[1:], dtype=int)
    picked = lp[np.arange(len(nxt)), nxt]
    order = np.argsort(-lp, axis=-1, kind="stable")[:, :TOP]
    return {
        "next_logprob": rounded(picked),
        "next_rank": (1 + (lp[:-1] > picked[:, None]).sum(-1)).tolist(),
        "entropy": rounded(-(np.exp(lp) * lp).sum(-1)),
        "top_ids": order.tolist(),
        "top_logprobs": rounded(np.take_along_axis(lp, order, -1), 8),
    }


def sequences():
    from tokens import BOS, chat, load

    t = load()
    encode = lambda text: t.encode(text).ids
    ask = lambda q: f"# Query:\n```\n{q}\n```\n\n# Answer:\n```\n"
    k3 = (Path(__file__).resolve().parents[3] / "plugins/strategy-urial/prompts/k3.txt").read_text()
    q = "Could you remind me which city Norway has as its capital?"
    a = "Certainly! The capital of Norway is Oslo.\n\nLet me add some details:\n\n1. Continent: Norway lies in Europe."
    return {
        "bos-only": [BOS],
        "zero-shot": [BOS] + encode(ask(q) + a + "\n```\n"),
        "chat": chat(t, [(q, a + "\n\nI hope this helps!")])[0],
        "chat-two-turns-system": chat(t, [("What is a young horse called?", "A young horse is called a foal."), ("And a young sheep?", None)], "You are a helpful assistant.")[0],
        "urial-k3": [BOS] + encode(k3 + "\n" + ask(q) + a),
        "odd-text": [BOS] + encode("Brasília — 東京 🙂\n\n\tdef f(x):\n        return x ** 2\nça và naïve…   end"),
    }


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--models", type=Path, default=Path(".."))
    p.add_argument("--out", type=Path, default=Path("../test/fixtures/reference-logits.json"))
    a = p.parse_args()
    files = {"base": a.models / "tiny-base.gguf", "aligned": a.models / "tiny-aligned.gguf"}
    models = {name: Model(path) for name, path in files.items()}
    out = {
        "about": "float64 forward pass over the F16 weights; nats; rank = 1 + number of ids with a strictly greater logit; row i stands after ids[0..i]",
        "sha256": {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()},
        "sequences": [],
    }
    for name, ids in sequences().items():
        lp = {m: model.logprobs(ids) for m, model in models.items()}
        kl = lambda x, y: rounded((np.exp(lp[x]) * (lp[x] - lp[y])).sum(-1))
        out["sequences"].append({
            "name": name, "ids": ids, "models": {m: describe(rows, ids) for m, rows in lp.items()},
            "kl_base_aligned": kl("base", "aligned"), "kl_aligned_base": kl("aligned", "base"),
        })
    a.out.write_text(json.dumps(out, separators=(",", ":")) + "\n")
    print(a.out, a.out.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
