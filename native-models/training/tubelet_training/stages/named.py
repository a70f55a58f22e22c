"""Stage `named`: the language learns on the stored tokens of many views; the tower and the pooling stay as they are.

A linear reading of the image embeddings finds DeiT's classes nearly as well as DeiT does, those included that no
photograph shows; but the embeddings hardly vary along the directions that tell classes apart (standard deviation 0.005,
0.06 along an ordinary text), and the names do not point along them. Hence an anchor for each class: the weights by which
DeiT's last layer reads the class, turned into the embedding space as a whole so that what images have in common stays
where it is. Images learn to repeat DeiT's scores themselves along the anchors, not only their softmax (Ba and Caruana,
arXiv 1312.6184), so that all images teach all classes; and the text embedding of each name goes where its anchor is.
"""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ..data.batches import Shuffled
from ..data.borrowed import borrow_captions
from ..data.collections import Captioned, training_photographs
from ..data.features import class_weights
from ..data.tokenizer import TextCodec
from ..data.views import Views, cache_views
from ..evaluation.answers import score_drawn
from ..evaluation.quick import quick_numbers
from ..evaluation.retrieval import embed_texts
from ..model.losses import class_anchors, class_distillation, score_matching
from ..model.mammut import Mammut
from .joint import JointLoss
from .objectives import drawn_texts, encoded

LOOSE = "coco_unlabelled"
DRAWN = 60  # scenes by which a run watches that motion is still read


class NamedStage:
    """The loss of one step on cached views; `settings` is the configuration's `stages.named`."""

    def __init__(self, model: Mammut, settings: dict, data: Path, work: Path, codec: TextCodec, seed: int) -> None:
        self.model, self.settings, self.codec, self.data, self.work = model, settings, codec, data, work
        photographs = training_photographs(data, work)
        # The views are those of the tower and the pooling, which neither this stage nor one after it changes.
        stem = Path(settings["tower"]).stem
        cache_views(model.eval(), photographs, LOOSE, data, work, stem, settings["views"], seed)
        self.views = Views(work, stem, 1 + model.pooling.cells**2, model.vision.width)
        borrowed = self.borrow(Path(settings["start"]).stem, len(photographs)) if settings["borrowed"] else []
        self.joint = JointLoss(model, settings, photographs + borrowed, data, codec, seed)
        self.order = Shuffled(len(photographs), seed)
        self.borrowed_order = Shuffled(len(borrowed), seed + 2)
        self.unlabelled = Shuffled(len(self.views.loose), seed + 1)
        self.names = self.joint.names
        # Found once, by the weights that the stage begins with: a run that is resumed has the same.
        kept = work / f"{stem}.anchors.npy"
        if not kept.exists():
            np.save(kept, self.find_anchors(random.sample(range(len(self.views.views)), settings["anchored_by"])))
        self.anchors = torch.from_numpy(np.load(kept))

    def parameter_groups(self) -> list[dict]:
        """The embedding head, the decoder and the similarity scale."""
        model, rate = self.model, self.settings["learning_rate"]
        taught = [*model.decoder.parameters(), model.log_scale]
        return [
            {"params": list(model.head.parameters()), "lr": rate},
            {"params": taught, "lr": rate * self.settings["decoder_rate"]},
        ]

    @torch.no_grad()
    def find_anchors(self, sample: list[int]) -> Tensor:
        """A unit vector `[1000, d]` for each class, by the views in `sample`; they stay for the whole stage."""
        tokens, batch = self.views.tokens, 256
        parts = [
            self.model.head(torch.from_numpy(tokens[sample[start : start + batch]].astype(np.float32)))
            for start in range(0, len(sample), batch)
        ]
        scores = torch.from_numpy(self.views.logits[sample].astype(np.float32))
        prompts = [self.names.prompt(number) for number in range(len(self.names.names))]
        names = embed_texts(self.model, self.codec, prompts)
        return class_anchors(torch.cat(parts), scores, names, class_weights(self.data))

    def anchored(self, embedding: Tensor, teacher: Tensor) -> tuple[Tensor, Tensor]:
        """How far embeddings `[B, d]` are from DeiT's scores `[B, 1000]` along the anchors, and names from anchors."""
        anchors, scale = self.anchors, self.model.scale()
        matched = score_matching(embedding, anchors, scale, teacher, self.settings["teacher_scale"])
        matched = class_distillation(embedding, anchors, scale, teacher) + self.settings["match_weight"] * matched
        chosen = random.sample(range(len(anchors)), self.settings["names"])
        texts = encoded(self.model, self.names.rows(chosen))
        return matched, 1.0 - (texts * anchors[chosen]).sum(1).mean()

    @torch.no_grad()
    def borrow(self, stem: str, count: int) -> list[Captioned]:
        """The photographs without captions, with captions that they borrow by the weights that the stage begins with.

        Their views as a whole become views of the numbers from `count` on.
        """
        place = {view.row: p for p, view in enumerate(self.views.views) if view.folder == LOOSE and view.whole}
        rows, tokens = sorted(place), self.views.tokens
        places = [place[row] for row in rows]
        images = torch.cat(
            [
                self.model.head(torch.from_numpy(tokens[places[start : start + 256]].astype(np.float32)))
                for start in range(0, len(places), 256)
            ]
        )
        groups = self.settings["borrowed_groups"]
        found = borrow_captions(self.model, self.codec, self.data, self.work, stem, images, groups)
        number = {row: count + index for index, row in enumerate(rows)}
        for p, view in enumerate(self.views.views):
            if view.folder == LOOSE and view.whole:
                self.views.of.setdefault(number[view.row], []).append(p)
        return [Captioned(LOOSE, row, captions, True) for row, captions in zip(rows, found)]

    def embed(self, tokens: Tensor) -> Tensor:
        """Embeddings `[B, d]` from stored tokens, of which a share is left out, the same for the whole batch."""
        cells = tokens.shape[1] - 1
        kept = torch.randperm(cells)[: int(cells * self.settings["keep"])] + 1
        return self.model.head(torch.cat([tokens[:, :1], tokens[:, kept]], dim=1))

    def loss(self) -> tuple[Tensor, dict[str, float]]:
        """The loss of the next batch, and its parts for the log."""
        settings, views = self.settings, self.views
        numbers = self.order.take(settings["photographs"])
        if settings["borrowed"]:
            numbers += [self.order.count + n for n in self.borrowed_order.take(settings["borrowed"])]
        places = [random.choice(views.of[number]) for number in numbers]
        shown = [views.views[place] for place in places]
        places += [views.loose[row] for row in self.unlabelled.take(settings["unlabelled"])]
        chosen = random.sample(range(len(views.scenes)), settings["drawn"])
        scenes = [views.scenes[number] for number in chosen]
        every = places + [len(views.views) + number for number in chosen]
        stored = torch.from_numpy(views.tokens[every].astype(np.float32))
        embedding, count = self.embed(stored), len(places)
        teacher = torch.from_numpy(views.logits[places])
        total, parts = self.joint(
            embedding[:count],
            stored[:count],
            teacher,
            numbers,
            [view.flip for view in shown],
            [view.style for view in shown],
        )
        drawn = drawn_texts(
            self.model,
            self.codec,
            embedding[count:],
            stored[count:],
            scenes,
            settings["described"],
            settings["smoothing"],
        )
        matched, apart = self.anchored(embedding[:count], teacher)
        total = total + settings["anchor_weight"] * matched + settings["name_weight"] * apart
        more = {"drawn": drawn.item(), "matched": matched.item(), "names": apart.item()}
        return total + settings["drawn_weight"] * drawn, parts | more

    def measure(self) -> dict:
        """Depth and breadth on held-out photographs, and drawn motion."""
        photographs = quick_numbers(self.model, self.codec, self.data, self.work, frozen=False)
        return photographs | score_drawn(self.model, self.codec, DRAWN, 0, False)
