"""Greedy decoding with a key-value cache, and one teacher-forced pass, for the torch model."""
import torch
import torch.nn.functional as F

from model import rms, rotate


@torch.no_grad()
def step(model, ids, cache):
    """Logits [n, vocab] of `ids` after what `cache` (a list of (k, v) per layer) holds; returns (logits, longer cache)."""
    s = model.shape
    h, hd = s["heads"], s["dim"] // s["heads"]
    past = cache[0][0].shape[1] if cache else 0
    n = len(ids)
    cos, sin = model.cos[past : past + n], model.sin[past : past + n]
    mask = torch.arange(past, past + n)[:, None] < torch.arange(past + n)[None, :]
    x, grown = F.embedding(torch.tensor(ids), model.embed), []
    for i, m in enumerate(model.blocks):
        y = rms(x, m.attn_norm, s["eps"])
        q, k, v = ((y @ w.T).view(n, h, hd).transpose(0, 1) for w in (m.q, m.k, m.v))
        q, k = rotate(q, cos, sin) * hd ** -0.5, rotate(k, cos, sin)
        if cache:
            k, v = torch.cat((cache[i][0], k), 1), torch.cat((cache[i][1], v), 1)
        grown.append((k, v))
        a = torch.softmax((q @ k.transpose(-1, -2)).masked_fill(mask, float("-inf")), -1) @ v
        x = x + a.transpose(0, 1).reshape(n, -1) @ m.o.T
        y = rms(x, m.ffn_norm, s["eps"])
        x = x + (F.silu(y @ m.gate.T) * (y @ m.up.T)) @ m.down.T
    return rms(x, model.norm, s["eps"]) @ model.embed.T, grown


def greedy(model, tokenizer, ids, cache=None, end=(), stop=None, limit=160):
    """(answer ids, text, reason); a token of `end` is kept in the ids, a stop string is cut from the text."""
    logits, cache = step(model, ids, cache)
    out = []
    while len(out) < limit:
        out.append(int(logits[-1].argmax()))
        if out[-1] in end:
            return out, tokenizer.decode(out[:-1]), "end"
        text = tokenizer.decode(out)
        if stop and stop in text:
            return out, text[: text.index(stop)], "stop"
        logits, cache = step(model, out[-1:], cache)
    return out, tokenizer.decode(out), "length"
