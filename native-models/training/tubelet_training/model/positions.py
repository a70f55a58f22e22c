"""Tube geometry and positions (TubeViT, arXiv 2212.03229, section 3).

A tube samples a clip `[T, H, W, 3]` with a kernel, a stride and an offset per axis (time, height, width). Its tokens
are ordered by time, then row, then column.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Tube:
    """One tube shape; every triple is (time, height, width) in frames and pixels."""

    name: str
    kernel: tuple[int, int, int]
    stride: tuple[int, int, int]
    offset: tuple[int, int, int]

    @staticmethod
    def from_config(config: dict) -> Tube:
        """A tube from a configuration entry with `name`, `kernel`, `stride`, `offset`."""
        return Tube(config["name"], *(tuple(config[key]) for key in ("kernel", "stride", "offset")))

    @property
    def row_length(self) -> int:
        """Numbers in one token row: time x height x width x 3 colours."""
        return math.prod(self.kernel) * 3

    def counts(self, frames: int, size: int) -> tuple[int, int, int]:
        """Tubes along time, height and width of a clip `[frames, size, size]`."""
        extents = (frames, size, size)
        return tuple(
            max(0, (extent - offset - kernel) // stride + 1)
            for extent, kernel, stride, offset in zip(extents, self.kernel, self.stride, self.offset)
        )

    def centres(self, frames: int, size: int) -> Tensor:
        """Centres `[n, 3]` in frames and pixels: index x stride + offset + kernel / 2."""
        axes = [
            torch.arange(count, dtype=torch.float32) * stride + offset + kernel / 2
            for count, kernel, stride, offset in zip(self.counts(frames, size), self.kernel, self.stride, self.offset)
        ]
        return torch.stack(torch.meshgrid(*axes, indexing="ij"), dim=-1).reshape(-1, 3)


def sine_cosine(centres: Tensor, extent: tuple[int, int, int], width: int) -> Tensor:
    """Fixed 3-D sine and cosine codes `[n, width]` of tube centres `[n, 3]`; a third of the width for each axis.

    Every axis is scaled to 0..32 first, so that time and space use the same range of frequencies.
    """
    per_axis = width // 3
    frequencies = 1.0 / (1000.0 ** (torch.arange(per_axis // 2) / (per_axis // 2)))
    codes = []
    for axis in range(3):
        angles = centres[:, axis : axis + 1] / extent[axis] * 32.0 * frequencies
        codes.extend((angles.sin(), angles.cos()))
    return torch.cat(codes, dim=1)


def gather_rows(clip: Tensor, tube: Tube) -> Tensor:
    """Token rows `[B, n, t*h*w*3]` of clips `[B, T, H, W, 3]`, rows laid out as time, height, width, colour."""
    batch, frames, size = clip.shape[:3]
    (nt, ny, nx), (kt, kh, kw) = tube.counts(frames, size), tube.kernel
    window = clip[:, tube.offset[0] :, tube.offset[1] :, tube.offset[2] :]
    for axis in range(3):
        window = window.unfold(axis + 1, tube.kernel[axis], tube.stride[axis])
    # window: [B, nt, ny, nx, 3, kt, kh, kw]
    window = window[:, :nt, :ny, :nx].permute(0, 1, 2, 3, 5, 6, 7, 4)
    return window.reshape(batch, nt * ny * nx, kt * kh * kw * 3)
