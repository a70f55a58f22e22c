"""Drawn shapes in motion, with exact captions and questions: the one domain where motion must be read from the tubes.

A single frame cannot tell left from right; the direction is only in the order of the frames.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from torch import Tensor

from ..model.positions import Tube

COLOURS = {
    "red": (214, 40, 40),
    "green": (40, 160, 60),
    "blue": (40, 80, 210),
    "yellow": (240, 210, 40),
    "orange": (245, 140, 30),
    "purple": (130, 50, 160),
    "pink": (245, 140, 190),
    "white": (245, 245, 245),
    "black": (15, 15, 15),
    "brown": (120, 75, 40),
}
GROUNDS = {
    "white": (250, 250, 250),
    "black": (10, 10, 10),
    "gray": (128, 128, 128),
    "blue": (150, 190, 230),
    "green": (150, 200, 150),
}
SHAPES = ("circle", "square", "triangle", "star")
DIRECTIONS = {"left": (0, -1), "right": (0, 1), "up": (-1, 0), "down": (1, 0)}
NUMBERS = ("zero", "one", "two", "three", "four")


@dataclass(frozen=True)
class Scene:
    """What is drawn: `count` shapes of one kind and colour that all move in one direction."""

    shape: str
    colour: str
    ground: str
    direction: str
    count: int

    def caption(self) -> str:
        """The exact caption. It says that it is a drawing, so that photographs are not described in its words."""
        many = self.count > 1
        subject = f"{NUMBERS[self.count] if many else 'a'} {self.colour} {self.shape}{'s' if many else ''}"
        where = self.direction if self.direction in ("up", "down") else f"to the {self.direction}"
        return f"a drawing of {subject} moving {where} on a {self.ground} background"

    def questions(self) -> dict[str, tuple[str, str]]:
        """The questions about this scene with their answers, by kind."""
        plural = "s" if self.count > 1 else ""
        be = "are" if self.count > 1 else "is"
        return {
            "direction": (f"which way {be} the {self.shape}{plural} moving", self.direction),
            "count": (f"how many {self.shape}s are there", NUMBERS[self.count]),
            "colour": (f"what color {be} the {self.shape}{plural}", self.colour),
        }


def random_scene(random: np.random.Generator) -> Scene:
    """A scene whose shapes can be told from the background."""
    colour = str(random.choice(list(COLOURS)))
    ground = str(random.choice([ground for ground in GROUNDS if ground != colour]))
    return Scene(
        str(random.choice(SHAPES)), colour, ground, str(random.choice(list(DIRECTIONS))), int(random.integers(1, 5))
    )


def shape_mask(shape: str, size: int) -> np.ndarray:
    """The shape as a boolean `[size, size]`."""
    y, x = np.mgrid[0:size, 0:size] / (size - 1) * 2 - 1
    if shape == "circle":
        return x**2 + y**2 <= 1
    if shape == "square":
        return (abs(x) <= 0.9) & (abs(y) <= 0.9)
    if shape == "triangle":
        return (y <= 0.9) & (abs(x) <= (y + 1) / 2)
    angle, radius = np.arctan2(x, -y), np.hypot(x, y)
    return radius <= 0.68 + 0.32 * np.cos(5 * angle)


def draw(scene: Scene, frames: int, size: int, random: np.random.Generator) -> np.ndarray:
    """The clip `[frames, size, size, 3]`, uint8."""
    clip = np.empty((frames, size, size, 3), np.uint8)
    clip[:] = GROUNDS[scene.ground]
    extent = int(random.uniform(0.15, 0.24) * size)
    mask = shape_mask(scene.shape, extent)
    colour = np.array(COLOURS[scene.colour], np.uint8)
    cells = random.permutation(4)[: scene.count]
    travel = random.uniform(0.12, 0.22) * size
    for cell in cells:
        # Each shape keeps to its own quarter of the frame, so that no two touch.
        quarter = np.array(divmod(int(cell), 2)) * (size / 2)
        room = size / 2 - extent
        middle = quarter + np.clip(room / 2 + random.uniform(-0.2, 0.2, 2) * room, 0, room)
        for number, along in enumerate(np.linspace(-0.5, 0.5, frames)):
            place = middle + np.array(DIRECTIONS[scene.direction]) * along * travel
            top, left = np.clip(place, 0, size - extent).astype(int)
            clip[number, top : top + extent, left : left + extent][mask] = colour
    return clip


def moving_tokens(rows: Tensor, tube: Tube) -> Tensor:
    """Which tubes see something move, in token rows `[B, n, t*h*w*3]`: `[B, n]`."""
    frames = rows.unflatten(2, (tube.kernel[0], -1))
    return (frames != frames[:, :, :1]).any(2).float().mean(2) > 0.15


def moving_cells(clip: np.ndarray, cells: int) -> np.ndarray:
    """Which cells `[cells * cells]` of the frame hold something that moves, in a clip `[T, H, W, 3]`."""
    changed = (clip != clip[0]).any(axis=(0, 3))
    size = changed.shape[0] // cells
    return changed.reshape(cells, size, cells, size).mean(axis=(1, 3)).reshape(-1) > 0.1
