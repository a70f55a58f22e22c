"""Questions and answers made from captions by rule: object, number, colour, place, action, yes/no.

The rules read one caption at a time and know short word lists; what they do not understand they leave out. The
answer `unknown` is made for questions about a thing that no caption of the photograph names.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import dataclass

UNKNOWN = "unknown"
PEOPLE = {
    "man": "men",
    "woman": "women",
    "boy": "boys",
    "girl": "girls",
    "child": "children",
    "person": "people",
    "baby": "babies",
    "dog": "dogs",
    "player": "players",
    "kid": "kids",
    "toddler": "toddlers",
    "lady": "ladies",
    "guy": "guys",
    "cat": "cats",
    "horse": "horses",
    "skateboarder": "skateboarders",
    "surfer": "surfers",
    "skier": "skiers",
    "cyclist": "cyclists",
    "bird": "birds",
    "cow": "cows",
    "couple": "couples",
    "car": "cars",
}
SINGULAR = {plural: singular for singular, plural in PEOPLE.items()}
HUMANS = set(
    "man woman boy girl child person baby player kid toddler lady guy couple skateboarder surfer skier "
    "cyclist men women boys girls children people babies players kids toddlers ladies guys".split()
)
NUMBERS = {
    "two": "two",
    "three": "three",
    "four": "four",
    "five": "five",
    "six": "six",
    "2": "two",
    "3": "three",
    "4": "four",
    "a": "one",
    "an": "one",
    "one": "one",
}
COLOURS = set("red blue green yellow black white brown orange pink purple gray grey tan blond".split())
PLACES = set(
    "grass field water beach street snow park pool road sand ocean woods forest yard river kitchen room bathroom lake "
    "mountain sidewalk city track stage bench couch bed table desk court hill sky air dirt bus car train "
    "boat building fence wall rock rocks tree trees bridge ramp field stairs waves mud track store restaurant office "
    "crowd garden playground parking lot harbor station zoo farm".split()
) - {"parking", "lot"}
THINGS = set(
    "ball shirt hat dress jacket coat collar frisbee stick toy bike bicycle skateboard surfboard snowboard helmet bag "
    "camera guitar umbrella rope swing slide motorcycle truck car bus train boat kite bat racket phone book cup glass "
    "plate pizza cake sandwich bench chair table couch bed laptop computer keyboard clock sign tree flower flowers "
    "fence wall rock bridge fountain building tent tennis soccer football basketball baseball volleyball suit shorts "
    "jeans pants sunglasses glasses scarf vest uniform costume shoes boots gloves hair bottle bowl vase bear elephant "
    "giraffe zebra sheep cow horse bird cat dog airplane plane sink toilet mirror television refrigerator oven "
    "microwave banana apple orange broccoli carrot hydrant suitcase backpack snow grass water".split()
)
WEAR = re.compile(
    r"\b(wearing|holding|riding|throwing|carrying|eating|playing|pushing|pulling|catching|chasing)"
    r" (?:a|an|the|his|her|its|some)?\s?((?:\w+ ){0,2}\w+)"
)
NOT_ACTIONS = set(
    "wearing building during clothing evening morning wedding string spring thing something nothing "
    "anything everything king ring wing ceiling painting railing clearing crossing swimming-pool "
    "bring sling including looking being having using parking topping doing".split()
)


@dataclass(frozen=True)
class Question:
    """One question, its answer and its kind."""

    kind: str
    question: str
    answer: str


def words_of(caption: str) -> list[str]:
    """Lower-case words of a caption."""
    return re.findall(r"[a-z0-9]+", caption.lower())


def subject_of(words: list[str]) -> str | None:
    """The first person or animal a caption names."""
    return next((word for word in words if word in PEOPLE or word in SINGULAR), None)


def number_questions(words: list[str]) -> list[Question]:
    """How many of the first group: "two black dogs run" -> two."""
    for place, word in enumerate(words):
        if word not in NUMBERS:
            continue
        for later in words[place + 1 : place + 4]:
            if NUMBERS[word] == "one" and later in PEOPLE and place == 0:
                return [Question("number", f"how many {PEOPLE[later]} are there", "one")]
            if NUMBERS[word] != "one" and later in SINGULAR:
                return [Question("number", f"how many {later} are there", NUMBERS[word])]
    return []


def colour_questions(words: list[str]) -> list[Question]:
    """What colour a named thing has: "in a red shirt" -> red; two colours in a row or joined by "and" both count."""
    found = []
    for place, word in enumerate(words):
        if word not in COLOURS or place + 1 >= len(words) or (place and words[place - 1] in COLOURS | {"and"}):
            continue
        colour, rest = word, words[place + 1 :]
        if len(rest) > 2 and rest[0] == "and" and rest[1] in COLOURS:
            colour, rest = f"{word} and {rest[1]}", rest[2:]
        thing = rest[0] if rest and (rest[0] in THINGS or rest[0] in PEOPLE) else None
        if thing:
            spelling = random.choice(("color", "color", "colour"))
            found.append(Question("colour", f"what {spelling} is the {thing}", colour.replace("grey", "gray")))
    return found


def place_questions(words: list[str]) -> list[Question]:
    """Where the subject is: "on the beach" -> beach."""
    subject = subject_of(words)
    for place, word in enumerate(words[:-2]):
        if word in ("in", "on", "at", "through", "across", "down", "over") and words[place + 1] in ("a", "an", "the"):
            where = next((later for later in words[place + 2 : place + 5] if later in PLACES), None)
            if where and subject:
                return [Question("place", f"where {'are' if subject in SINGULAR else 'is'} the {subject}", where)]
    return []


def action_questions(words: list[str]) -> list[Question]:
    """What the subject does: "a dog is running" -> running."""
    subject = subject_of(words)
    if subject is None:
        return []
    after = words[words.index(subject) + 1 :]
    action = next((word for word in after if word.endswith("ing") and len(word) > 4 and word not in NOT_ACTIONS), None)
    if action is None:
        return []
    return [Question("action", f"what {'are' if subject in SINGULAR else 'is'} the {subject} doing", action)]


def object_questions(caption: str, words: list[str]) -> list[Question]:
    """What is worn, held, ridden …; and which person or animal is seen."""
    found, subject = [], subject_of(words)
    match = WEAR.search(caption.lower())
    if match and subject:
        thing = next((word for word in match.group(2).split() if word in THINGS), None)
        if thing:
            be = "are" if subject in SINGULAR else "is"
            found.append(Question("object", f"what {be} the {subject} {match.group(1)}", thing))
    if subject and subject not in HUMANS:
        found.append(Question("object", "what animal is in the picture", SINGULAR.get(subject, subject)))
    return [question for question in found if question.answer != "car"]


def related(word: str) -> set[str]:
    """Words that must not be denied when `word` is in a caption."""
    both = {word, PEOPLE.get(word, word), SINGULAR.get(word, word), word + "s", word.rstrip("s")}
    return both | HUMANS if word in HUMANS else both


class QuestionMaker:
    """Questions for photographs; the things it denies are as frequent as the things it affirms."""

    def __init__(self, captions: list[list[str]]) -> None:
        counts: Counter[str] = Counter()
        for group in captions:
            counts.update({word for caption in group for word in words_of(caption)} & (THINGS | set(PEOPLE)))
        self.nouns = [noun for noun, count in counts.items() if count >= 5]
        self.weights = [counts[noun] for noun in self.nouns]

    def absent(self, group: list[str]) -> str:
        """A thing that no caption of the group names, as likely as it is to be named elsewhere."""
        named = {other for caption in group for word in words_of(caption) for other in related(word)}
        while True:
            noun = random.choices(self.nouns, self.weights)[0]
            if not related(noun) & named:
                return noun

    def presence(self, group: list[str]) -> list[Question]:
        """One yes and one no about things."""
        here = [word for caption in group for word in words_of(caption) if word in THINGS or word in PEOPLE]
        if not here:
            return []
        yes, no = random.choice(here), self.absent(group)
        form = random.choice(("is there a {} in the picture", "is there a {}", "can you see a {}"))
        return [Question("yes/no", form.format(yes), "yes"), Question("yes/no", form.format(no), "no")]

    def from_group(self, group: list[str]) -> list[Question]:
        """All questions that the captions of one photograph answer."""
        found: list[Question] = self.presence(group)
        for caption in group:
            words = words_of(caption)
            found += number_questions(words) + colour_questions(words) + place_questions(words)
            found += action_questions(words) + object_questions(caption, words)
        return found

    def unanswerable(self, group: list[str]) -> Question:
        """A question about a thing that is not there."""
        noun = self.absent(group)
        form = random.choice(("what color is the {}", "where is the {}", "what is the {} doing"))
        return Question("unanswerable", form.format(noun), UNKNOWN)
