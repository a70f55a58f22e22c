"""What every stage with photographs minimises: contrast, captions and answers, class names, text-only replay."""

from __future__ import annotations

import random
from pathlib import Path

import torch
from torch import Tensor

from ..data.batches import Shuffled
from ..data.collections import Captioned, ClassNames
from ..data.hypernyms import NAMES, group_scores
from ..data.tokenizer import TextCodec
from ..model.losses import class_distillation, class_relation, focal_contrastive
from ..model.mammut import Mammut
from .objectives import PhotographText, encoded, siblings, written
from .text import CaptionText


class JointLoss:
    """The joint loss of a batch whose first rows are captioned photographs and whose others have no captions."""

    def __init__(
        self, model: Mammut, settings: dict, photographs: list[Captioned], data: Path, codec: TextCodec, seed: int
    ) -> None:
        self.model, self.settings, self.codec = model, settings, codec
        self.captions = PhotographText(photographs, codec, settings["longest"])
        self.text = CaptionText(data, codec, settings["longest"])
        self.names = ClassNames(data, codec)
        self.sibling_order = Shuffled(len(self.text.groups), seed + 2)
        self.memory: list[tuple[Tensor, Tensor, Tensor]] = []

    def contrast(self, images: Tensor, texts: tuple[Tensor, Tensor], numbers: list[int]) -> Tensor:
        """Focal contrast with both captions, against the batch and the remembered pairs of the steps before.

        The memory (cross-batch memory, arXiv 1912.06798) gives small batches more negatives; `settings["memory"]`
        says how many steps it goes back. A remembered pair of a photograph in the batch is left out.
        """
        own = torch.tensor(numbers)
        old = [torch.cat(part) for part in zip(*self.memory)] if self.memory else []
        total = images.new_zeros(())
        for text in texts:
            left, right = images, text
            if old:
                fresh = ~torch.isin(old[2], own)
                left, right = torch.cat([images, old[0][fresh]]), torch.cat([text, old[1][fresh]])
            total = total + focal_contrastive(left, right, self.model.scale(), self.settings["gamma"], len(numbers))
        if self.settings["memory"]:
            self.memory = [*self.memory, (images.detach(), texts[0].detach(), own)][-self.settings["memory"] :]
        return total / 2

    def distil(self, embedding: Tensor, teacher: Tensor) -> Tensor:
        """Class-name distillation over classes that DeiT sees in this batch, and as many others at random."""
        half = self.settings["classes"] // 2
        likely = torch.unique(teacher.topk(self.settings["top_classes"], dim=1).indices)
        likely = likely[torch.randperm(len(likely))][:half]
        classes = torch.unique(torch.cat([likely, torch.randperm(teacher.shape[1])[:half]]))
        groups = [self.codec.search(self.codec.ids(random.choice(names))) for names in NAMES]
        texts = encoded(self.model, self.names.rows(classes.tolist()) + groups)
        names, groups = texts[: len(classes)], texts[len(classes) :]
        teacher = teacher.float()
        by_class = class_distillation(embedding, names, self.model.scale(), teacher[:, classes])
        by_class = by_class + self.settings["relation_weight"] * class_relation(embedding, names, teacher[:, classes])
        return by_class + class_distillation(embedding, groups, self.model.scale(), group_scores(teacher))

    def __call__(
        self,
        embedding: Tensor,
        stored: Tensor,
        teacher: Tensor,
        numbers: list[int],
        flips: list[bool],
        styles: list[str | None],
    ) -> tuple[Tensor, dict[str, float]]:
        """The loss of embeddings `[B, d]`, stored tokens `[B, m, k]` and DeiT's scores `[B, 1000]`.

        The first `len(numbers)` rows are the photographs of those numbers, mirrored where `flips` says so and drawn in
        a style where `styles` names one.
        """
        settings, count = self.settings, len(numbers)
        first, second = self.captions.two_captions(numbers, flips)
        named = self.captions.named(first, styles) + self.captions.named(second, styles)
        texts = encoded(self.model, [self.codec.search(ids) for ids in named]).chunk(2)
        contrast = self.contrast(embedding[:count], texts, numbers)
        distil = self.distil(embedding, teacher)
        told = (first + second)[: int(count * settings["captions_each"])]
        rows, owners = [self.codec.caption(ids) for ids in told], [place % count for place in range(len(told))]
        for owner, question, answer in self.captions.questions(numbers, styles, settings["questions"]):
            rows.append(self.codec.answer(question, answer))
            owners.append(owner)
        write = written(self.model, rows, stored[owners], settings["smoothing"])
        groups = [self.text.groups[row] for row in self.sibling_order.take(settings["groups"])]
        alike = siblings(self.model, self.codec, groups, settings["gamma"])
        total = (
            contrast
            + settings["distil_weight"] * distil
            + settings["write_weight"] * write
            + settings["sibling_weight"] * alike
        )
        return total, {
            "contrast": contrast.item(),
            "distil": distil.item(),
            "write": write.item(),
            "siblings": alike.item(),
        }
