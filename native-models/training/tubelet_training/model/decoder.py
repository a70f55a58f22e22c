"""The one text decoder of MaMMUT (arXiv 2303.16839), run in two ways over the same weights.

Pass 1: bidirectional, no cross-attention, mean over the text -> text embedding.
Pass 2: causal, cross-attention to the stored vision tokens in every second block -> next-token scores.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .vision import attend, split_heads

Past = list[tuple[Tensor, Tensor]]


class DecoderBlock(nn.Module):
    """A pre-norm block: self-attention, optional cross-attention to vision tokens `[B, m, vision_width]`, MLP."""

    def __init__(self, width: int, heads: int, vision_width: int | None, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.norm1 = nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)
        self.cross = vision_width is not None
        if vision_width is not None:
            self.cross_norm = nn.LayerNorm(width)
            self.cross_query = nn.Linear(width, width)
            self.cross_key_value = nn.Linear(vision_width, 2 * width)
            self.cross_proj = nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width)
        self.fc1 = nn.Linear(width, 4 * width)
        self.fc2 = nn.Linear(4 * width, width)
        self.dropout = nn.Dropout(dropout)

    def forward(
        self, x: Tensor, mask: Tensor, vision: Tensor | None, past: tuple[Tensor, Tensor] | None
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """`x` `[B, L, width]`; `past` keys and values `[B, heads, P, head_width]`; returns `x` and the present ones."""
        query, key, value = self.qkv(self.norm1(x)).chunk(3, dim=-1)
        present = (split_heads(key, self.heads), split_heads(value, self.heads))
        if past is not None:
            present = tuple(torch.cat([old, new], dim=2) for old, new in zip(past, present))
            key, value = (tensor.transpose(1, 2).flatten(2) for tensor in present)
        x = x + self.proj(attend(query, key, value, self.heads, mask))
        if self.cross and vision is not None:
            key, value = self.cross_key_value(vision).chunk(2, dim=-1)
            query = self.cross_query(self.cross_norm(x))
            x = x + self.cross_proj(attend(query, key, value, self.heads))
        x = x + self.dropout(self.fc2(F.gelu(self.fc1(self.norm2(x)))))
        return x, present


class Decoder(nn.Module):
    """Token ids to text embeddings (pass 1) or to next-token scores (pass 2)."""

    def __init__(
        self,
        vocabulary: int,
        width: int,
        layers: int,
        heads: int,
        length: int,
        vision_width: int,
        dim: int,
        dropout: float,
        abstention: dict,
    ) -> None:
        super().__init__()
        self.width, self.heads = width, heads
        self.abstain_id, self.abstain_penalty = abstention["id"], abstention["penalty"]
        self.embedding = nn.Embedding(vocabulary, width)
        self.position = nn.Parameter(torch.randn(length, width) * 0.02)
        self.blocks = nn.ModuleList(
            DecoderBlock(width, heads, vision_width if layer % 2 == 1 else None, dropout) for layer in range(layers)
        )
        self.norm = nn.LayerNorm(width)
        self.word_bias = nn.Parameter(torch.zeros(vocabulary))
        self.text_projection = nn.Linear(width, dim)
        self.dropout = nn.Dropout(dropout)
        nn.init.normal_(self.embedding.weight, std=0.02)

    def encode(self, ids: Tensor) -> Tensor:
        """Pass 1: ids `[B, L]`, padded with 0 -> text embeddings `[B, dim]` of unit length."""
        real = ids != 0
        x = self.dropout(self.embedding(ids) + self.position[: ids.shape[1]])
        mask = real[:, None, None, :]
        for block in self.blocks:
            x, _ = block(x, mask, None, None)
        weights = real.to(x.dtype)[..., None]
        mean = (self.norm(x) * weights).sum(1) / weights.sum(1)
        return F.normalize(self.text_projection(mean).float(), dim=-1)

    def hidden(self, ids: Tensor, vision: Tensor | None, past: Past | None = None) -> tuple[Tensor, Past]:
        """Pass 2 before the vocabulary: `[B, L, width]` and the present keys and values of every block."""
        start = past[0][0].shape[2] if past is not None else 0
        length = ids.shape[1]
        place = torch.arange(length) + start
        x = self.dropout(self.embedding(ids) + self.position[place])
        mask = torch.arange(length + start)[None, :] <= place[:, None]
        presents: Past = []
        for index, block in enumerate(self.blocks):
            x, present = block(x, mask, vision, past[index] if past is not None else None)
            presents.append(present)
        return self.norm(x), presents

    def calibrated(self, scores: Tensor) -> Tensor:
        """Scores `[..., V]` for writing: the first piece of "unknown" pays a penalty, since training offers that answer
        more often than people ask what cannot be seen."""
        first, last = scores[..., : self.abstain_id], scores[..., self.abstain_id + 1 :]
        abstain = scores[..., self.abstain_id : self.abstain_id + 1] - self.abstain_penalty
        return torch.cat([first, abstain, last], dim=-1)

    def scores(self, hidden: Tensor) -> Tensor:
        """Vocabulary scores of hidden states `[..., width]`; the output matrix is the embedding matrix."""
        flat = F.linear(hidden.reshape(-1, self.width), self.embedding.weight, self.word_bias)
        return flat.unflatten(0, hidden.shape[:-1]) if hidden.dim() > 2 else flat
