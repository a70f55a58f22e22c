"""The captioned photographs that a stage trains on, and the held-out ones."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from pathlib import Path

from .captions import class_names, read_captioned
from .photographs import Photographs
from .tokenizer import TextCodec

SIDES = re.compile(r"\b(left|right)\b", re.IGNORECASE)
TEMPLATES = ("a photo of a {}", "a photo of a {}", "a picture of a {}", "a {}", "{}")


def mirrored(caption: str) -> str:
    """The caption of the mirrored photograph: left and right change places."""
    return SIDES.sub(lambda match: "right" if match.group(0).lower() == "left" else "left", caption)


@dataclass(frozen=True)
class Captioned:
    """One captioned photograph: its folder, its row in the caches, its captions.

    `borrowed` captions are those of photographs like it: good enough to match and to write, not to be asked about.
    """

    folder: str
    row: int
    captions: list[str]
    borrowed: bool = False


def captioned(data: Path, work: Path, folder: str, splits: tuple[str, ...]) -> list[Captioned]:
    """The captioned photographs of a folder's splits, in a fixed order."""
    rows = Photographs(work, folder).row
    tables = read_captioned(data / folder)
    return [
        Captioned(folder, rows[file], captions)
        for split in splits
        for file, captions in sorted(tables.get(split, {}).items())
    ]


def training_photographs(data: Path, work: Path) -> list[Captioned]:
    """All photographs with captions that may be trained on."""
    return captioned(data, work, "flickr8k", ("train", "extra")) + captioned(data, work, "coco", ("train",))


class ClassNames:
    """The ImageNet class names as text rows for pass 1."""

    def __init__(self, data: Path, codec: TextCodec) -> None:
        self.names, self.codec = class_names(data), codec

    def prompt(self, number: int, template: str = TEMPLATES[0]) -> str:
        """ "a photo of a <name>", with the right article."""
        name = self.names[number]
        text = template.format(name)
        return text.replace(f" a {name}", f" an {name}") if name[0] in "aeiou" else text

    def rows(self, numbers: list[int]) -> list[list[int]]:
        """Id rows for the classes, each in a random template."""
        return [self.codec.search(self.codec.ids(self.prompt(n, random.choice(TEMPLATES)))) for n in numbers]
