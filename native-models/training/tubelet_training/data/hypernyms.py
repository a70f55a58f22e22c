"""Everyday names for groups of ImageNet classes: "vegetables", "a bird", "a car". DeiT's scores of a group are pooled.

Numbers are ImageNet class numbers (classes sorted by WordNet id).
"""

from __future__ import annotations

import torch
from torch import Tensor

BALLS = (429, 430, 522, 574, 722, 768, 805, 852, 890)
GROUPS: dict[tuple[str, ...], tuple[int, ...]] = {
    ("a fish", "fish"): (*range(0, 7), *range(389, 398)),
    ("a bird", "birds"): (*range(7, 25), *range(80, 101), *range(127, 147)),
    ("a snake", "snakes"): tuple(range(52, 69)),
    ("a lizard", "a reptile"): tuple(range(38, 51)),
    ("a turtle",): tuple(range(33, 38)),
    ("a spider",): tuple(range(72, 78)),
    ("a dog", "dogs"): tuple(range(151, 269)),
    ("a cat", "cats", "a kitten"): tuple(range(281, 286)),
    ("a big wild cat", "a lion or a tiger"): tuple(range(286, 294)),
    ("a bear",): tuple(range(294, 298)),
    ("an insect", "a bug"): tuple(range(300, 321)),
    ("a butterfly", "butterflies"): tuple(range(321, 327)),
    ("a sheep", "sheep"): (348, 349),
    ("a monkey", "monkeys", "an ape"): tuple(range(365, 385)),
    ("an elephant", "elephants"): (385, 386),
    ("a car", "cars", "cars on a road"): (436, 468, 511, 609, 627, 656, 661, 751, 817),
    ("a truck", "trucks"): (555, 569, 675, 717, 864, 867),
    ("a bus",): (654, 779, 874),
    ("a train", "a train on the tracks"): (466, 547, 705, 820),
    ("an airplane", "a plane"): (404, 895),
    ("a boat", "boats on the water", "a ship"): (472, 484, 554, 576, 625, 780, 814, 871, 914),
    ("a bicycle", "a bike"): (444, 671),
    ("a motorcycle", "a scooter"): (665, 670),
    ("vegetables", "a vegetable", "fresh vegetables"): (*range(936, 947), 987, 998),
    ("fruit", "fruits", "fresh fruit"): tuple(range(948, 958)),
    ("fruit and vegetables",): (*range(936, 947), *range(948, 958), 987),
    ("food", "a plate of food", "a meal"): (923, 924, 925, 926, *range(927, 936), *range(959, 966)),
    ("a bottle", "bottles", "a bottle on a table"): (440, 720, 737, 898, 907),
    ("a drink", "a cup", "a cup of coffee"): (504, 966, 967, 968, 969),
    ("a musical instrument", "music"): (
        401,
        402,
        420,
        432,
        486,
        513,
        541,
        546,
        558,
        566,
        577,
        579,
        593,
        594,
        642,
        683,
        684,
        687,
        699,
        776,
        875,
        881,
        889,
    ),
    ("a guitar",): (402, 420, 546),
    ("a computer", "computers", "a screen"): (508, 527, 620, 664, 673, 681, 782),
    ("a telephone", "a phone"): (487, 528, 707),
    ("a building", "buildings"): (425, 449, 483, 497, 498, 624, 663, 668, 698, 832),
    ("a shop", "a store"): (415, 424, 454, 467, 509, 582, 788, 860, 865),
    ("a chair", "chairs"): (423, 559, 765, 857),
    ("a ball",): BALLS,
    ("a hat",): (439, 515, 793, 808),
    ("a mountain", "mountains"): (970, 972, 980),
    ("a beach", "the sea", "water"): (975, 977, 978),
    ("a kitchen",): (534, 651, 760, 766, 827, 859),
    ("a bathroom",): (435, 794, 861, 876, 896),
    ("a flower", "flowers"): (985, 986),
}
NAMES = list(GROUPS)


def group_scores(logits: Tensor) -> Tensor:
    """DeiT's scores of the groups `[B, len(NAMES)]`: the log-sum-exp of their classes' scores `[B, 1000]`."""
    return torch.stack([logits[:, list(GROUPS[names])].logsumexp(dim=1) for names in NAMES], dim=1)
