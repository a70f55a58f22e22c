"""Recall of text-to-image and image-to-text search, and zero-shot classification by class name."""

from __future__ import annotations

import torch
from torch import Tensor

from ..data.batches import pad
from ..data.tokenizer import TextCodec
from ..model.mammut import Mammut

RANKS = (1, 5, 10)


@torch.no_grad()
def embed_texts(model: Mammut, codec: TextCodec, texts: list[str], batch: int = 250) -> Tensor:
    """Unit text embeddings `[N, d]`."""
    rows = [codec.search(ids) for ids in codec.many(texts)]
    order = sorted(range(len(rows)), key=lambda number: len(rows[number]))
    parts = [
        model.decoder.encode(pad([rows[number] for number in order[start : start + batch]]))
        for start in range(0, len(order), batch)
    ]
    return torch.cat(parts)[torch.tensor(order).argsort()]


@torch.no_grad()
def embed_features(model: Mammut, features, rows: list[int], batch: int = 200) -> tuple[Tensor, Tensor]:
    """Embeddings `[N, d]` and stored tokens `[N, m, k]` from cached frozen tokens."""
    outputs = [
        model.encode_features(torch.from_numpy(features.tokens[rows[start : start + batch]].astype("float32")))
        for start in range(0, len(rows), batch)
    ]
    return torch.cat([embedding for embedding, _ in outputs]), torch.cat([tokens for _, tokens in outputs])


def recall(images: Tensor, texts: Tensor, owner: Tensor) -> dict[str, float]:
    """Recall in percent: `images` `[N, d]`, `texts` `[M, d]`, `owner` `[M]` the image that each text describes.

    Text-to-image: the rank of the one right image. Image-to-text: the best rank of the image's own texts.
    """
    similarity = texts @ images.T
    own = similarity[torch.arange(len(owner)), owner]
    to_image = (similarity > own[:, None]).sum(1)
    best = torch.full((images.shape[0],), -2.0).scatter_reduce_(0, owner, own, "amax")
    foreign = owner[:, None] != torch.arange(images.shape[0])[None, :]
    to_text = ((similarity > best[None, :]) & foreign).sum(0)
    result = {}
    for name, ranks in (("t2i", to_image), ("i2t", to_text)):
        result |= {f"{name}@{k}": round(float((ranks < k).float().mean()) * 100, 1) for k in RANKS}
    return result


def classify(images: Tensor, names: Tensor, labels: Tensor) -> dict[str, float]:
    """Top-1 and top-5 accuracy in percent of `images` `[N, d]` against class-name embeddings `[C, d]`."""
    best = (images @ names.T).topk(5, dim=1).indices
    hit = best == labels[:, None]
    return {
        "top1": round(float(hit[:, 0].float().mean()) * 100, 1),
        "top5": round(float(hit.any(1).float().mean()) * 100, 1),
    }
