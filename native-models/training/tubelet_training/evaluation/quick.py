"""The few numbers that a run logs of itself: depth (Flickr8k `val`) and breadth (ImageNet by class name)."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from ..data.collections import ClassNames, captioned
from ..data.features import Features
from ..data.photographs import Photographs
from ..data.tokenizer import TextCodec
from ..model.mammut import Mammut
from ..model.positions import gather_rows
from .retrieval import classify, embed_features, embed_texts, recall


@torch.no_grad()
def embed_stills(model: Mammut, photographs: Photographs, rows: list[int], batch: int = 32) -> tuple[Tensor, Tensor]:
    """Embeddings `[N, d]` and stored tokens `[N, m, k]` of photographs as clips of one frame, in bfloat16."""
    outputs = []
    for start in range(0, len(rows), batch):
        pixels = torch.from_numpy(photographs.pixels[rows[start : start + batch]])
        with torch.autocast("cpu", torch.bfloat16):
            outputs.append(model.encode_rows(still_rows(model, pixels)))
    return torch.cat([e.float() for e, _ in outputs]), torch.cat([t.float() for _, t in outputs])


def still_rows(model: Mammut, pixels: Tensor) -> list[Tensor]:
    """Tube rows of photographs `[B, H, W, 3]`: the image tube, and no rows for the others."""
    image = model.tubes[0]
    flat = type(image)(image.name, image.kernel, image.stride, (0, *image.offset[1:]))
    empty = [torch.zeros(pixels.shape[0], 0, tube.row_length, dtype=torch.uint8) for tube in model.tubes[1:]]
    return [gather_rows(pixels[:, None], flat), *empty]


def quick_numbers(model: Mammut, codec: TextCodec, data: Path, work: Path, frozen: bool) -> dict[str, float]:
    """Recall on Flickr8k `val` and ImageNet accuracy by name, from cached features or from pixels."""
    held_out = captioned(data, work, "flickr8k", ("val",))
    rows = [photograph.row for photograph in held_out]
    texts = embed_texts(model, codec, [caption for photograph in held_out for caption in photograph.captions])
    owner = torch.tensor([i for i, photograph in enumerate(held_out) for _ in photograph.captions])
    names = ClassNames(data, codec)
    prompts = embed_texts(model, codec, [names.prompt(number) for number in range(len(names.names))])
    labels = torch.arange(len(names.names))
    if frozen:
        images, _ = embed_features(model, Features(work, "flickr8k"), rows)
        classes, _ = embed_features(model, Features(work, "imagenet1000"), labels.tolist())
    else:
        images, _ = embed_stills(model, Photographs(work, "flickr8k"), rows)
        classes, _ = embed_stills(model, Photographs(work, "imagenet1000"), labels.tolist())
    return recall(images, texts, owner) | classify(classes, prompts, labels)
