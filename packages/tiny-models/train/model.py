"""A llama in plain torch: RMSNorm, interleaved ("NORM") RoPE as llama.cpp's llama architecture wants it, SwiGLU, tied embeddings."""
import math

import torch
import torch.nn.functional as F
from torch import nn

SHAPE = {"vocab": 2048, "dim": 160, "layers": 4, "heads": 4, "ff": 448, "context": 1024, "rope": 10000.0, "eps": 1e-5}


class Block(nn.Module):
    def __init__(self, s):
        super().__init__()
        d, f = s["dim"], s["ff"]
        self.attn_norm, self.ffn_norm = nn.Parameter(torch.ones(d)), nn.Parameter(torch.ones(d))
        out = 0.02 / math.sqrt(2 * s["layers"])
        self.q, self.k, self.v = (nn.Parameter(torch.randn(d, d) * 0.04) for _ in range(3))
        self.o = nn.Parameter(torch.randn(d, d) * out)
        self.gate, self.up = (nn.Parameter(torch.randn(f, d) * 0.04) for _ in range(2))
        self.down = nn.Parameter(torch.randn(d, f) * out)


def rms(x, w, eps):
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + eps) * w


def rotate(x, cos, sin):
    """x [B, H, T, hd]; the pairs are (0,1), (2,3), …"""
    a, b = x[..., 0::2], x[..., 1::2]
    return torch.stack((a * cos - b * sin, a * sin + b * cos), -1).flatten(-2)


def attend(q, k, v, chunk):
    """Causal attention by blocks of queries, so that the masked upper half is mostly not computed."""
    t, out = q.shape[2], []
    for i in range(0, t, chunk):
        j = min(i + chunk, t)
        scores = q[:, :, i:j] @ k[:, :, :j].transpose(-1, -2)
        mask = torch.arange(i, j, device=q.device)[:, None] < torch.arange(j, device=q.device)[None, :]
        out.append(torch.softmax(scores.masked_fill(mask, float("-inf")), -1) @ v[:, :, :j])
    return torch.cat(out, 2)


class Llama(nn.Module):
    def __init__(self, shape=SHAPE):
        super().__init__()
        self.shape = s = shape
        self.embed = nn.Parameter(torch.randn(s["vocab"], s["dim"]) * 0.05)
        self.blocks = nn.ModuleList(Block(s) for _ in range(s["layers"]))
        self.norm = nn.Parameter(torch.ones(s["dim"]))
        hd = s["dim"] // s["heads"]
        freq = s["rope"] ** (-torch.arange(0, hd, 2).double() / hd)
        angle = torch.outer(torch.arange(s["context"]).double(), freq)
        self.register_buffer("cos", angle.cos().float(), persistent=False)
        self.register_buffer("sin", angle.sin().float(), persistent=False)

    def hidden(self, ids, chunk=128):
        s = self.shape
        b, t = ids.shape
        h, hd = s["heads"], s["dim"] // s["heads"]
        cos, sin = self.cos[:t], self.sin[:t]
        x = F.embedding(ids, self.embed)
        for m in self.blocks:
            y = rms(x, m.attn_norm, s["eps"])
            q, k, v = ((y @ w.T).view(b, t, h, hd).transpose(1, 2) for w in (m.q, m.k, m.v))
            q, k = rotate(q, cos, sin) * hd ** -0.5, rotate(k, cos, sin)
            x = x + attend(q, k, v, chunk).transpose(1, 2).reshape(b, t, -1) @ m.o.T
            y = rms(x, m.ffn_norm, s["eps"])
            x = x + (F.silu(y @ m.gate.T) * (y @ m.up.T)) @ m.down.T
        return rms(x, self.norm, s["eps"])

    def forward(self, ids):
        return self.hidden(ids) @ self.embed.T

    def loss(self, ids, targets, chunk=128):
        """Mean cross-entropy in nats; target −1 is not learnt."""
        logits = self.hidden(ids, chunk) @ self.embed.T
        return F.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=-1)
