"""Stored tokens of many views of the training data, computed once with a finished vision tower.

The 50 stored tokens of a view are a hundredth of its pixels' work, so a stage that only teaches the language can see
hundreds of them a step. A view is a photograph as it is, mirrored (or in a style), cut out, or shown as a clip; and
drawn scenes. `<stem>.views.tokens.f16` holds `[V, 50, 192]`, `<stem>.views.logits.f16` DeiT's scores `[V, 1000]` of what
the view shows, `<stem>.views.json` what each view is.
"""

from __future__ import annotations

import json
import random
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ..evaluation.quick import still_rows
from ..evaluation.videos import embed_clips
from ..model.mammut import Mammut
from .augment import crop_photographs, random_window
from .collections import Captioned
from .drawn import Scene, draw, random_scene
from .features import CLASSES, Features, deit_session, run_deit
from .photographs import Photographs
from .styles import STYLES
from .synthetic_video import photograph_clip

BATCH = 32
NEARLY_WHOLE = 0.5  # of the area


@dataclass(frozen=True)
class View:
    """One view: the photograph by its number among the captioned ones (-1: none), and how it is changed."""

    number: int
    flip: bool
    style: str | None


@dataclass(frozen=True)
class Sight:
    """A view still to be made: where the photograph lies, and the smallest part of it that is cut out (1: all of it)."""

    view: View
    folder: str
    row: int
    smallest: float
    moving: bool


def plan(photographs: list[Captioned], loose: str, loose_count: int, settings: dict) -> list[Sight]:
    """The views of every captioned photograph and of every one of the folder `loose`."""
    sights = []
    for number, photograph in enumerate(photographs):
        style = random.choice(list(STYLES)) if random.random() < settings["styled"] else None
        place = (photograph.folder, photograph.row)
        sights += [
            Sight(View(number, False, None), *place, 1.0, False),
            Sight(View(number, style is None, style), *place, 1.0, False),
            Sight(View(number, False, None), *place, settings["smallest_crop"], False),
        ]
        if random.random() < settings["moving"]:
            flip = random.random() < 0.5
            sights.append(Sight(View(number, flip, None), *place, 1.0, True))
    for row in range(loose_count):
        sights.append(Sight(View(-1, False, None), loose, row, 1.0, False))
        for _ in range(settings["loose_crops"]):
            flip = random.random() < 0.5
            sights.append(Sight(View(-1, flip, None), loose, row, settings["smallest_loose_crop"], False))
        if random.random() < settings["moving"]:
            sights.append(Sight(View(-1, False, None), loose, row, 1.0, True))
    return sights


class Maker:
    """Turns planned views into stored tokens and scores."""

    def __init__(self, model: Mammut, data: Path, work: Path, folders: tuple[str, ...], seed: int) -> None:
        self.model = model
        self.pixels = {folder: Photographs(work, folder).pixels for folder in folders}
        self.logits = {folder: Features(work, folder).logits for folder in folders}
        self.deit = deit_session(data / "deit-tiny" / "deit_tiny_patch16_224.onnx", torch.get_num_threads())
        self.random = np.random.default_rng(seed)

    def stills(self, sights: list[Sight]) -> tuple[Tensor, np.ndarray]:
        """Stored tokens `[B, m, k]` and DeiT's scores `[B, 1000]` of still views.

        A small cut-out is shown to DeiT again; what is nearly the whole photograph keeps its scores, whatever its style.
        """
        images = [np.asarray(self.pixels[sight.folder][sight.row]) for sight in sights]
        images = [STYLES[s.view.style](image) if s.view.style else image for s, image in zip(sights, images)]
        windows = [random_window(sight.smallest) if sight.smallest < 1 else (0.0, 0.0, 1.0, 1.0) for sight in sights]
        cropped = crop_photographs(images, windows, [sight.view.flip for sight in sights], self.model.vision.size)
        scores = np.stack([self.logits[sight.folder][sight.row] for sight in sights])
        cut = [place for place, sight in enumerate(sights) if sight.smallest < NEARLY_WHOLE]
        if cut:
            scores[cut] = run_deit(self.deit, cropped[cut].numpy())[0]
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            _, tokens = self.model.encode_rows(still_rows(self.model, cropped))
        return tokens, scores

    def clips(self, sights: list[Sight]) -> tuple[Tensor, np.ndarray]:
        """The same for photographs shown as clips."""
        vision = self.model.vision
        made = [
            photograph_clip(
                np.asarray(self.pixels[s.folder][s.row]), vision.frames, vision.size, self.random, s.view.flip
            )
            for s in sights
        ]
        scores = np.stack([self.logits[sight.folder][sight.row] for sight in sights])
        return embed_clips(self.model, np.stack(made))[1], scores

    def scenes(self, count: int) -> tuple[list[Scene], Tensor]:
        """Drawn scenes and their stored tokens `[count, m, k]`."""
        vision = self.model.vision
        scenes = [random_scene(self.random) for _ in range(count)]
        drawn = np.stack([draw(scene, vision.frames, vision.size, self.random) for scene in scenes])
        return scenes, embed_clips(self.model, drawn)[1]


def cache_views(
    model: Mammut, photographs: list[Captioned], loose: str, data: Path, work: Path, stem: str, settings: dict, seed: int
) -> None:
    """Make every view and `settings["scenes"]` drawn scenes, once; `model` is in evaluation mode."""
    about = work / f"{stem}.views.json"
    if about.exists():
        return
    folders = (*dict.fromkeys(photograph.folder for photograph in photographs), loose)
    maker = Maker(model, data, work, folders, seed)
    sights = sorted(
        plan(photographs, loose, len(maker.pixels[loose]), settings), key=lambda sight: (sight.moving, sight.folder)
    )
    still = sum(not sight.moving for sight in sights)
    total, shape = len(sights) + settings["scenes"], (1 + model.pooling.cells**2, model.vision.width)
    tokens = np.memmap(work / f"{stem}.views.tokens.f16", np.float16, "w+", shape=(total, *shape))
    logits = np.memmap(work / f"{stem}.views.logits.f16", np.float16, "w+", shape=(len(sights), CLASSES))
    starts = [*range(0, still, BATCH), *range(still, len(sights), BATCH)]
    for start, end in zip(starts, [*starts[1:], len(sights)]):
        part = sights[start:end]
        made, scores = maker.clips(part) if part[0].moving else maker.stills(part)
        tokens[start:end], logits[start:end] = made.float().numpy(), scores
        if start // BATCH % 100 == 0:
            print(f"views {end} of {total}", flush=True)
    scenes: list[Scene] = []
    while len(scenes) < settings["scenes"]:
        more, made = maker.scenes(min(BATCH, settings["scenes"] - len(scenes)))
        place = len(sights) + len(scenes)
        tokens[place : place + len(more)] = made.numpy()
        scenes += more
    tokens.flush()
    logits.flush()
    listed = {"views": [asdict(sight.view) for sight in sights], "scenes": [asdict(scene) for scene in scenes]}
    about.write_text(json.dumps(listed), encoding="utf-8")


class Views:
    """Cached views: `tokens` `[V + scenes, 50, 192]`, `logits` `[V, 1000]`, `views`, `scenes`, and the views of each
    captioned photograph (`of`) and of all others (`loose`)."""

    def __init__(self, work: Path, stem: str, tokens: int, width: int) -> None:
        listed = json.loads((work / f"{stem}.views.json").read_text(encoding="utf-8"))
        self.views = [View(**view) for view in listed["views"]]
        self.scenes = [Scene(**scene) for scene in listed["scenes"]]
        self.tokens = np.memmap(work / f"{stem}.views.tokens.f16", np.float16, "r").reshape(-1, tokens, width)
        self.logits = np.memmap(work / f"{stem}.views.logits.f16", np.float16, "r").reshape(-1, CLASSES)
        self.of: dict[int, list[int]] = {}
        self.loose: list[int] = []
        for place, view in enumerate(self.views):
            if view.number < 0:
                self.loose.append(place)
            else:
                self.of.setdefault(view.number, []).append(place)
