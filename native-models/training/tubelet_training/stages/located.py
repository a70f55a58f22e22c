"""Stage 4: the localisation head learns from YOLOX's boxes on the stored tokens of the finished model."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ..data.boxes import cells_inside, coco_classes, load_boxes
from ..data.collections import captioned
from ..data.photographs import Photographs
from ..data.tokenizer import TextCodec
from ..evaluation.localisation import WHOLE, score_localisation
from ..evaluation.quick import embed_stills
from ..evaluation.retrieval import embed_texts
from ..model.mammut import Mammut, quantise_tokens

TEMPLATES = ("a {}", "the {}", "{}", "a photo of a {}")
PEOPLE = ("person", "man", "woman", "boy", "girl", "child", "player")


class LocatedStage:
    """Which grid cells hold what a phrase names; only `model.locate` learns."""

    def __init__(self, model: Mammut, settings: dict, data: Path, work: Path, codec: TextCodec, seed: int) -> None:
        self.model, self.settings, self.codec, self.data, self.work = model, settings, codec, data, work
        boxes, classes = load_boxes(work, "flickr8k"), coco_classes(data)
        held_out = [photograph.row for photograph in captioned(data, work, "flickr8k", ("val",))]
        rows = sorted(int(row) for row, found in boxes.items() if found and int(row) not in set(held_out))
        model.eval()
        photographs = Photographs(work, "flickr8k")
        self.tokens = quantise_tokens(embed_stills(model, photographs, rows)[1])
        self.held_out = [row for row in held_out if str(row) in boxes]
        self.held_out_tokens = quantise_tokens(embed_stills(model, photographs, self.held_out)[1])
        names = [PEOPLE if name == "person" else (name,) for name in classes]
        phrases = [[template.format(name) for name in group for template in TEMPLATES] for group in names]
        flat = iter(embed_texts(model, codec, [phrase for group in phrases for phrase in group]))
        self.phrases = [torch.stack([next(flat) for _ in group]) for group in phrases]
        cells = model.pooling.cells
        self.targets = [
            {
                int(kind): torch.from_numpy(
                    cells_inside(np.array([box[2:] for box in boxes[str(row)] if box[0] == kind]), WHOLE, False, cells)
                ).float()
                for kind in {box[0] for box in boxes[str(row)]}
            }
            for row in rows
        ]
        # Frequent classes are asked for less often than they occur, so that the head does not learn people alone.
        counts = np.bincount([kind for target in self.targets for kind in target], minlength=len(classes))
        self.rarity = 1.0 / np.sqrt(np.maximum(1, counts))
        self.seen = [kind for kind, count in enumerate(counts) if count]

    def parameter_groups(self) -> list[dict]:
        """The head alone."""
        return [{"params": list(self.model.locate.parameters()), "lr": self.settings["learning_rate"]}]

    def loss(self) -> tuple[Tensor, dict[str, float]]:
        """Cross-entropy per cell for one class that is there and one that is not, for each photograph of a batch."""
        rows = random.choices(range(len(self.targets)), k=self.settings["photographs"])
        texts, targets = [], []
        for row in rows:
            here = sorted(self.targets[row])
            kind = random.choices(here, [self.rarity[k] for k in here])[0]
            gone = random.choice([k for k in self.seen if k not in self.targets[row]])
            texts += [random.choice(self.phrases[kind]), random.choice(self.phrases[gone])]
            targets += [self.targets[row][kind], torch.zeros_like(self.targets[row][kind])]
        tokens = self.tokens[rows].repeat_interleave(2, dim=0)
        tokens = tokens + torch.randn_like(tokens) * self.settings["noise"]
        scores = self.model.locate.scores(tokens, torch.stack(texts)).float()
        loss = F.binary_cross_entropy_with_logits(scores, torch.stack(targets))
        return loss, {"cells": loss.item()}

    def measure(self) -> dict:
        """Peak in box on held-out photographs."""
        return score_localisation(self.model, self.codec, self.data, self.work, self.held_out_tokens, self.held_out)
