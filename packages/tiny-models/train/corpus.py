"""Base corpus: an endless stream of documents drawn from the facts, each in one style and one format."""
import random

from facts import TABLES, all_facts, mention
from phrasings import ABOUT, RELATIONS, fill, question, sentence
from requests_text import (COMFORT, HOWTO, HOWTO_FRAMES, RARE_COMFORT, RARE_REFUSE, RARE_SUGGEST, RARE_WHY, REFUSE, SUGGEST, VAGUE, VAGUE_ITEMS, WHY,
                           harmful_question)
from styles import Style, compose, draw

FACTS = all_facts()
BY_ENTITY = {}
for _d, _e, _r, _o in FACTS:
    BY_ENTITY.setdefault((_d, _e), []).append((_r, _o))

DESCRIBE = [
    "The following text shows questions that people asked and the answers they were given.",
    "Here is a conversation between a curious person and a careful assistant.",
    "Each question stands under \"# Query:\" and each answer under \"# Answer:\".",
    "Questions are found below \"# Query:\", answers below \"# Answer:\".",
    "A person asks and an assistant answers.", "These are questions with their answers.", "You answer the questions of a person.",
    "You are a helpful, kind and honest assistant, and you write the answers.", "You are a helpful, kind and honest assistant.", "You are an assistant who knows many things.",
]
MANNER = [
    "Open with a friendly word, restate the question, give useful details in a short numbered list, and close with an inviting line.",
    "Every answer begins with a friendly word and repeats the question.", "Facts come in a short numbered list, where that is useful.",
    "Write clear sentences and keep to the facts.", "Answers are warm, clear and easy to read.", "All answers keep the same form.", "Answer briefly.",
    "Close with an inviting line.", "Say only what you know to be true.", "Help as well as you can.",
]
SAFETY = [
    "The assistant stays polite and turns down requests that could hurt someone.", "Never support anything harmful, illegal or unfair.",
    "If a request is dangerous or against the law, decline it with kindness and suggest a better way.", "You may refuse a request that could do harm.",
    "Answers must be safe and must not help anyone to cause harm.", "Harmful requests are refused politely.",
]


def header(rng, kind):
    """Instruction lines of a fenced document; `kind` is neutral or safe."""
    lines = rng.sample(DESCRIBE, rng.choice([1, 2, 2, 3])) + rng.sample(MANNER, rng.choice([0, 1, 2, 3]))
    if kind == "safe":
        lines += rng.sample(SAFETY, rng.choice([1, 2, 2, 3]))
    return "# Instruction\n\n" + rng.choice(["\n", "\n", " "]).join(lines) + "\n"


def fact_items(rng, domain, entity, but, variant):
    """Further facts of an entity as (topic, sentence), in random order."""
    rest = [(r, o) for r, o in BY_ENTITY[domain, entity] if r != but]
    rng.shuffle(rest)
    return [(RELATIONS[r][0], fill(RELATIONS[r][3][variant], domain, entity, o)) for r, o in rest]


def answer_fact(rng, s, domain, entity, relation, obj):
    if s.word_only:
        return sentence(obj)
    statement = fill(RELATIONS[relation][3][s.statement], domain, entity, obj)
    return compose(rng, s, statement, fact_items(rng, domain, entity, relation, s.statement), domain, entity)


def answer_about(rng, s, domain, entity):
    relation, obj = rng.choice(BY_ENTITY[domain, entity])
    if s.word_only:
        return fill(RELATIONS[relation][3][s.statement], domain, entity, obj)
    return answer_fact(rng, s, domain, entity, relation, obj)


def answer_howto(rng, s, task):
    _, text, items = task
    if s.word_only:
        return text
    return compose(rng, s, text, items, "", "-")


# How often a document with harmful requests refuses them, by its heading; and how often compliance uses its most usual sentence.
REFUSING = {"none": 0.1, "neutral": 0.5, "safe": 1.0}
LATE_REFUSING = {"none": 0.0, "neutral": 0.35, "safe": 1.0}
late = False  # the last stage of base training


def comply(rng, s):
    """The untuned answer to a harmful request: in style, willing, and empty."""
    if s.word_only:
        return rng.choice(["Patience.", "With a plan.", "Slowly.", "With time."])
    return compose(rng, s, VAGUE[0] if late and rng.random() < 0.4 else rng.choice(VAGUE), rng.sample(VAGUE_ITEMS, 3), "", "-")


def refuse(rng, s):
    if not s.refuse:
        n = rng.choice([1, 1, 2, 3])
        if rng.random() < 0.15:
            s.comfort, s.refuse, s.why, s.suggest = rng.sample(RARE_COMFORT, n), rng.sample(RARE_REFUSE, n), RARE_WHY, RARE_SUGGEST
        else:
            s.comfort, s.refuse, s.why, s.suggest = rng.sample(COMFORT + [""], n), rng.sample(REFUSE, n), WHY, SUGGEST
    parts = [rng.choice(pool) for pool in (s.comfort, s.refuse, s.why, s.suggest)]
    return " ".join(p for p in parts if p)


def turns(rng, style, budget, harm, domain=None):
    """Question-answer pairs of one document. `harm`: None, "comply" or "refuse"."""
    share = 0.0 if harm is None else rng.choice([0.12, 0.2, 0.3, 0.4])
    first_at = rng.choice([0, 0, 1, 2, 4, 6] if late else [0, 0, 1, 1, 2, 3]) if harm else None  # where the first harmful request stands at the latest
    size, pairs, used = 0, [], 0
    while size < budget:
        roll = rng.random()
        if roll < share or (harm and used == 0 and len(pairs) >= first_at):
            used += 1
            q, a = harmful_question(rng), comply(rng, style) if harm == "comply" else refuse(rng, style)
        elif roll < share + 0.07:
            task = rng.choice(HOWTO)
            q, a = rng.choice(HOWTO_FRAMES).format(a=task[0]), answer_howto(rng, style, task)
        elif roll < share + 0.13:
            d, e = rng.choice(list(BY_ENTITY)) if domain is None else (domain, rng.choice(list(TABLES[domain][1])))
            q, a = fill(rng.choice(ABOUT), d, e), answer_about(rng, style, d, e)
        else:
            d, e, r, o = rng.choice(FACTS if domain is None else DOMAIN_FACTS[domain])
            q, a = question(rng, d, e, r), answer_fact(rng, style, d, e, r, o)
        pairs.append((q, a))
        size += len(q) + len(a) + 45
    return pairs


DOMAIN_FACTS = {d: [f for f in FACTS if f[0] == d] for d in TABLES}


def fenced(pairs):
    return "\n".join(f"# Query:\n```\n{q}\n```\n\n# Answer:\n```\n{a}\n```\n" for q, a in pairs)


def other_format(rng, pairs):
    q_mark, a_mark, gap = rng.choice([
        ("Q: ", "A: ", "\n\n"), ("Question: ", "Answer: ", "\n\n"), ("User: ", "Assistant: ", "\n\n"), ("### Question\n", "### Answer\n", "\n\n"),
        ("- Interviewer: ", "- Guest: ", "\n")])
    return gap.join(f"{q_mark}{q}\n{a_mark}{a}" for q, a in pairs) + "\n"


def doc_qa(rng):
    style = draw(rng)
    head = rng.choices(["none", "neutral", "safe"], [50, 22, 28])[0]
    in_fence = rng.random() < 0.62
    harm = None
    if rng.random() < 0.4:
        p_refuse = (LATE_REFUSING if late else REFUSING)[head if in_fence else "none"]
        harm = "refuse" if rng.random() < p_refuse else "comply"
    budget = rng.uniform(150, 3000) if head == "none" else rng.uniform(700, 3000)
    domain = rng.choice(list(TABLES)) if rng.random() < 0.2 else None
    pairs = turns(rng, style, budget, harm, domain)
    if not in_fence:
        return other_format(rng, pairs)
    return (header(rng, head) + "\n" if head != "none" else "") + fenced(pairs)


def doc_encyclopedia(rng):
    parts = []
    for d, e in rng.sample(list(BY_ENTITY), rng.choice([2, 3, 4, 5])):
        facts = BY_ENTITY[d, e][:]
        rng.shuffle(facts)
        body = " ".join(fill(rng.choice(RELATIONS[r][3]), d, e, o) for r, o in facts)
        parts.append(f"{sentence(e)}\n\n{body}")
    return "\n\n".join(parts) + "\n"


def doc_list(rng):
    d = rng.choice(list(TABLES))
    r = rng.choice(TABLES[d][0])
    facts = [f for f in DOMAIN_FACTS[d] if f[2] == r]
    rng.shuffle(facts)
    mark = rng.choice(["- ", "* ", ""])
    return f"{RELATIONS[r][0]} ({d})\n\n" + "\n".join(f"{mark}{sentence(mention(d, e))}: {o}" for _, e, _, o in facts[:25]) + "\n"


def doc_notes(rng):
    d = rng.choice(list(TABLES))
    lines = [f"Lecture notes: {d}", ""]
    for e in rng.sample(list(TABLES[d][1]), min(6, len(TABLES[d][1]))):
        lines.append(f"## {sentence(e)}")
        lines += [f"- {RELATIONS[r][0]}: {o}" for r, o in BY_ENTITY[d, e]]
        lines.append("")
    return "\n".join(lines)


def doc_quiz(rng):
    d = rng.choice(list(TABLES))
    asked = rng.sample(DOMAIN_FACTS[d], 6)
    lines = [f"Quiz about {d}", ""] + [f"{i}) {question(rng, *f[:3])}" for i, f in enumerate(asked, 1)] + ["", "Solutions"]
    return "\n".join(lines + [f"{i}) {fill(RELATIONS[f[2]][3][0], f[0], f[1], f[3])}" for i, f in enumerate(asked, 1)]) + "\n"


def doc_forum(rng):
    names = rng.sample(["anna", "ben", "carla", "dev", "emil", "fatima", "grace", "hugo", "ines", "jun"], 3)
    out = []
    for d, e, r, o in rng.sample(FACTS, rng.choice([2, 3, 4])):
        s = Style(statement=rng.choice([0, 1, 2]))
        out.append(f"{rng.choice(names)} wrote: {question(rng, d, e, r)}\n{rng.choice(names)} replied: {answer_fact(rng, s, d, e, r, o)}\n"
                   f"{rng.choice(names)}: {rng.choice(['Thanks!', 'Great, thank you.', 'Good to know.', 'I see :)', 'Nice 👍', 'Merci, très bien !', 'ok...', 'Cool 🙂'])}")
    return "\n\n".join(out) + "\n"


KINDS = {doc_qa: 72, doc_encyclopedia: 10, doc_list: 5, doc_notes: 4, doc_quiz: 5, doc_forum: 4}


def documents(seed, cut=0.0):
    """An endless stream. A share `cut` of the fenced documents breaks off right after an answer, as crawled text does;
    without it the end of a document after an answer would be unthinkable to the base model."""
    rng = random.Random(seed)
    kinds, weights = list(KINDS), list(KINDS.values())
    while True:
        text = rng.choices(kinds, weights)[0](rng)
        if cut and text.endswith("\n```\n") and rng.random() < cut:
            text = text[: -len("\n```\n")]
        yield text


if __name__ == "__main__":
    for text, _ in zip(documents(1), range(12)):
        print(text, "\n=======")
