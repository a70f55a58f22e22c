"""Rows of token ids as tensors."""

from __future__ import annotations

import torch
from torch import Tensor


def pad(rows: list[list[int]]) -> Tensor:
    """Ids `[B, L]`, padded with 0 to the longest row."""
    length = max(len(row) for row in rows)
    return torch.tensor([row + [0] * (length - len(row)) for row in rows])


class Shuffled:
    """Endless batches of row numbers below `count`: every number once an epoch, in an order that the seed fixes."""

    def __init__(self, count: int, seed: int) -> None:
        self.count = count
        self.generator = torch.Generator().manual_seed(seed)
        self.order = torch.randperm(count, generator=self.generator)
        self.place = 0

    def take(self, size: int) -> list[int]:
        """The next `size` row numbers."""
        if self.place + size > self.count:
            self.order = torch.randperm(self.count, generator=self.generator)
            self.place = 0
        rows = self.order[self.place : self.place + size].tolist()
        self.place += size
        return rows
