"""The vision tower: TubeViT tubes into DeiT-Tiny, and 50 stored tokens by attention pooling."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .positions import Tube, sine_cosine

MEAN = (0.485, 0.456, 0.406)
STD = (0.229, 0.224, 0.225)


def split_heads(x: Tensor, heads: int) -> Tensor:
    """`[B, N, heads * width]` -> `[B, heads, N, width]`."""
    return x.unflatten(-1, (heads, x.shape[-1] // heads)).transpose(1, 2)


def attend(
    query: Tensor, key: Tensor, value: Tensor, heads: int, mask: Tensor | None = None, bias: Tensor | None = None
) -> Tensor:
    """Multi-head attention of `[B, Q, D]` over `[B, K, D]`.

    `mask` is boolean, true where attention is allowed; `bias` `[B or 1, 1, 1, K]` is added to the scores of each key.

    Written out: on a CPU in bfloat16 it is two to five times as fast as the fused kernel for sequences this short.
    """
    query, key, value = split_heads(query, heads), split_heads(key, heads), split_heads(value, heads)
    scores = query @ key.transpose(-1, -2) * query.shape[-1] ** -0.5
    if bias is not None:
        scores = scores + bias.to(scores.dtype)
    if mask is not None:
        # A scalar: a filled tensor would be exported as a constant with the tracing batch's shape.
        scores = torch.where(mask, scores, torch.tensor(-1e9, dtype=scores.dtype))
    mixed = scores.softmax(-1) @ value
    return mixed.transpose(1, 2).flatten(2)


class Block(nn.Module):
    """A pre-norm transformer block of DeiT: `[B, N, width]` -> `[B, N, width]`."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm1 = nn.LayerNorm(width, eps=1e-6)
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width, eps=1e-6)
        self.fc1 = nn.Linear(width, 4 * width)
        self.fc2 = nn.Linear(4 * width, width)

    def forward(self, x: Tensor, bias: Tensor | None = None) -> Tensor:
        query, key, value = self.qkv(self.norm1(x)).chunk(3, dim=-1)
        x = x + self.proj(attend(query, key, value, self.heads, bias=bias))
        return x + self.fc2(F.gelu(self.fc1(self.norm2(x))))


class VisionTower(nn.Module):
    """Tube rows (uint8) to encoder tokens `[B, 1 + n, width]`; the class token first, then tube by tube."""

    def __init__(self, tubes: list[Tube], frames: int, size: int, width: int, depth: int, heads: int) -> None:
        super().__init__()
        self.tubes, self.frames, self.size, self.width = tubes, frames, size, width
        self.grid = size // tubes[0].kernel[1]
        self.projections = nn.ModuleList(nn.Linear(tube.row_length, width) for tube in tubes)
        self.cls = nn.Parameter(torch.zeros(width))
        self.cls_position = nn.Parameter(torch.zeros(width))
        self.position_grid = nn.Parameter(torch.zeros(1, width, self.grid, self.grid))
        self.fixed_gain = nn.Parameter(torch.zeros(width))
        # How much attention the tokens of each tube get (added to their scores). DeiT has never seen the temporal
        # tubes, so they start at a small share of it and earn more in training.
        self.tube_bias = nn.Parameter(torch.tensor([0.0] + [-2.5] * (len(tubes) - 1)))
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(depth))
        self.norm = nn.LayerNorm(width, eps=1e-6)
        extent = (frames, size, size)
        for index, tube in enumerate(tubes):
            centres = tube.centres(frames, size)
            self.register_buffer(f"fixed_{index}", sine_cosine(centres, extent, width), persistent=False)
            self.register_buffer(f"place_{index}", centres[:, [2, 1]] / size, persistent=False)

    def positions(self, index: int, crop: tuple[float, float, float, float] | None = None) -> Tensor:
        """Positions `[n, width]` of tube `index`: the learned grid at the tube centres plus the fixed 3-D codes.

        `crop` = (left, top, width, height) in 0..1 reads the learned grid inside that window only: the cropped
        positional embeddings of MaMMUT (and RO-ViT), used in training.
        """
        place = getattr(self, f"place_{index}")
        if crop is not None:
            place = place * place.new_tensor(crop[2:]) + place.new_tensor(crop[:2])
        sampled = F.grid_sample(
            self.position_grid, (place * 2 - 1)[None, None], mode="bicubic", padding_mode="border", align_corners=False
        )
        return sampled[0, :, 0].T + self.fixed_gain * getattr(self, f"fixed_{index}")

    def embed(self, index: int, rows: Tensor, crop: tuple[float, float, float, float] | None = None) -> Tensor:
        """Token embeddings `[B, n, width]` of uint8 rows `[B, n, t*h*w*3]`; the colour normalisation is folded in."""
        projection = self.projections[index]
        repeats = projection.in_features // 3
        scale = projection.weight.new_tensor(STD).mul(255.0).repeat(repeats)
        shift = projection.weight.new_tensor(MEAN).div(projection.weight.new_tensor(STD)).repeat(repeats)
        autocast = torch.is_autocast_enabled("cpu")
        with torch.autocast("cpu", enabled=False):
            if autocast:
                # Pixel values are exact in bfloat16; the shift is taken from the rounded weights, so that what is added
                # and what is taken away agree.
                weight = (projection.weight / scale).bfloat16()
                bias = projection.bias - weight.float() @ (shift * scale)
                embedded = F.linear(rows.bfloat16(), weight).float() + bias
            else:
                bias = projection.bias - projection.weight @ shift
                embedded = F.linear(rows.float(), projection.weight / scale, bias)
            # A tube that is left out (a still image) has no rows, hence no positions either.
            return embedded + self.positions(index, crop)[: rows.shape[1]]

    def forward(
        self, rows: list[Tensor], keep: float = 1.0, crop: tuple[float, float, float, float] | None = None
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Encoder tokens `[B, 1 + n', width]`, their attention bias `[B or 1, 1, 1, 1 + n']`, and the index `[B, n']`
        of each kept token among all tokens.

        `keep` < 1 drops that share of the tokens at random, each sample its own (FLIP, arXiv 2212.00794).
        """
        x = torch.cat([self.embed(i, row, crop) for i, row in enumerate(rows)], dim=1)
        bias = torch.cat([self.tube_bias[i].expand(row.shape[1]) for i, row in enumerate(rows)])[None]
        index = torch.arange(x.shape[1]).expand(x.shape[0], -1)
        if keep < 1.0:
            count = int(x.shape[1] * keep)
            index = torch.rand(x.shape[:2]).argsort(dim=1)[:, :count]
            x = x.gather(1, index[..., None].expand(-1, -1, self.width))
            bias = bias[0][index]
        first = (self.cls + self.cls_position).expand(x.shape[0], 1, -1)
        x = torch.cat([first, x], dim=1)
        bias = F.pad(bias, (1, 0))[:, None, None]
        for block in self.blocks:
            x = block(x, bias)
        return self.norm(x), bias, index


class TokenPooling(nn.Module):
    """Encoder tokens to the 50 stored tokens: the global one, then a 7 x 7 grid that keeps its place.

    Each query (the class token; the mean of the image tokens in a grid cell) attends once to all encoder tokens.
    """

    def __init__(self, width: int, heads: int, grid: int) -> None:
        super().__init__()
        self.heads, self.grid, self.cells = heads, grid, grid // 2
        self.query_norm = nn.LayerNorm(width)
        self.key_norm = nn.LayerNorm(width)
        self.query = nn.Linear(width, width)
        self.key_value = nn.Linear(width, 2 * width)
        self.proj = nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width)
        self.fc1 = nn.Linear(width, 2 * width)
        self.fc2 = nn.Linear(2 * width, width)
        self.norm = nn.LayerNorm(width)
        for layer in (self.proj, self.fc2):
            nn.init.normal_(layer.weight, std=0.01)
            nn.init.zeros_(layer.bias)

    def forward(self, x: Tensor, bias: Tensor | None = None, index: Tensor | None = None) -> Tensor:
        """`[B, 1 + n, width]` -> `[B, 50, width]`; `index` says which tokens patch dropout kept (none: all)."""
        image_tokens = self.grid * self.grid
        if index is None:
            image = x[:, 1 : 1 + image_tokens].transpose(1, 2).unflatten(2, (self.grid, self.grid))
            cells = F.avg_pool2d(image, 2).flatten(2).transpose(1, 2)
        else:
            cells = self.mean_of_kept(x[:, 1:], index)
        query = torch.cat([x[:, :1], cells], dim=1)
        keys = self.key_norm(x)
        key, value = self.key_value(keys).chunk(2, dim=-1)
        query = query + self.proj(attend(self.query(self.query_norm(query)), key, value, self.heads, bias=bias))
        return self.norm(query + self.fc2(F.gelu(self.fc1(self.norm2(query)))))

    def mean_of_kept(self, tokens: Tensor, index: Tensor) -> Tensor:
        """Mean `[B, 49, width]` of the kept image tokens of each cell; an empty cell takes the mean of all tokens."""
        rows, columns = index // self.grid // 2, index % self.grid // 2
        inside = index < self.grid * self.grid
        cell = torch.where(inside, rows * self.cells + columns, self.cells * self.cells)
        sums = tokens.new_zeros(tokens.shape[0], self.cells**2 + 1, tokens.shape[2])
        sums.scatter_add_(1, cell[..., None].expand_as(tokens), tokens)
        counts = tokens.new_zeros(tokens.shape[0], self.cells**2 + 1, 1)
        counts.scatter_add_(1, cell[..., None], torch.ones_like(tokens[..., :1]))
        mean = tokens.mean(1, keepdim=True)
        return torch.where(counts > 0, sums / counts.clamp(min=1), mean)[:, :-1]


class EmbeddingHead(nn.Module):
    """Stored tokens `[B, 50, width]` to the clip embedding `[B, dim]` of unit length, by attention pooling."""

    def __init__(self, width: int, dim: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.input = nn.Linear(width, dim)
        self.norm = nn.LayerNorm(dim)
        self.query = nn.Parameter(torch.randn(dim) * 0.02)
        self.key_value = nn.Linear(dim, 2 * dim)
        self.norm2 = nn.LayerNorm(dim)
        self.fc1 = nn.Linear(dim, 2 * dim)
        self.fc2 = nn.Linear(2 * dim, dim)
        self.output = nn.Linear(dim, dim)

    def forward(self, tokens: Tensor) -> Tensor:
        x = self.norm(self.input(tokens))
        key, value = self.key_value(x).chunk(2, dim=-1)
        query = self.query.expand(x.shape[0], 1, -1)
        pooled = x[:, 0] + attend(query, key, value, self.heads)[:, 0]
        pooled = pooled + self.fc2(F.gelu(self.fc1(self.norm2(pooled))))
        return F.normalize(self.output(pooled).float(), dim=-1)
