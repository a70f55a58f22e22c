"""Random crops, flips and colour for batches of photographs."""

from __future__ import annotations

import math
import random

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

Window = tuple[float, float, float, float]


def random_window(smallest: float) -> Window:
    """A crop (left, top, width, height) in 0..1 of at least `smallest` of the area."""
    area, shape = random.uniform(smallest, 1.0), math.exp(random.uniform(-0.2, 0.2))
    width, height = min(1.0, math.sqrt(area) * shape), min(1.0, math.sqrt(area) / shape)
    return random.uniform(0, 1 - width), random.uniform(0, 1 - height), width, height


def crop_photographs(photographs: list[np.ndarray], windows: list[Window], flips: list[bool], size: int) -> Tensor:
    """Cropped, perhaps mirrored photographs `[B, size, size, 3]`, uint8, with a little brightness and colour change."""
    pixels = torch.from_numpy(np.stack(photographs)).permute(0, 3, 1, 2).float()
    left, top, width, height = torch.tensor(windows).T
    sign = torch.tensor([-1.0 if flip else 1.0 for flip in flips])
    transform = torch.zeros(len(photographs), 2, 3)
    transform[:, 0, 0], transform[:, 0, 2] = width * sign, 2 * left + width - 1
    transform[:, 1, 1], transform[:, 1, 2] = height, 2 * top + height - 1
    grid = F.affine_grid(transform, [len(photographs), 3, size, size], align_corners=False)
    pixels = F.grid_sample(pixels, grid, mode="bilinear", padding_mode="border", align_corners=False)
    gain = torch.empty(len(photographs), 3, 1, 1).uniform_(0.92, 1.08) * torch.empty(
        len(photographs), 1, 1, 1
    ).uniform_(0.8, 1.2)
    shift = torch.empty(len(photographs), 1, 1, 1).uniform_(-16, 16)
    return (pixels * gain + shift).clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1)
