"""Four-second clips made from one photograph: pans, zooms, hand shake, darkness, fades, letterbox and noise.

A clip is a window that moves over the photograph; every frame is read by nearest neighbour from `[H, W, 3]`.
"""

from __future__ import annotations

import numpy as np


def window_path(frames: int, random: np.random.Generator, smallest: float) -> np.ndarray:
    """Windows `[frames, 4]` (left, top, width, height) in 0..1: a straight path between two windows, with some shake.

    A fifth of the clips hold still; the others pan, zoom, or both.
    """
    start_size, end_size = random.uniform(smallest, 1.0, 2)
    if random.random() < 0.4:
        end_size = start_size
    start = random.uniform(0, 1 - start_size, 2)
    end = random.uniform(0, 1 - end_size, 2)
    if random.random() < 0.2:
        end, end_size = start, start_size
    along = np.linspace(0, 1, frames)[:, None]
    size = start_size + (end_size - start_size) * along
    place = start + (end - start) * along
    if random.random() < 0.4:
        place = place + random.normal(0, 0.008, (frames, 2))
    place = np.clip(place, 0, 1 - size)
    return np.concatenate([place, size, size], axis=1)


def read_windows(photograph: np.ndarray, path: np.ndarray, size: int, flip: bool) -> np.ndarray:
    """The clip `[frames, size, size, 3]` seen through windows `[frames, 4]` of a photograph `[H, W, 3]`."""
    height, width = photograph.shape[:2]
    steps = (np.arange(size) + 0.5) / size
    columns = steps[::-1] if flip else steps
    clip = np.empty((len(path), size, size, 3), np.uint8)
    for frame, (left, top, w, h) in zip(clip, path):
        rows = np.minimum(((top + steps * h) * height).astype(int), height - 1)
        across = np.minimum(((left + columns * w) * width).astype(int), width - 1)
        frame[:] = photograph[rows][:, across]
    return clip


def disturb(clip: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Brightness, fades, letterbox bars and noise, each now and then."""
    level = np.ones(len(clip), np.float32)
    kind = random.random()
    if kind < 0.15:
        level *= random.uniform(0.3, 0.7)
    elif kind < 0.3:
        level *= np.linspace(*random.permutation([random.uniform(0.1, 0.6), 1.0]), len(clip))
    elif kind < 0.5:
        level *= random.uniform(0.8, 1.25)
    if kind < 0.5:
        clip = np.clip(clip * level[:, None, None, None], 0, 255).astype(np.uint8)
    if random.random() < 0.15:
        bar = int(random.uniform(0.05, 0.14) * clip.shape[1])
        clip[:, :bar] = clip[:, -bar:] = 0
    if random.random() < 0.15:
        noise = random.integers(-12, 13, clip.shape[1:], np.int16)
        clip = np.clip(clip + noise, 0, 255).astype(np.uint8)
    return clip


def photograph_clip(
    photograph: np.ndarray, frames: int, size: int, random: np.random.Generator, flip: bool, smallest: float = 0.6
) -> np.ndarray:
    """A clip `[frames, size, size, 3]` made from a photograph `[H, W, 3]`."""
    return disturb(read_windows(photograph, window_path(frames, random, smallest), size, flip), random)


def plain_pan(photograph: np.ndarray, frames: int, size: int, random: np.random.Generator) -> np.ndarray:
    """A gentle pan over 85 % of the photograph, undisturbed: the clip by which video and still search are compared."""
    path = np.full((frames, 4), 0.85)
    path[:, :2] = 0.15 * (
        np.linspace(0, 1, frames)[:, None] if random.random() < 0.5 else np.linspace(1, 0, frames)[:, None]
    )
    return read_windows(photograph, path, size, False)
