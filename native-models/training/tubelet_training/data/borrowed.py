"""Captions for photographs that have none: those of the photographs most like them, as far as the model can tell."""

from __future__ import annotations

import json
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from ..evaluation.retrieval import embed_texts
from ..model.mammut import Mammut
from .captions import read_text_corpora
from .tokenizer import TextCodec

NEIGHBOURS = 20


def nearest_groups(images: Tensor, groups: Tensor, count: int) -> Tensor:
    """For each image `[N, d]` the `count` nearest of the text groups `[G, d]`, as numbers `[N, count]`.

    Similarities are corrected for hubs (CSLS, arXiv 1710.04087): what is near to everything says little of anything.
    """
    similarity = images @ groups.T
    popular = similarity.topk(min(NEIGHBOURS, len(images)), dim=0).values.mean(0)
    return (2 * similarity - popular).topk(count, dim=1).indices


def borrow_captions(
    model: Mammut, codec: TextCodec, data: Path, work: Path, stem: str, images: Tensor, groups: int
) -> list[list[str]]:
    """The captions of the `groups` nearest groups for each image embedding `[N, d]`; found once, kept in `work`.

    No held-out caption is among them (`read_text_corpora`).
    """
    kept = work / f"{stem}.borrowed.json"
    if not kept.exists():
        written = [group for group in read_text_corpora(data) if len(group) > 1]
        flat = embed_texts(model, codec, [caption for group in written for caption in group]).float()
        owner = torch.tensor([number for number, group in enumerate(written) for _ in group])
        means = F.normalize(torch.zeros(len(written), flat.shape[1]).index_add_(0, owner, flat), dim=1)
        found = nearest_groups(images.float(), means, groups).tolist()
        captions = [[caption for number in row for caption in written[number]] for row in found]
        kept.write_text(json.dumps(captions), encoding="utf-8")
    return json.loads(kept.read_text(encoding="utf-8"))
