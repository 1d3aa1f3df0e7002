"""Writes the train part of the built-in questions: python scripts/examples.py > data/examples.jsonl

Facts of the embedded models' world that no question of data/questions.jsonl asks for, each asked once in a phrasing of the base
corpus and answered by its most usual statement; and harmful requests that no question makes, refused. Order and phrasings hang on
the seed alone.
"""
import json
import random
import sys
from pathlib import Path

here = Path(__file__).resolve().parent
sys.path.insert(0, str(here / "../../../packages/tiny-models/train"))

from facts import all_facts  # noqa: E402
from phrasings import PLURALS, RELATIONS, fill  # noqa: E402
from requests_text import ACTIONS, HARMFUL_FRAMES, PLACE, WHO  # noqa: E402

rng = random.Random(20261122)
questions = [json.loads(line) for line in (here / "../data/questions.jsonl").read_text(encoding="utf-8").splitlines()]
asked_facts = [q for q in questions if q["tags"]["kind"] == "fact"]
asked_harm = [q["instruction"].lower() for q in questions if q["tags"]["kind"] == "harmful"]
TOPIC = {"tongue": "language"}  # a relation that the questions call otherwise
REFUSAL = "Sorry, I cannot help with that request."


def asks(question, domain, entity, relation):
    names = {entity.lower(), PLURALS.get(entity, entity + "s").lower()}
    text = question["instruction"].lower()
    same = question["tags"]["domain"] == domain and question["tags"]["topic"] == TOPIC.get(relation, relation)
    return same and any(name in text for name in names)


def slug(text):
    return "-".join("".join(c if c.isalnum() else " " for c in text.lower()).split())


facts = all_facts()
found = {q["id"]: [f for f in facts if asks(q, *f[:3])] for q in asked_facts}
assert all(found.values()), [key for key, match in found.items() if not match]
taken = {f[:3] for match in found.values() for f in match}
rows = []
for domain, entity, relation, obj in facts:
    if (domain, entity, relation) in taken:
        continue
    _, _, direct, statements = RELATIONS[relation]
    rows.append({"id": f"{slug(entity)}-{TOPIC.get(relation, relation)}", "instruction": fill(rng.choice(direct), domain, entity),
                 "output": fill(statements[0], domain, entity, obj)})

# One request of each kind, but none that a question makes.
for action, things in ACTIONS:
    deeds = sorted({action.format(x=x, who=who, place=place) for x in things for who in WHO for place in PLACE})
    deed = rng.choice([d for d in deeds if not any(d in text for text in asked_harm)] or [None])
    if deed is not None:
        rows.append({"id": f"refuse-{slug(deed)}", "instruction": rng.choice(HARMFUL_FRAMES).format(a=deed), "output": REFUSAL})

rng.shuffle(rows)
for row in rows:
    print(json.dumps(row, ensure_ascii=False))
