"""How each relation is asked about and stated. Nothing here appears verbatim in the evaluation questions.

{e} entity as mentioned, {ae} entity with a/an, {o} object, {ao} object with a/an, {p} plural, {t} entity with its article; capitals are set by `sentence`.
RELATIONS[relation] = topic label, noun phrases, direct questions, statements (the first is the most usual).
"""
from facts import indefinite, mention

RELATIONS = {
    "capital": ("Capital", ["the capital of {e}", "the capital city of {e}"],
        ["Which city is the capital of {e}?", "What city serves as the capital of {e}?", "{e} has which capital?",
         "Which capital does {e} have?", "In which city does the government of {e} sit?", "What is {e}'s capital?",
         "What is the name of the capital of {e}?", "Which city is the seat of government in {e}?",
         "Which city do people call the capital of {e}?", "Tell me which city is {e}'s capital.", "If I ask for the capital of {e}, which city is right?", "What town is the capital of {e}?"],
        ["The capital of {e} is {o}.", "{o} is the capital of {e}.", "{e} has its capital in {o}."]),
    "continent": ("Continent", ["the continent of {e}", "the continent where {e} lies"],
        ["On which continent is {e}?", "Which continent is {e} on?", "Where in the world is {e}?", "{e} belongs to which continent?",
         "On what continent does {e} lie?", "Which part of the world is {e} in?", "What continent is {e} part of?",
         "Which continent does {e} belong to?", "Tell me on which continent {e} lies.", "In what part of the globe is {e}?", "To what continent does {e} belong?"],
        ["{e} lies in {o}.", "{e} is a country in {o}.", "{e} belongs to {o}."]),
    "currency": ("Currency", ["the currency of {e}", "the money used in {e}"],
        ["Which currency does {e} use?", "What money do people in {e} pay with?", "What currency is used in {e}?",
         "How do people pay in {e}?", "Which money is used in {e}?", "What is {e}'s currency?", "With which currency do shops in {e} work?",
         "What do people in {e} pay with?", "Which currency will a traveller need in {e}?", "Tell me which currency people use in {e}.", "What kind of money does {e} have?", "What coins and notes are used in {e}?"],
        ["The currency of {e} is the {o}.", "People in {e} pay with the {o}.", "{e} uses the {o} as its currency."]),
    "language": ("Language", ["the main language of {e}", "the language spoken in {e}"],
        ["Which language do people speak in {e}?", "What language is spoken in {e}?", "What do people in {e} speak?",
         "Which language is used in {e}?", "What is the official language of {e}?", "In {e}, which language is spoken?",
         "What language do the people of {e} speak?", "Which language should a visitor of {e} learn?", "Tell me which language the people in {e} speak.", "Which language is heard most in {e}?"],
        ["The main language of {e} is {o}.", "People in {e} speak {o}.", "{o} is the main language of {e}."]),
    "class": ("Class", ["the class of {ae}", "the animal class of the {e}"],
        ["What kind of animal is {ae}?", "Which class of animals does the {e} belong to?", "What type of animal is the {e}?",
         "Is the {e} a mammal, a bird or something else?", "Which group of animals is the {e} in?", "How is the {e} classified?",
         "What sort of animal is {ae}?",
         "Which animal class is right for the {e}?", "Tell me what class of animal {ae} is.", "In biology, what is {ae}?", "Where among the animals does the {e} belong, to which class?"],
        ["The {e} is {ao}.", "{ae} is {ao}.", "The {e} belongs to the class of {o} animals."]),
    "diet": ("Diet", ["the diet of {ae}", "the diet type of the {e}"],
        ["What does {ae} eat?", "Is the {e} a carnivore or a herbivore?", "What kind of eater is the {e}?",
         "How does the {e} feed?", "What sort of diet does {ae} have?", "Does the {e} eat plants or meat?", "What diet does the {e} live on?",
         "What kind of diet does the {e} have?", "Is {ae} an omnivore, a carnivore or a herbivore?", "Tell me what kind of eater {ae} is.", "By its diet, what is {ae}?"],
        ["As for its diet, the {e} is {ao}.", "The {e} eats as {ao}.", "The diet of the {e} makes it {ao}."]),
    "young": ("Young", ["the name for a young {e}", "the word for a baby {e}"],
        ["What is a young {e} called?", "What is a baby {e} called?", "How do we call a young {e}?", "What do you call a baby {e}?",
         "Which word means a young {e}?", "What is the young of {ae} called?", "A baby {e} is called what?",
         "What name does a young {e} have?", "Tell me what a baby {e} is called.", "Which name do people use for a young {e}?", "What is the right word for the young of {ae}?", "How is a young {e} named?"],
        ["A young {e} is called {ao}.", "A baby {e} is {ao}.", "The young of {ae} is known as {ao}."]),
    "group": ("Group", ["the name for a group of {p}", "the word for many {p} together"],
        ["What is a group of {p} called?", "What do you call a group of {p}?", "How do we call many {p} together?",
         "Which word means a group of {p}?", "A group of {p} is called what?", "In what kind of group do {p} live?",
         "What name does a group of {p} have?", "Tell me what a group of {p} is called.", "What is the right word for a group of {p}?", "Which word do people use for many {p} in one group?"],
        ["A group of {p} is called {ao}.", "Many {p} together are called {ao}.", "{p} live together in {ao}."]),
    "symbol": ("Symbol", ["the symbol of {e}", "the chemical symbol for {e}"],
        ["Which symbol stands for {e}?", "What symbol does {e} have?", "How is {e} written in chemistry?",
         "What letters stand for {e}?", "Which chemical symbol does {e} have?", "How do chemists write {e}?",
         "Tell me which symbol {e} has.", "Which letters are the symbol of {e}?", "With what symbol do chemists mark {e}?"],
        ["The chemical symbol of {e} is {o}.", "Chemists write {e} as {o}.", "{e} has the symbol {o}."]),
    "number": ("Number", ["the atomic number of {e}", "the number of {e} in the periodic table"],
        ["Which atomic number does {e} have?", "What number does {e} have in the periodic table?", "How many protons does {e} have?",
         "What is {e}'s atomic number?", "Which number belongs to {e} in the periodic table?", "How many protons are in an atom of {e}?",
         "At which number does {e} stand in the periodic table?",
         "How many protons are found in {e}?", "Tell me which atomic number {e} has.", "What atomic number does {e} carry?", "If I look at {e} in the periodic table, which number is there?"],
        ["The atomic number of {e} is {o}.", "{e} has the atomic number {o}.", "In the periodic table, {e} has number {o}."]),
    "state": ("State", ["the state of {e} at room temperature", "the normal state of {e}"],
        ["Is {e} a solid, a liquid or a gas?", "In which state is {e} at room temperature?", "What state is {e} in normally?",
         "Is {e} solid at room temperature?", "What form does {e} have at room temperature?", "Which state of matter is {e}?",
         "Is {e} a gas, a liquid or a solid at room temperature?", "Tell me in which state {e} is at room temperature.", "In what state is {e} in a normal room?", "What state does {e} have at room temperature?"],
        ["At room temperature, {e} is {ao}.", "{e} is {ao} at room temperature.", "The normal state of {e} is that of {ao}."]),
    "kind": ("Kind", ["the kind of element that {e} is", "the element type of {e}"],
        ["What kind of element is {e}?", "Is {e} a metal?", "Which type of element is {e}?", "To which group of elements does {e} belong?",
         "Which family of elements is {e} in?", "What sort of element is {e}?", "Is {e} a metal or a nonmetal?",
         "What type of element is {e}?", "Tell me what kind of element {e} is.", "Which family of elements does {e} belong to?", "What do chemists call {e}, a metal, a halogen or something else?"],
        ["As an element, {e} is {ao}.", "{e} is {ao}.", "Among the elements, {e} counts as {ao}."]),
    "order": ("Order", ["the position of {e} from the Sun", "the place of {e} in the solar system"],
        ["Which planet from the Sun is {e}?", "At what position from the Sun is {e}?", "How far out in the row of planets is {e}?",
         "What number is {e} from the Sun?", "Which place does {e} have from the Sun?", "Where in the solar system is {e}?",
         "Counted from the Sun, which planet is {e}?", "Tell me which place {e} has from the Sun.", "Seen from the Sun, what place has {e}?", "The planet {e} is at which place from the Sun?"],
        ["{e} is the {o} planet from the Sun.", "Counted from the Sun, {e} is the {o} planet.", "The {o} planet from the Sun is {e}."]),
    "makeup": ("Type", ["the type of planet that {e} is", "the makeup of {e}"],
        ["What type of planet is {e}?", "What kind of planet is {e}?", "Is {e} a rocky planet or a gas giant?", "What is {e} made of?",
         "Which class of planets does {e} belong to?", "What sort of planet is {e}?",
         "Tell me what sort of planet {e} is.", "Is {e} a gas giant, an ice giant or a rocky planet?", "As what type of planet does {e} count?"],
        ["By its makeup, {e} is {ao}.", "{e} is {ao}.", "{e} counts as {ao}."]),
    "namesake": ("Name", ["the god behind the name of {e}", "the origin of the name {e}"],
        ["After whom is {e} named?", "Who gave {e} its name?", "Which god is {e} named after?", "Where does the name {e} come from?",
         "Whose name does {e} carry?", "After which god is the planet {e} named?",
         "What god gave {e} its name?", "Tell me after whom {e} is named.", "Which god stands behind the name {e}?"],
        ["{e} is named after the {o}.", "The name {e} comes from the {o}.", "{e} carries the name of the {o}."]),
    "fame": ("Known for", ["the thing {e} is known for", "the fame of {e}"],
        ["What is {e} known for?", "What makes {e} special?", "Why is {e} famous?", "What is special about {e}?", "For what is the planet {e} known?",
         "Tell me what {e} is famous for.", "What is {e} famous for?", "What should people know {e} for?", "Why do people know {e}?"],
        ["{e} is known as the {o}.", "{e} is famous as the {o}.", "{e} is special as the {o}."]),
    "family": ("Family", ["the family of {e}", "the instrument family of {e}"],
        ["Which family of instruments does {e} belong to?", "What family is {e} in?", "What kind of instrument is {e}?",
         "To which instrument family does {e} belong?", "In which section of the orchestra is {e}?", "What type of instrument is {e}?",
         "In which family do musicians place {e}?", "Tell me to which family {e} belongs.", "With which instruments does {e} sit in an orchestra?", "Which instrument family has {e}?"],
        ["{e} belongs to the {o} family.", "{e} is a {o} instrument.", "Musicians place {e} in the {o} family."]),
    "playing": ("Playing", ["the way {e} is played", "the way to play {e}"],
        ["How is {e} played?", "How do people play {e}?", "What do you need to play {e}?", "With what is {e} played?",
         "How do musicians play {e}?", "What makes {e} sound?",
         "Tell me how {e} is played.", "What do musicians use to play {e}?", "What does one use for playing {e}?", "By what means is {e} played?"],
        ["{e} is played with {o}.", "Musicians play {e} with {o}.", "To play {e}, one uses {o}."]),
    "strings": ("Strings", ["the number of strings on {e}", "the string count of {e}"],
        ["How many strings does {e} have?", "How many strings are on {e}?", "What number of strings does {e} have?", "{e} has how many strings?",
         "Tell me how many strings {e} has.", "How many strings can I count on {e}?", "What is the right number of strings for {e}?", "How many strings must {e} have?"],
        ["{e} has {o} strings.", "There are {o} strings on {e}.", "The number of strings on {e} is {o}."]),
    "inventor": ("Inventor", ["the inventor of {e}", "the person behind {e}"],
        ["Who invented {e}?", "Who was the inventor of {e}?", "Who made the first version of {e}?", "Who came up with {e}?",
         "Who is behind the invention of {e}?", "Whose invention is {e}?", "To whom do we owe {e}?",
         "Which person invented {e}?", "Tell me who invented {e}.", "Who gets thanks for {e}?", "Who was the first to make {e}?", "Which inventor gave us {e}?", "Whose work was {e}?"],
        ["The inventor of {e} was {o}.", "{o} invented {e}.", "{e} was invented by {o}."]),
    "year": ("Year", ["the year of {e}", "the year in which {e} was invented"],
        ["When was {e} invented?", "In which year was {e} invented?", "What year saw the invention of {e}?", "When did {e} appear?",
         "In what year did {e} first appear?", "Which year brought {e}?",
         "Tell me when {e} was invented.", "What is the year of the invention of {e}?", "How old is {e}, from which year is it?", "From what year does {e} date?"],
        ["{e} dates from {o}.", "{e} was invented in {o}.", "In {o}, {e} appeared."]),
    "field": ("Field", ["the field of {e}", "the field where {e} is used"],
        ["In which field is {e} used?", "What is {e} used for?", "To which field does {e} belong?", "Where is {e} useful?",
         "What field did {e} change?", "Which area of life did {e} change?",
         "Tell me in which field {e} is used.", "What field needs {e}?", "For what do people use {e}?"],
        ["{e} is used in {o}.", "{e} belongs to the field of {o}.", "{e} changed {o}."]),
    "author": ("Author", ["the author of {e}", "the writer of {e}"],
        ["Who wrote {e}?", "Who is the author of {e}?", "By whom was {e} written?", "Which writer created {e}?", "Whose work is {e}?",
         "Who is the writer behind {e}?", "Which author wrote {e}?",
         "Tell me who wrote {e}.", "What author gave us {e}?", "Who was the author of {e}?", "Which writer do we know for {e}?", "Who stands on the cover of {e} as its writer?"],
        ["The author of {e} is {o}.", "{o} wrote {e}.", "{e} was written by {o}."]),
    "form": ("Form", ["the form of {e}", "the literary form of {e}"],
        ["What kind of work is {e}?", "Is {e} a novel, a play or a poem?", "What type of book is {e}?", "Which literary form does {e} have?",
         "What sort of text is {e}?", "As what kind of work was {e} written?",
         "Is {e} a play, a poem or a novel?", "Tell me what kind of work {e} is.", "What do we call {e}, a novel, a poem or a play?"],
        ["{e} was written as {ao}.", "By form, {e} is {ao}.", "{e} is {ao}."]),
    "tongue": ("Original language", ["the original language of {e}", "the language {e} was written in"],
        ["In which language was {e} written?", "What language was {e} first written in?", "What is the original language of {e}?",
         "Which language did the author of {e} use?", "In what language did {e} first appear?",
         "Tell me in which language {e} was written.", "What language did the writer of {e} use?", "In which language did people first read {e}?"],
        ["{e} was first written in {o}.", "The original language of {e} is {o}.", "The text of {e} was written in {o}."]),
    "city": ("City", ["the city of {e}", "the city where {e} stands"],
        ["In which city is {e}?", "Where does {e} stand?", "Which city is home to {e}?", "What city is {e} in?", "Where can I see {e}?",
         "In what city can people visit {e}?", "Which city has {e}?",
         "What city do I visit to see {e}?", "Tell me in which city {e} stands.", "Where do tourists find {e}?", "In which city can tourists see {e}?", "Which city must I go to for {e}?"],
        ["{e} stands in {o}.", "{e} is in {o}.", "People can visit {e} in {o}."]),
    "country": ("Country", ["the country of {e}", "the country where {e} stands"],
        ["In which country is {e}?", "Which country is home to {e}?", "What country is {e} in?", "Which country has {e}?",
         "In what country can people visit {e}?", "To which country does {e} belong?",
         "What country do I visit to see {e}?", "Tell me in which country {e} stands.", "In which country do tourists find {e}?", "Which country must I go to for {e}?"],
        ["The country of {e} is {o}.", "As for the country, {e} is found in {o}.", "{e} belongs to {o}."]),
    "type": ("Type", ["the type of building {e} is", "the kind of place {e} is"],
        ["What kind of place is {e}?", "What type of building is {e}?", "What is {e}?", "What sort of sight is {e}?", "As what is {e} known?",
         "Tell me what kind of place {e} is.", "What do visitors find at {e}, a museum, a tower or something else?"],
        ["{e} is known as {ao}.", "{e} is {ao}.", "Travellers know {e} as {ao}."]),
    "origin": ("Origin", ["the home country of {e}", "the origin of {e}"],
        ["Which country is {e} from?", "Where does {e} come from?", "In which country is {e} a traditional dish?", "What country is known for {e}?",
         "Which cuisine has {e}?", "From where does the dish {e} come?", "Which country gave us {e}?",
         "Which country do people link with {e}?", "Tell me from which country {e} comes.", "What country does {e} come from?", "Where was {e} first made, in which country?", "From which country is {e}?"],
        ["{e} is a traditional dish of {o}.", "{e} comes from {o}.", "The home of {e} is {o}."]),
    "ingredient": ("Main ingredient", ["the main ingredient of {e}", "the base of {e}"],
        ["What is {e} made from?", "What is the main ingredient in {e}?", "Which ingredient does {e} need most?", "What goes into {e}?",
         "From what is {e} made?", "What do cooks need for {e}?",
         "What is the most important ingredient of {e}?", "Tell me what {e} is made from.", "Which ingredient is in every {e}?", "What do I buy first to make {e}?"],
        ["The main ingredient of {e} is {o}.", "{e} is made from {o}.", "Cooks make {e} with {o}."]),
}

# Generic frames around a noun phrase; {np} is "the capital of France".
FRAMES = [
    "What is {np}?", "Tell me {np}.", "Name {np}.", "Can you tell me {np}?", "Please tell me {np}.", "Do you know {np}?",
    "I would like to know {np}.", "Could you give me {np}?", "I forgot {np}. What is it?", "Remind me of {np}.", "Please give {np}.",
    "My daughter asked me about {np}.", "Quick question: what is {np}?", "I am looking for {np}.", "What can you say about {np}?",
    "If someone asks for {np}, what do you say?", "I need {np} for school.", "What exactly is {np}?", "Can you name {np}?", "May I ask about {np}?",
    "Which is {np}?", "I can't recall {np}.", "Does anyone know {np}?", "What would you call {np}?", "Let us talk about {np}.", "Have you heard of {np}?", "Find {np} for me.",
    "State {np}.", "We want to know {np}.", "For a quiz, what is {np}?", "Would you tell me {np}, please?", "Hi, what is {np}?",
]

# Words around a question.
BEFORE = ["I have a test tomorrow.", "Just curious:", "Out of interest:", "For my homework:", "A friend and I disagree.", "Hello!", "We are playing a game.", "I am writing a text.",
          "One thing I keep forgetting:", "My son wants to know:", "Help me out:", "A short one:", "I read a lot lately.", "I am new to this.", "My boss asked me:",
          "My teacher asked:", "A stranger asked me:", "My neighbour told me about it.", "My sister and I talk about it.", "My family will travel soon.", "I go to school.", "An old man asked me:",
          "I was in a museum today.", "I am a student.", "We were in a shop.", "My friend wants to learn.", "I am a little tired, so help me.", "I would like to be sure.", "I am angry that I forget this:",
          "I work in a bank.", "For my next trip:", "I am packing my bag."]
BEFORE_ENTITY = ["I read about {t} today.", "We talked about {t}.", "My friend likes {t}.", "I saw a film about {t}.", "I am writing about {t}.", "Let us speak of {t}.", "I dream of {t}.",
                 "My class learns about {t}.", "I am thinking about {t}."]
AFTER = ["Thanks!", "Thank you.", "I need it for school.", "Do you know?", "Please help.", "I forgot.", "Can you tell me?"]

ABOUT = ["Tell me about {t}.", "What should I know about {t}?", "What do you know about {t}?", "Give me some facts about {t}.", "Say something about {t}.",
         "I want to learn about {t}.", "Can you describe {t}?"]

PLURALS = {"sheep": "sheep", "deer": "deer", "wolf": "wolves", "goose": "geese", "salmon": "salmon"}


def sentence(text):
    """First letter upper case; everything else as it stands."""
    return text[0].upper() + text[1:]


def fill(pattern, domain, entity, obj=""):
    name = mention(domain, entity)
    text = pattern.format(
        e=name, ae=indefinite(entity), o=obj, ao=indefinite(obj) if obj else "", p=PLURALS.get(entity, entity + "s"),
        t=f"the {entity}" if domain == "animals" else name)
    return sentence(text)


def lower_statement(text, domain, entity):
    """The statement as it goes on after a comma or colon: only a proper name keeps its capital ("-": no entity)."""
    first = text.split(" ")[0]
    if entity == "-":
        return text[0].lower() + text[1:]
    return text[0].lower() + text[1:] if first in {"The", "A", "An", "People", "Musicians", "By", "As", "At", "In", "Cooks", "Counted", "There",
                                                   "Many", "Chemists", "Among", "To", "Travellers"} and entity.split(" ")[0] != first else text


def question(rng, domain, entity, relation):
    """A training question, sometimes with a few words around it."""
    _, nps, direct, _ = RELATIONS[relation]
    text = _bare_question(rng, domain, entity, nps, direct)
    roll = rng.random()
    if roll < 0.06:
        text = f"{fill(rng.choice(BEFORE_ENTITY), domain, entity)} {text}"
    elif roll < 0.2:
        before = rng.choice(BEFORE)
        text = f"{before} {text[0].lower() + text[1:] if before.endswith(':') and not text.startswith(entity.split(' ')[0]) else text}"
    if rng.random() < 0.08:
        text = f"{text} {rng.choice(AFTER)}"
    return text


def _bare_question(rng, domain, entity, nps, direct):
    if rng.random() < 0.65:
        return fill(rng.choice(direct), domain, entity)
    np = rng.choice(nps)
    filled = fill(np, domain, entity)
    filled = filled[0].lower() + filled[1:] if not np.startswith("{e}") else filled
    return sentence(rng.choice(FRAMES).format(np=filled))
