"""Muon for matrices, AdamW for embeddings and norms, one schedule for both."""
import torch


def orthogonal(g, steps=5):
    """Newton–Schulz: the nearest matrix with all singular values near 1."""
    a, b, c = 3.4445, -4.7750, 2.0315
    x = g / (g.norm() + 1e-7)
    flip = x.shape[0] > x.shape[1]
    x = x.T if flip else x
    for _ in range(steps):
        s = x @ x.T
        x = a * x + (b * s + c * s @ s) @ x
    return x.T if flip else x


class Muon(torch.optim.Optimizer):
    def __init__(self, params, lr, momentum=0.95, weight_decay=0.05):
        super().__init__(params, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                m = self.state[p].setdefault("m", torch.zeros_like(p))
                m.lerp_(p.grad, 1 - group["momentum"])
                update = orthogonal(p.grad.lerp(m, group["momentum"]))
                p.mul_(1 - group["lr"] * group["weight_decay"])
                p.add_(update, alpha=-group["lr"] * 0.2 * max(p.shape) ** 0.5)


def optimizers(model, muon_lr, adam_lr):
    matrices = [p for b in model.blocks for n, p in b.named_parameters() if p.ndim == 2]
    ids = {id(p) for p in matrices}
    rest = [p for p in model.parameters() if id(p) not in ids]
    opts = [Muon(matrices, muon_lr), torch.optim.AdamW(rest, adam_lr, betas=(0.9, 0.95), weight_decay=0.0)]
    for o in opts:
        for g in o.param_groups:
            g["peak"] = g["lr"]
    return opts


def set_rate(opts, step, steps, warmup=60, flat=0.3, floor=0.02):
    """Linear warm-up, flat, then linear to `floor`; returns the factor."""
    x = step / steps
    f = min(1.0, (step + 1) / warmup) * (1.0 if x < flat else 1 - (1 - floor) * (x - flat) / (1 - flat))
    for o in opts:
        for g in o.param_groups:
            g["lr"] = g["peak"] * f
    return f
