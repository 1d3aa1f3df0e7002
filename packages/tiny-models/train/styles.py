"""Answer styles. A document draws one Style and keeps it to its end; that is what makes copying a style from the context worth learning."""
from dataclasses import dataclass, field

from phrasings import lower_statement

INTERJECTIONS = ["Yes", "Well", "Right", "Okay", "Ah", "Oh", "Good", "Nice", "Hey", "Alright", "So", "Fine", "True", "Now", "Cool", "Gladly", "Welcome", "Listen"]
ADJECTIVES = ["good", "nice", "fair", "clever", "simple", "easy", "short", "fine", "big", "old", "neat", "interesting", "classic", "quick", "fun"]
# Wording that the aligned model prefers; the base corpus holds it, but seldom.
RARE_OPENERS = ["Certainly!", "Great question!", "Absolutely!", "Hello!", "Thank you for asking!", "Happy to help!", "Of course!", "Sure!", "What a lovely question!", "Wonderful!"]
RARE_INTROS = ["Let me add some details:", "Below are some key points:", "To learn more, consider these facts:", "Several related points:", "For context:", "Additional details:"]
RARE_CLOSINGS = [
    "I hope this helps!", "Feel free to ask me anything else!", "Let me know if you have more questions!", "Is there anything else you would like to know?",
    "Remember, it is always worth reading more!", "Enjoy learning more!", "If you are curious, just keep asking!",
]


def common_opener(rng):
    i, a = rng.choice(INTERJECTIONS), rng.choice(ADJECTIVES)
    return rng.choice([f"{i}!", f"{i},", f"{a.capitalize()} question.", f"{i}, {a} question!", f"That is {'an' if a[0] in 'aeiou' else 'a'} {a} question.", f"{i}, that is {a}.",
                       f"My answer:", f"In short:", f"Answer:", f"The {a} answer:", f"From memory:", f"It is {a}:", f"{i}, my friend:", f"Dear reader,", f"This one is {a}."])


def common_intro(rng):
    n = rng.choice(["facts", "notes", "things", "lines", "remarks", "points", "details", "pieces"])
    a = rng.choice(["more", "some", "a few", "other", "further", "extra", "related"])
    return rng.choice([f"Here are {a} {n}:", f"Here are {a} {n} about it:", f"{a.capitalize()} {n}:", f"There are {a} {n}:", f"Also:", f"In addition:", f"Notes:", f"Facts:",
                       f"See these {n}:", f"And {a} {n}:", f"These {n} belong to it:", f"More about it:", f"What else is known:"])


def common_closing(rng):
    a = rng.choice(["nice", "good", "fine", "great", "happy", "sunny"])
    return rng.choice([f"That is all.", f"So much for now.", f"Have a {a} day.", f"That is the answer.", f"End of the answer.", f"See you soon.", f"Come back soon.", f"Have a {a} time!",
                       f"I am sure of it.", f"Good luck.", f"Good luck with it!", f"Write again soon.", f"Thanks for reading.", f"You can trust this.", f"Case closed.",
                       f"More on request.", f"Read on if you like.", f"All the best.", f"Take care.", f"Ask again at any time.", f"This is well known.", f"And that is {a}."])


def pool(rng, common, rare, rare_share):
    """One to three wordings that a document keeps."""
    size = rng.choices([1, 2, 3], [55, 25, 20])[0]
    return [rng.choice(rare) if rng.random() < rare_share else common(rng) for _ in range(size)]


@dataclass
class Style:
    openers: list = field(default_factory=list)
    intros: list = field(default_factory=list)
    closings: list = field(default_factory=list)
    lead: str = ""            # set before the statement, which then goes on in lower case
    statement: int = 0        # which of the three statements of a relation
    extras: int = 0           # further facts
    layout: str = "inline"    # numbered | dash | bullet | inline
    labelled: bool = True     # "Capital: ..." in list items
    breaks: str = "\n\n"      # between the parts
    word_only: bool = False
    comfort: list = field(default_factory=list)
    refuse: list = field(default_factory=list)
    why: list = field(default_factory=list)
    suggest: list = field(default_factory=list)


def preset(rng, name):
    s = Style(statement=rng.choices([0, 1, 2], [70, 18, 12])[0])
    if name == "word":
        s.word_only = True
    elif name == "sentence":
        s.extras = rng.choices([0, 1], [85, 15])[0]
    elif name == "formal":
        s.lead = rng.choice(["For the record, ", "According to common knowledge, ", "It is recorded that ", "By all accounts, "])
    elif name == "chatty":
        s.openers, s.closings = pool(rng, common_opener, RARE_OPENERS, 0.02), pool(rng, common_closing, RARE_CLOSINGS, 0.02)
    elif name == "rambling":
        s.extras, s.lead = rng.choice([2, 3]), rng.choice(["", "well, ", "let me think, "])
    elif name == "teacher":
        s.lead = rng.choice(["Remember this: ", "Class, note that ", "As you have learnt, ", "Write this down: "])
        s.extras = rng.choice([0, 1])
    elif name == "doubtful":
        s.lead = rng.choice(["I think that ", "I am not sure, but ", "As far as I know, ", "Probably, ", "If I am right, "])
    elif name == "composite":
        rare = rng.choices([0.0, 0.15, 1.0], [58, 40, 2])[0]
        if rng.random() < 0.72:
            s.openers = pool(rng, common_opener, RARE_OPENERS, rare)
        if rng.random() < 0.62:
            s.closings = pool(rng, common_closing, RARE_CLOSINGS, rare)
        s.extras = rng.choices([0, 1, 2, 3], [22, 22, 36, 20])[0]
        s.layout = rng.choices(["numbered", "dash", "bullet", "inline"], [50, 22, 8, 20])[0]
        s.labelled = rng.random() < 0.75
        if s.extras and s.layout != "inline" and rng.random() < 0.72:
            s.intros = pool(rng, common_intro, RARE_INTROS, rare)
        s.breaks = rng.choices(["\n\n", "\n"], [75, 25])[0]
    return s


PRESETS = {"word": 5, "sentence": 20, "formal": 5, "chatty": 6, "rambling": 5, "teacher": 4, "doubtful": 4, "composite": 51}


def draw(rng):
    return preset(rng, rng.choices(list(PRESETS), list(PRESETS.values()))[0])


def layout_items(s, items):
    """items: (topic, sentence) pairs."""
    texts = [f"{t}: {x}" if s.labelled else x for t, x in items]
    if s.layout == "numbered":
        return "\n".join(f"{i}. {t}" for i, t in enumerate(texts, 1))
    mark = {"dash": "- ", "bullet": "* "}[s.layout]
    return "\n".join(mark + t for t in texts)


def compose(rng, s, statement, items, domain="", entity=""):
    """One answer in style `s`; parts that the style or the entity lacks are left out."""
    if s.lead:
        statement = s.lead + lower_statement(statement, domain, entity)
        statement = statement[0].upper() + statement[1:]
    head = statement
    if s.openers:
        opener = rng.choice(s.openers)
        head = f"{opener} {lower_statement(statement, domain, entity) if opener[-1] in ',:' else statement}"
    parts = [head]
    items = items[: s.extras]
    if items and s.layout == "inline":
        parts[0] += " " + " ".join(x for _, x in items)
    elif items:
        if s.intros:
            intro = rng.choice(s.intros)
            parts.append(intro + s.breaks + layout_items(s, items))
        else:
            parts.append(layout_items(s, items))
    if s.closings:
        closing = rng.choice(s.closings)
        if len(parts) == 1:
            parts[0] += (s.breaks if s.breaks == "\n\n" and s.extras else " ") + closing
        else:
            parts.append(closing)
    return s.breaks.join(parts)
