"""Localisation: does the peak of a phrase's heat lie in YOLOX's box of that class?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ..data.boxes import cells_inside, coco_classes, load_boxes
from ..data.tokenizer import TextCodec
from ..model.mammut import Mammut
from .retrieval import embed_texts

WHOLE = (0.0, 0.0, 1.0, 1.0)


@torch.no_grad()
def score_localisation(
    model: Mammut, codec: TextCodec, data: Path, work: Path, tokens: Tensor, rows: list[int]
) -> dict[str, float]:
    """Percent of (photograph, class) pairs whose hottest cell is inside a box, beside the share chance would give.

    `tokens` `[N, m, k]` are the stored tokens of the photographs in cache rows `rows` (Flickr8k). Photographs that
    have no cached boxes, and boxes that no cell centre falls into, are left out.
    """
    boxes, classes = load_boxes(work, "flickr8k"), coco_classes(data)
    phrases = embed_texts(model, codec, [f"a {name}" for name in classes])
    hits, chance = [], []
    for number, row in enumerate(rows):
        found = boxes.get(str(row), [])
        for kind in {int(box[0]) for box in found}:
            places = np.array([box[2:] for box in found if box[0] == kind])
            inside = cells_inside(places, WHOLE, False, model.pooling.cells)
            if inside.any():
                heat = model.locate(tokens[number : number + 1], phrases[kind : kind + 1])[0]
                hits.append(bool(inside[int(heat.argmax())]))
                chance.append(float(inside.mean()))
    return {
        "pairs": len(hits),
        "peak_in_box": round(100 * float(np.mean(hits)), 1),
        "chance": round(100 * float(np.mean(chance)), 1),
    }
