"""Photographs as memory-mapped uint8 arrays, decoded once.

Every folder of photographs becomes `<name>.u8` (`[N, 224, 224, 3]`, squashed to a square as the application does)
and `<name>.names` (one file name a line) in the working folder.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image

SIZE = 224
FOLDERS = ("flickr8k", "coco", "coco_unlabelled", "imagenet1000")


def read_photograph(path: Path, size: int = SIZE) -> np.ndarray:
    """The photograph at `path` as uint8 `[size, size, 3]`, squashed with a bicubic filter."""
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB").resize((size, size), Image.Resampling.BICUBIC))


def cache_photographs(data: Path, work: Path) -> None:
    """Decode every folder of `FOLDERS` under `data` into the working folder, once."""
    for folder in FOLDERS:
        names = sorted(path.name for path in (data / folder).glob("*.jpg"))
        target = work / f"{folder}.u8"
        if target.exists() and target.stat().st_size == len(names) * SIZE * SIZE * 3:
            continue
        pixels = np.memmap(target, np.uint8, "w+", shape=(len(names), SIZE, SIZE, 3))
        with ThreadPoolExecutor(2) as pool:
            for row, image in enumerate(pool.map(lambda name: read_photograph(data / folder / name), names)):
                pixels[row] = image
        pixels.flush()
        (work / f"{folder}.names").write_text("\n".join(names), encoding="utf-8")


class Photographs:
    """A cached folder: `pixels` uint8 `[N, 224, 224, 3]`, `names`, and `row` from file name to row number."""

    def __init__(self, work: Path, folder: str) -> None:
        self.folder = folder
        self.names = (work / f"{folder}.names").read_text(encoding="utf-8").split("\n")
        self.row = {name: row for row, name in enumerate(self.names)}
        self.pixels = np.memmap(work / f"{folder}.u8", np.uint8, "r", shape=(len(self.names), SIZE, SIZE, 3))

    def __len__(self) -> int:
        return len(self.names)
