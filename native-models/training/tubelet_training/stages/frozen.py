"""Stage 2, frozen DeiT: pooling, embedding head and decoder learn on cached DeiT tokens."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ..data.batches import Shuffled
from ..data.collections import training_photographs
from ..data.features import Features
from ..data.tokenizer import TextCodec
from ..evaluation.quick import quick_numbers
from ..model.mammut import Mammut
from .joint import JointLoss


class FrozenStage:
    """The loss of one step on cached features; `settings` is the configuration's `stages.frozen`."""

    def __init__(self, model: Mammut, settings: dict, data: Path, work: Path, codec: TextCodec, seed: int) -> None:
        self.model, self.settings, self.codec, self.data, self.work = model, settings, codec, data, work
        self.photographs = training_photographs(data, work)
        self.features = {name: Features(work, name) for name in ("flickr8k", "coco", "coco_unlabelled")}
        self.mirrored = {"flickr8k": Features(work, "flickr8k", mirror=True)}
        self.joint = JointLoss(model, settings, self.photographs, data, codec, seed)
        self.order = Shuffled(len(self.photographs), seed)
        self.unlabelled = Shuffled(len(self.features["coco_unlabelled"].logits), seed + 1)

    def parameter_groups(self) -> list[dict]:
        """Pooling and head learn faster than the decoder, which the text stage has taught already."""
        model, rate = self.model, self.settings["learning_rate"]
        fresh = [*model.pooling.parameters(), *model.head.parameters()]
        taught = [*model.decoder.parameters(), model.log_scale]
        return [{"params": fresh, "lr": rate}, {"params": taught, "lr": rate * self.settings["decoder_rate"]}]

    def loss(self) -> tuple[Tensor, dict[str, float]]:
        """The loss of the next batch, and its parts for the log."""
        numbers = self.order.take(self.settings["photographs"])
        flips = [self.photographs[n].folder in self.mirrored and random.random() < 0.5 for n in numbers]
        sources = [
            ((self.mirrored if flip else self.features)[self.photographs[n].folder], self.photographs[n].row)
            for n, flip in zip(numbers, flips)
        ]
        sources += [(self.features["coco_unlabelled"], row) for row in self.unlabelled.take(self.settings["unlabelled"])]
        # The same random share of the image tokens is kept for the whole batch: cheaper, and it regularises.
        image_tokens = sources[0][0].tokens.shape[1] - 1
        index = torch.randperm(image_tokens)[: int(image_tokens * self.settings["keep"])].sort().values
        kept = np.concatenate([[0], index.numpy() + 1])
        tokens = torch.from_numpy(np.stack([source.tokens[row][kept] for source, row in sources])).bfloat16()
        teacher = torch.from_numpy(np.stack([source.logits[row] for source, row in sources]))
        embedding, stored = self.model.encode_features(tokens, index.expand(len(sources), -1))
        return self.joint(embedding, stored, teacher, numbers, flips)

    def measure(self) -> dict:
        """Depth and breadth on held-out photographs, from cached features."""
        return quick_numbers(self.model, self.codec, self.data, self.work, frozen=True)
