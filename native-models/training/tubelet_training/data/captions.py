"""Captions: reading them, grouping those of one photograph, and keeping held-out photographs out of the text.

Flickr8k is a part of Flickr30k, whose captions come without photographs: every group of Flickr30k captions that holds
a caption of Flickr8k `val` is dropped, and so is every COCO caption of a held-out COCO photograph.
"""

from __future__ import annotations

import bisect
import html
import re
from collections import Counter, defaultdict
from pathlib import Path

LETTERS = re.compile(r"[a-z0-9]+")
DRIFT = 40  # lines by which two columns of the Flickr30k file may drift apart before a link is refused


def normalise(text: str) -> str:
    """Lower-case words only; the key by which captions of different corpora are compared."""
    return " ".join(LETTERS.findall(text.lower()))


def clean(text: str) -> str:
    """A caption as it is trained on: single spaces, no space before punctuation, no final full stop."""
    text = re.sub(r"\s+", " ", html.unescape(text).strip().strip('"')).strip()
    text = re.sub(r"\s+([.,;:!?'])", r"\1", text)
    return text.rstrip(" .")


def read_captioned(folder: Path) -> dict[str, dict[str, list[str]]]:
    """`{split: {file: captions}}` of a folder with `captions.tsv` (file, split, caption)."""
    splits: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for line in (folder / "captions.tsv").read_text(encoding="utf-8").splitlines():
        file, split, caption = line.split("\t")
        if (folder / file).exists():
            splits[split][file].append(clean(caption))
    return {split: dict(files) for split, files in splits.items()}


def link_columns(lines: list[str], siblings: list[list[str]]) -> list[list[int]]:
    """Groups of line numbers that caption one photograph, in a file that lists caption 1 of all, then caption 2 …

    A few lines are missing from each column, so the distance between siblings drifts. `siblings` (groups of captions
    known to belong together) anchor it; between two anchors that disagree the more similar line is taken.
    """
    where: dict[str, list[int]] = defaultdict(list)
    for number, line in enumerate(lines):
        where[normalise(line)].append(number)
    anchors: dict[int, int] = {}
    for group in siblings:
        places = [where[key][0] for key in map(normalise, group) if len(where.get(key, ())) == 1]
        if len(places) == 5:
            places.sort()
            anchors.update((a, b - a) for a, b in zip(places, places[1:]))
    starts = sorted(anchors)
    words = [Counter(LETTERS.findall(line.lower())) for line in lines]
    frequency = Counter(word for counts in words for word in counts)

    def similarity(a: int, b: int) -> float:
        return sum(1.0 / frequency[word] ** 0.5 for word in words[a].keys() & words[b].keys())

    following: dict[int, int] = {}
    for number in range(len(lines)):
        right = bisect.bisect_left(starts, number)
        if right == 0 or right == len(starts):
            continue
        first, second = anchors[starts[right - 1]], anchors[starts[right]]
        if abs(first - second) > DRIFT:
            continue
        low, high = min(first, second), max(first, second)
        candidates = [number + gap for gap in range(low, high + 1) if number + gap < len(lines)]
        if candidates:
            following[number] = max(candidates, key=lambda other: similarity(number, other))
    groups, taken = [], set()
    for number in range(len(lines)):
        group = []
        while number is not None and number not in taken and len(group) < 5:
            taken.add(number)
            group.append(number)
            number = following.get(number)
        if group:
            groups.append(group)
    return groups


def split_runs(lines: list[str]) -> list[list[str]]:
    """Groups of consecutive lines that caption one photograph: five as a rule, a few groups lack or have one more.

    Chosen by dynamic programming: the similarity of neighbouring lines inside a group, less a cost for another size.
    """
    words = [set(LETTERS.findall(line.lower())) for line in lines]
    frequency = Counter(word for line in words for word in line)
    weight = {word: 1.0 / count**0.5 for word, count in frequency.items()}
    like = [sum(weight[word] for word in a & b) for a, b in zip(words, words[1:])]
    best: list[float] = [0.0]
    size_of: list[int] = [0]
    for end in range(1, len(lines) + 1):
        options = []
        for size, cost in ((5, 0.0), (4, 0.25), (6, 0.25), (3, 0.5), (2, 0.8), (1, 1.0)):
            if size <= end:
                inside = sum(like[end - size : end - 1])
                options.append((best[end - size] + inside - cost, size))
        score, size = max(options)
        best.append(score)
        size_of.append(size)
    groups, end = [], len(lines)
    while end:
        groups.append(lines[end - size_of[end] : end])
        end -= size_of[end]
    return groups[::-1]


def read_text_corpora(data: Path) -> list[list[str]]:
    """Groups of captions of the same photograph from Flickr30k and COCO, without any held-out caption."""
    flickr8k, coco = read_captioned(data / "flickr8k"), read_captioned(data / "coco")
    held_out = {
        normalise(caption) for captions in (*flickr8k["val"].values(), *coco["val"].values()) for caption in captions
    }
    lines = (data / "text" / "flickr30k-captions.txt").read_text(encoding="utf-8").splitlines()
    siblings = [group for split in flickr8k.values() for group in split.values()]
    groups = [[lines[number] for number in group] for group in link_columns(lines, siblings)]
    lines = (data / "text" / "coco-captions.txt").read_text(encoding="utf-8").splitlines()
    groups += split_runs(lines)
    kept = [group for group in groups if not any(normalise(caption) in held_out for caption in group)]
    return [[clean(caption) for caption in group if len(caption) > 8] for group in kept]


def class_names(data: Path) -> list[str]:
    """The 1,000 ImageNet class names in the order of DeiT's scores (sorted by WordNet id)."""
    stems = sorted(path.stem for path in (data / "imagenet1000").glob("*.jpg"))
    return [stem.split("_", 1)[1].replace("_", " ").lower() for stem in stems]
