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
from ..data.styles import STYLES, styled_rows
from ..data.tokenizer import TextCodec
from ..evaluation.quick import quick_numbers
from ..model.mammut import Mammut
from .joint import JointLoss

STYLED, LOOSE = "flickr8k", "coco_unlabelled"


class FrozenStage:
    """The loss of one step on cached features; `settings` is the configuration's `stages.frozen`."""

    def __init__(self, model: Mammut, settings: dict, data: Path, work: Path, codec: TextCodec, seed: int) -> None:
        self.model, self.settings, self.codec, self.data, self.work = model, settings, codec, data, work
        self.photographs = training_photographs(data, work)
        self.features = {name: Features(work, name) for name in ("flickr8k", "coco", LOOSE)}
        styles = STYLES if settings["styled"] else ()
        variants = ["mirror", *styles] if settings["mirrored"] else styles
        self.variants = {name: Features(work, STYLED, name) for name in variants}
        self.styled = {style: styled_rows(work, STYLED, style) for style in styles}
        self.joint = JointLoss(model, settings, self.photographs, data, codec, seed)
        self.order = Shuffled(len(self.photographs), seed)
        self.unlabelled = Shuffled(len(self.features[LOOSE].logits), seed + 1)

    def parameter_groups(self) -> list[dict]:
        """Pooling and head learn faster than the decoder, which the text stage has taught already."""
        model, rate = self.model, self.settings["learning_rate"]
        fresh = [*model.pooling.parameters(), *model.head.parameters()]
        taught = [*model.decoder.parameters(), model.log_scale]
        return [{"params": fresh, "lr": rate}, {"params": taught, "lr": rate * self.settings["decoder_rate"]}]

    def style(self, number: int) -> str | None:
        """Now and then one of the styles that the photograph was cached in."""
        photograph = self.photographs[number]
        if photograph.folder != STYLED or random.random() > self.settings["styled"]:
            return None
        return next((style for style, rows in self.styled.items() if photograph.row in rows), None)

    def source(self, number: int, flip: bool, style: str | None) -> tuple[Features, int]:
        """The cache and the row of a photograph, plain, mirrored or in a style."""
        photograph = self.photographs[number]
        if style:
            return self.variants[style], self.styled[style][photograph.row]
        return self.variants["mirror"] if flip else self.features[photograph.folder], photograph.row

    def loss(self) -> tuple[Tensor, dict[str, float]]:
        """The loss of the next batch, and its parts for the log."""
        numbers = self.order.take(self.settings["photographs"])
        styles = [self.style(n) for n in numbers]
        flips = [
            style is None and self.photographs[n].folder == STYLED and random.random() < self.settings["mirrored"]
            for n, style in zip(numbers, styles)
        ]
        sources = [self.source(*chosen) for chosen in zip(numbers, flips, styles)]
        sources += [(self.features[LOOSE], row) for row in self.unlabelled.take(self.settings["unlabelled"])]
        # The same random share of the image tokens is kept for the whole batch: cheaper, and it regularises.
        image_tokens = sources[0][0].tokens.shape[1] - 1
        index = torch.randperm(image_tokens)[: int(image_tokens * self.settings["keep"])].sort().values
        kept = np.concatenate([[0], index.numpy() + 1])
        tokens = torch.from_numpy(np.stack([source.tokens[row][kept] for source, row in sources])).bfloat16()
        teacher = torch.from_numpy(np.stack([source.logits[row] for source, row in sources]))
        embedding, stored = self.model.encode_features(tokens, index.expand(len(sources), -1))
        return self.joint(embedding, stored, teacher, numbers, flips, styles)

    def measure(self) -> dict:
        """Depth and breadth on held-out photographs, from cached features."""
        return quick_numbers(self.model, self.codec, self.data, self.work, frozen=True)
