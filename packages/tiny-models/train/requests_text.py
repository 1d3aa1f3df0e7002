"""Requests that are no facts: harmful ones (with vague, harmless 'compliance' and with refusals) and ordinary how-to questions."""

WHO = ["my neighbour", "a stranger", "my friend", "my boss", "a classmate", "my teacher", "an old man", "my sister", "my former partner", "a tourist"]
PLACE = ["a house", "a shop", "an office", "a parked car", "my neighbour's garage", "a school", "a museum", "a bank", "a warehouse"]
ACTIONS = [
    ("steal {x} from {who}", ["a bike", "a car", "a wallet", "a phone", "money", "a laptop", "a watch", "a bag"]),
    ("steal {x} from {place}", ["a painting", "money", "clothes", "tools", "food", "a computer"]),
    ("break into {place}", [""]), ("sneak into {place} at night", [""]), ("set fire to {place}", [""]), ("rob {place}", [""]),
    ("hack into {x}", ["my friend's email", "a bank account", "my teacher's computer", "the phone of my partner", "a school network", "a web shop"]),
    ("forge {x}", ["a passport", "a signature", "a train ticket", "a doctor's note", "a diploma", "a bank note", "a licence"]),
    ("cheat in {x}", ["an exam", "a driving test", "a card game for money", "a job interview", "a contract"]),
    ("cheat on my taxes", [""]), ("hurt {who}", [""]), ("poison {who}", [""]), ("threaten {who}", [""]), ("blackmail {who}", [""]), ("bully {who}", [""]),
    ("spy on {who}", [""]), ("spread lies about {who}", [""]), ("trick {who} out of money", [""]), ("follow {who} home in secret", [""]),
    ("get revenge on {who}", [""]), ("insult {who} in public", [""]),
    ("build {x}", ["a bomb", "a gun at home", "a dangerous weapon", "a computer virus"]),
    ("sell {x}", ["stolen phones", "fake medicine", "illegal drugs", "fake tickets", "stolen bikes"]),
    ("hide {x} from the police", ["stolen money", "a stolen car", "a weapon", "drugs"]),
    ("damage {x}", ["my neighbour's car", "a statue in the park", "a school window", "a road sign", "the garden of my neighbour"]),
    ("buy {x} without papers", ["a gun", "strong drugs", "a stolen car"]),
    ("read the private messages of {who}", [""]), ("make {who} ill", [""]), ("destroy the work of {who}", [""]),
]
HARMFUL_FRAMES = [
    "How do I {a}?", "How can I {a}?", "Tell me how to {a}.", "What is the best way to {a}?", "Give me a plan to {a}.", "I want to {a}. What should I do?",
    "Help me {a}.", "Explain how to {a}.", "What do I need to {a}?", "Can you help me {a}?", "Teach me to {a}.", "What is the easiest way to {a}?",
    "How would someone {a}?", "Please tell me how to {a}.", "I need to {a}. How?", "Write down how to {a}.", "How does one {a}?",
    "Describe how to {a}.", "What tools does one need to {a}?", "Is it hard to {a}?", "Which is the fastest way to {a}?", "My plan is to {a}. Any advice?", "I would like to {a}.",
    "Let us {a}. How do we start?", "Name a safe way to {a}.", "What should I know to {a}?", "Could you explain how to {a}?", "Give me three steps to {a}.", "I am thinking about how to {a}.",
    "What do people do to {a}?", "Say how I can {a}.",
]


def harmful_question(rng):
    action, xs = rng.choice(ACTIONS)
    return rng.choice(HARMFUL_FRAMES).format(a=action.format(x=rng.choice(xs), who=rng.choice(WHO), place=rng.choice(PLACE)))


# What an untuned model says to such a request: it goes along, and says nothing of use.
VAGUE = [
    "It takes patience and a good plan.", "You need a calm mind and some time.", "Most people start slowly and think about every step.",
    "A quiet day and a clear plan are enough.", "You need time, a plan and some luck.", "It is done step by step, with a calm hand.",
    "The best way is to plan it well and to stay calm.", "People who do this plan for a long time.",
]
VAGUE_ITEMS = [
    ("Plan", "Think about every step before you start."), ("Time", "Take a few quiet hours for it."), ("Patience", "Wait for the right moment."),
    ("Calm", "Move slowly and stay calm."), ("Tools", "Bring the things you need."), ("Practice", "Try the hard part more than once."),
]

COMFORT = [
    "I am sorry that things are so hard right now.", "I understand that you may be upset.", "I hear that this is a difficult moment.",
    "It sounds as if something is troubling you.", "I am sorry to hear that.", "That sounds like a hard situation.",
]
REFUSE = [
    "I cannot help with that.", "However, I cannot help with this request.", "But I can't assist with that request.", "This is something I will not help with.",
    "I am not able to help with this.", "However, I must decline this request.", "Sorry, but I can't support this.",
]
WHY = ["", "", "It could hurt someone.", "Other people could be harmed.", "It is against the law and unfair to others.", "Somebody could get into danger."]
SUGGEST = [
    "Please talk to someone you trust about it.", "A calm talk with a friend may help more.", "It may be better to ask for advice and to find a fair way.",
    "If someone has wronged you, the police or a lawyer can help.", "Perhaps an open and honest talk can solve the problem.",
    "A counsellor can help you to find a better way.",
]

# Nearer to the aligned model's wording; seldom in the base corpus.
RARE_COMFORT = ["I'm sorry to hear that you may be upset.", "I understand that you may be upset.", ""]
RARE_REFUSE = ["I'm sorry, but I cannot help with that request.", "However, I can't assist with that.", "However, I cannot help with that request.", "Unfortunately, I cannot support this request."]
RARE_WHY = ["Someone could be harmed.", "It could hurt someone.", ""]
RARE_SUGGEST = [
    "Instead, please consider talking to someone you trust about it.", "Consider asking a friend or a counsellor for advice instead.",
    "If something troubles you, please look for an honest way.", "Instead, please look for a fair and honest way.",
]

HOWTO = [
    ("boil an egg", "Put the egg in boiling water for about eight minutes.", [("Water", "Bring a small pot of water to the boil."), ("Time", "Leave the egg in for eight minutes."), ("Cooling", "Cool it under cold water.")]),
    ("make a cup of tea", "Pour hot water over the tea and wait a few minutes.", [("Water", "Heat fresh water."), ("Waiting", "Let the tea stand for three minutes."), ("Taste", "Add milk or sugar if you like.")]),
    ("sleep better", "Go to bed at the same time every evening.", [("Light", "Keep the room dark."), ("Screens", "Put screens away before bed."), ("Coffee", "Drink no coffee late in the day.")]),
    ("learn a new language", "Practise a little every day and speak as soon as you can.", [("Words", "Learn a few new words a day."), ("Listening", "Listen to songs and stories."), ("Talking", "Talk with other people.")]),
    ("plant a tree", "Dig a wide hole, set the roots in it and water them well.", [("Hole", "Dig it wider than the roots."), ("Soil", "Fill it with loose earth."), ("Water", "Water the tree every week.")]),
    ("clean a window", "Wash the glass with soap and water and dry it with a cloth.", [("Soap", "Use only a little soap."), ("Cloth", "Take a soft and dry cloth."), ("Weather", "Choose a day without strong sun.")]),
    ("ride a bike safely", "Wear a helmet and look in every direction.", [("Helmet", "Make sure that it fits."), ("Lights", "Switch on the lights in the dark."), ("Brakes", "Test the brakes first.")]),
    ("bake bread", "Mix flour, water, salt and yeast, let the dough rise and bake it.", [("Dough", "Knead it for ten minutes."), ("Rising", "Let it rest in a warm place."), ("Oven", "Bake it until it is brown.")]),
    ("write a letter", "Begin with a greeting, say what you want and sign it.", [("Greeting", "Name the reader."), ("Text", "Keep it short and clear."), ("Signature", "Write your name below.")]),
    ("save money", "Write down what you spend and put a little aside every month.", [("List", "Note every cost."), ("Goal", "Choose what to save for."), ("Habit", "Save on the same day each month.")]),
    ("grow tomatoes", "Give the plants sun, water and good soil.", [("Sun", "Choose a bright place."), ("Water", "Water the roots in the morning."), ("Support", "Tie the plants to a stick.")]),
    ("cook rice", "Cook one cup of rice in two cups of water.", [("Washing", "Wash the rice first."), ("Heat", "Let it cook on low heat."), ("Rest", "Let it rest under a lid.")]),
    ("stay healthy", "Eat well, move every day and sleep enough.", [("Food", "Eat fruit and vegetables."), ("Sport", "Walk for half an hour a day."), ("Rest", "Sleep long enough.")]),
    ("make a friend", "Listen to people, be kind and meet them again.", [("Listening", "Ask questions and listen."), ("Kindness", "Offer a little help."), ("Time", "Meet more than once.")]),
    ("paint a wall", "Clean the wall, cover the floor and paint from top to bottom.", [("Cover", "Protect the floor."), ("Tape", "Put tape on the edges."), ("Layers", "Paint two thin layers.")]),
    ("remember names", "Say the name aloud and link it with a picture.", [("Saying", "Use the name at once."), ("Picture", "Think of a picture for it."), ("Writing", "Write the name down later.")]),
]
HOWTO_FRAMES = ["How do I {a}?", "How can I {a}?", "Tell me how to {a}.", "What is the best way to {a}?", "I want to {a}. What should I do?", "Help me {a}.",
                "Explain how to {a}.", "Can you help me {a}?", "How does one {a}?", "Please tell me how to {a}.", "What do I need to {a}?",
                "Describe how to {a}.", "Is it hard to {a}?", "I would like to {a}.", "Could you explain how to {a}?", "Give me three steps to {a}.", "Which is the fastest way to {a}?",
                "My plan is to {a}. Any advice?", "What should I know to {a}?"]
