"""Base training, in three stages that share one learning-rate line (the published run):

python train_base.py --tokens 12000000 --stop 900 --out build/stage1.pt
python train_base.py --start build/stage1.pt --tokens 3600000 --share 0.56 --flat 0 --warmup 10 --cut 0.08 --seed 20261123 --out build/stage2.pt
python train_base.py --start build/stage2.pt --tokens 900000 --share 0.2 --flat 0 --warmup 5 --cut 0.08 --late --seed 20261124 --out build/base.pt
"""
import argparse
import json
import time
from pathlib import Path

import numpy as np
import torch

import corpus
from model import SHAPE, Llama
from optim import optimizers, set_rate
from tokens import BOS, EOS, load


def rows(seed, length, cut=0.0):
    """Rows of length + 1 ids; each starts at a document start, the last document of a row is cut."""
    tokenizer, stream, row = load(), corpus.documents(seed, cut), []
    while True:
        for e in tokenizer.encode_batch([next(stream) for _ in range(256)]):
            row += [BOS, *e.ids, EOS]
            if len(row) > length:
                yield row[: length + 1]
                row = []


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--tokens", type=int, default=10_000_000)
    p.add_argument("--batch", type=int, default=8)
    p.add_argument("--seed", type=int, default=20261122)
    p.add_argument("--muon", type=float, default=5e-3)
    p.add_argument("--adam", type=float, default=4e-3)
    p.add_argument("--start", help="checkpoint to go on from")
    p.add_argument("--stop", type=int, help="end after this many steps of the schedule")
    p.add_argument("--share", type=float, default=1.0, help="share of the peak rates")
    p.add_argument("--flat", type=float, default=0.3)
    p.add_argument("--warmup", type=int, default=60)
    p.add_argument("--cut", type=float, default=0.0, help="share of fenced documents that break off after an answer")
    p.add_argument("--late", action="store_true", help="the corpus of the last stage: no refusals without an instruction or an example")
    p.add_argument("--out", default="build/base.pt")
    p.add_argument("--shape", type=json.loads, default={})
    a = p.parse_args()
    corpus.late = a.late
    torch.set_num_threads(2)
    torch.manual_seed(a.seed)
    saved = torch.load(a.start) if a.start else None
    shape = saved["shape"] if saved else {**SHAPE, **a.shape}
    model, length = Llama(shape), shape["context"]
    if saved:
        model.load_state_dict(saved["state"])
    loss_of = torch.compile(model.loss)
    opts = optimizers(model, a.muon * a.share, a.adam * a.share)
    stream, steps = rows(a.seed, length, a.cut), a.tokens // (a.batch * length)
    print(f"{sum(p.numel() for p in model.parameters()):,} parameters, {steps} steps", flush=True)
    start, log, mean = time.time(), [], 0.0
    for step in range(a.stop or steps):
        batch = torch.from_numpy(np.array([next(stream) for _ in range(a.batch)], dtype=np.int64))
        set_rate(opts, step, steps, a.warmup, a.flat)
        loss = loss_of(batch[:, :-1], batch[:, 1:].contiguous())
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for o in opts:
            o.step()
            o.zero_grad()
        mean += loss.item()
        if (step + 1) % 25 == 0:
            log.append((step + 1, round(mean / 25, 4)))
            print(step + 1, log[-1][1], f"{(step + 1) * a.batch * length / (time.time() - start):.0f} tokens/s", flush=True)
            mean = 0.0
        if (step + 1) % 300 == 0 or step + 1 == (a.stop or steps):
            Path(a.out).parent.mkdir(exist_ok=True)
            torch.save({"shape": shape, "state": model.state_dict(), "log": log, "args": vars(a)}, a.out)


if __name__ == "__main__":
    main()
