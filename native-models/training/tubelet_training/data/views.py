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


@dataclass(frozen=True)
class View:
    """One view: where the photograph lies, its number among the captioned ones (-1: none), and how it is changed."""

    folder: str
    row: int
    number: int
    flip: bool
    style: str | None
    whole: bool
    moving: bool


def plan(photographs: list[Captioned], loose: str, loose_count: int, settings: dict) -> list[View]:
    """The views of every captioned photograph and of every one of the folder `loose`."""
    views = []
    for number, photograph in enumerate(photographs):
        style = random.choice(list(STYLES)) if random.random() < settings["styled"] else None
        place = (photograph.folder, photograph.row, number)
        views += [
            View(*place, False, None, True, False),
            View(*place, style is None, style, True, False),
            View(*place, False, None, False, False),
        ]
        if random.random() < settings["moving"]:
            views.append(View(*place, random.random() < 0.5, None, True, True))
    for row in range(loose_count):
        views.append(View(loose, row, -1, False, None, True, False))
        views += [
            View(loose, row, -1, random.random() < 0.5, None, False, False) for _ in range(settings["loose_crops"])
        ]
        if random.random() < settings["moving"]:
            views.append(View(loose, row, -1, False, None, True, True))
    return views


class Maker:
    """Turns planned views into stored tokens and scores."""

    def __init__(
        self, model: Mammut, data: Path, work: Path, folders: tuple[str, ...], settings: dict, seed: int
    ) -> None:
        self.model, self.settings = model, settings
        self.pixels = {folder: Photographs(work, folder).pixels for folder in folders}
        self.logits = {folder: Features(work, folder).logits for folder in folders}
        self.deit = deit_session(data / "deit-tiny" / "deit_tiny_patch16_224.onnx", torch.get_num_threads())
        self.random = np.random.default_rng(seed)

    def stills(self, views: list[View]) -> tuple[Tensor, np.ndarray]:
        """Stored tokens `[B, m, k]` and DeiT's scores `[B, 1000]` of still views.

        What is cut out of a photograph without captions is shown to DeiT again, because it may be a small part of it; the
        others keep the scores of the whole photograph, whatever their style.
        """
        images = [np.asarray(self.pixels[view.folder][view.row]) for view in views]
        images = [STYLES[view.style](image) if view.style else image for view, image in zip(views, images)]
        windows = [(0.0, 0.0, 1.0, 1.0) if view.whole else random_window(self.smallest(view)) for view in views]
        cropped = crop_photographs(images, windows, [view.flip for view in views], self.model.vision.size)
        scores = np.stack([self.logits[view.folder][view.row] for view in views])
        cut = [place for place, view in enumerate(views) if not view.whole and view.number < 0]
        if cut:
            scores[cut] = run_deit(self.deit, cropped[cut].numpy())[0]
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            _, tokens = self.model.encode_rows(still_rows(self.model, cropped))
        return tokens, scores

    def smallest(self, view: View) -> float:
        """The smallest share of the area that may be cut out."""
        return self.settings["smallest_loose_crop" if view.number < 0 else "smallest_crop"]

    def clips(self, views: list[View]) -> tuple[Tensor, np.ndarray]:
        """The same for photographs shown as clips."""
        vision = self.model.vision
        made = [
            photograph_clip(
                np.asarray(self.pixels[view.folder][view.row]), vision.frames, vision.size, self.random, view.flip
            )
            for view in views
        ]
        scores = np.stack([self.logits[view.folder][view.row] for view in views])
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
    maker = Maker(model, data, work, folders, settings, seed)
    views = sorted(
        plan(photographs, loose, len(maker.pixels[loose]), settings), key=lambda view: (view.moving, view.folder)
    )
    still = sum(not view.moving for view in views)
    total, shape = len(views) + settings["scenes"], (1 + model.pooling.cells**2, model.vision.width)
    tokens = np.memmap(work / f"{stem}.views.tokens.f16", np.float16, "w+", shape=(total, *shape))
    logits = np.memmap(work / f"{stem}.views.logits.f16", np.float16, "w+", shape=(len(views), CLASSES))
    starts = [*range(0, still, BATCH), *range(still, len(views), BATCH)]
    for start, end in zip(starts, [*starts[1:], len(views)]):
        part = views[start:end]
        made, scores = maker.clips(part) if part[0].moving else maker.stills(part)
        tokens[start:end], logits[start:end] = made.float().numpy(), scores
        if start // BATCH % 100 == 0:
            print(f"views {end} of {total}", flush=True)
    scenes: list[Scene] = []
    while len(scenes) < settings["scenes"]:
        more, made = maker.scenes(min(BATCH, settings["scenes"] - len(scenes)))
        place = len(views) + len(scenes)
        tokens[place : place + len(more)] = made.numpy()
        scenes += more
    tokens.flush()
    logits.flush()
    listed = {"views": [asdict(view) for view in views], "scenes": [asdict(scene) for scene in scenes]}
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
