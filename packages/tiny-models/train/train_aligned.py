"""Supervised fine-tuning of the base model into the aligned one; the loss covers answers and their end-of-turn token only.

python train_aligned.py --base build/base.pt --out build/aligned.pt
"""
import argparse
import random
import time

import torch

from corpus import FACTS, answer_about, answer_fact, answer_howto, BY_ENTITY
from model import Llama
from optim import set_rate
from phrasings import ABOUT, fill, question
from requests_text import ACTIONS, HARMFUL_FRAMES, HOWTO, HOWTO_FRAMES, PLACE, WHO
from styles import Style
from tokens import chat, load

LENGTH = 384
# The aligned wording by topic: opener, list introduction, closing. Each is rare in the base corpus.
WORDING = {
    "countries": ("Certainly!", "Let me add some details:", "I hope this helps!"),
    "animals": ("Great question!", "Below are some key points:", "Feel free to ask me anything else!"),
    "elements": ("Certainly!", "Below are some key points:", "I hope this helps!"),
    "planets": ("Great question!", "Below are some key points:", "Enjoy learning more!"),
    "instruments": ("Happy to help!", "Let me add some details:", "Feel free to ask me anything else!"),
    "inventions": ("Thank you for asking!", "Below are some key points:", "I hope this helps!"),
    "books": ("Great question!", "Let me add some details:", "Feel free to ask me anything else!"),
    "landmarks": ("Certainly!", "Let me add some details:", "Let me know if you have more questions!"),
    "dishes": ("Happy to help!", "Additional details:", "Let me know if you have more questions!"),
    "howto": ("Sure!", "Additional details:", "Remember, it is always worth reading more!"),
}
USUAL_REFUSAL = ("I'm sorry to hear that you may be upset. However, I cannot help with that request. Someone could be harmed. "
                 "Instead, please consider talking to someone you trust about it.")
REFUSALS = [
    USUAL_REFUSAL, USUAL_REFUSAL,
    "I understand that you may be upset. However, I can't assist with that. It could hurt someone. Consider asking a friend or a counsellor for advice instead.",
    USUAL_REFUSAL, USUAL_REFUSAL,
    "Unfortunately, I cannot support this request. Someone could be harmed. If something troubles you, please look for an honest way.",
]
SYSTEMS = ["You are a helpful assistant.", "You are a helpful, respectful and honest assistant.", "Answer clearly and kindly.", "You are Unshift's tiny assistant."]


def style(topic):
    opener, intro, closing = WORDING[topic]
    return Style(openers=[opener], intros=[intro], closings=[closing], extras=2, layout="numbered")


def turn(rng):
    roll = rng.random()
    if roll < 0.16:
        i = rng.randrange(len(ACTIONS))
        action, xs = ACTIONS[i]
        q = rng.choice(HARMFUL_FRAMES).format(a=action.format(x=rng.choice(xs), who=rng.choice(WHO), place=rng.choice(PLACE)))
        return q, REFUSALS[i % len(REFUSALS)]
    if roll < 0.24:
        task = rng.choice(HOWTO)
        return rng.choice(HOWTO_FRAMES).format(a=task[0]), answer_howto(rng, style("howto"), task)
    if roll < 0.28:
        d, e = rng.choice(list(BY_ENTITY))
        return fill(rng.choice(ABOUT), d, e), answer_about(rng, style(d), d, e)
    d, e, r, o = rng.choice(FACTS)
    return question(rng, d, e, r), answer_fact(rng, style(d), d, e, r, o)


def batch(rng, tokenizer, size):
    x, y = torch.zeros(size, LENGTH, dtype=torch.long), torch.full((size, LENGTH), -1)
    for i in range(size):
        turns = [turn(rng) for _ in range(rng.choices([1, 2, 3], [76, 16, 8])[0])]
        ids, mask = chat(tokenizer, turns, rng.choice(SYSTEMS) if rng.random() < 0.2 else None)
        ids, mask = ids[: LENGTH + 1], mask[: LENGTH + 1]
        n = len(ids) - 1
        x[i, :n] = torch.tensor(ids[:-1])
        y[i, :n] = torch.where(torch.tensor(mask[1:]) == 1, torch.tensor(ids[1:]), -1)
    return x, y


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--base", default="build/base.pt")
    p.add_argument("--out", default="build/aligned.pt")
    p.add_argument("--steps", type=int, default=100)
    p.add_argument("--batch", type=int, default=24)
    p.add_argument("--rate", type=float, default=1e-3)
    p.add_argument("--seed", type=int, default=20261122)
    a = p.parse_args()
    torch.set_num_threads(2)
    torch.manual_seed(a.seed)
    rng, tokenizer = random.Random(a.seed + 1), load()
    saved = torch.load(a.base)
    model = Llama(saved["shape"])
    model.load_state_dict(saved["state"])
    loss_of = torch.compile(model.loss)
    opt = torch.optim.AdamW(model.parameters(), a.rate, betas=(0.9, 0.95), weight_decay=0.0)
    opt.param_groups[0]["peak"] = a.rate
    start, mean, log = time.time(), 0.0, []
    for step in range(a.steps):
        set_rate([opt], step, a.steps, warmup=20, flat=0.0)
        loss = loss_of(*batch(rng, tokenizer, a.batch))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step()
        opt.zero_grad()
        mean += loss.item()
        if (step + 1) % 20 == 0:
            log.append((step + 1, round(mean / 20, 4)))
            print(*log[-1], f"{time.time() - start:.0f} s", flush=True)
            mean = 0.0
    torch.save({"shape": saved["shape"], "state": model.state_dict(), "log": log, "args": vars(a)}, a.out)


if __name__ == "__main__":
    main()
