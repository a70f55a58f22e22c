"""Stage 3: the vision tower learns too, on photographs, on clips made from them, and on drawn motion."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..data.augment import crop_photographs, random_window
from ..data.batches import Shuffled
from ..data.collections import training_photographs
from ..data.drawn import DIRECTIONS, Scene, draw, moving_cells, random_scene
from ..data.features import Features
from ..data.photographs import Photographs
from ..data.styles import STYLES
from ..data.synthetic_video import photograph_clip
from ..data.tokenizer import TextCodec
from ..evaluation.answers import score_drawn
from ..evaluation.quick import quick_numbers, still_rows
from ..model.mammut import Mammut
from ..model.positions import gather_rows
from .joint import JointLoss
from .objectives import drawn_texts

LOOSE = "coco_unlabelled"
DRAWN = 60  # scenes by which a run watches whether motion is read


class TunedStage:
    """The loss of one step through the whole model; `settings` is the configuration's `stages.tuned`."""

    def __init__(self, model: Mammut, settings: dict, data: Path, work: Path, codec: TextCodec, seed: int) -> None:
        self.model, self.settings, self.codec, self.data, self.work = model, settings, codec, data, work
        self.photographs = training_photographs(data, work)
        folders = ("flickr8k", "coco", LOOSE)
        self.pixels = {folder: Photographs(work, folder).pixels for folder in folders}
        self.logits = {folder: Features(work, folder).logits for folder in folders}
        self.joint = JointLoss(model, settings, self.photographs, data, codec, seed)
        self.order = Shuffled(len(self.photographs), seed)
        self.clip_order = Shuffled(len(self.photographs), seed + 3)
        self.unlabelled = Shuffled(len(self.logits[LOOSE]), seed + 1)
        self.random = np.random.default_rng(seed)
        # Told cell by cell what moves which way, straight from the stored tokens, the tower learns to keep it; through the
        # decoder alone it had not begun to after 150 steps. The probe is thrown away.
        width = model.vision.width
        self.probe = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.Linear(width, len(DIRECTIONS)))

    def parameter_groups(self) -> list[dict]:
        """Layer-wise decay: the last DeiT block learns at `vision_rate`, each one below at `layer_decay` of it."""
        model, settings = self.model, self.settings
        tower, top, decay = model.vision, settings["vision_rate"], settings["layer_decay"]
        depth = len(tower.blocks)
        groups = [
            {"params": list(block.parameters()), "lr": top * decay ** (depth - 1 - number)}
            for number, block in enumerate(tower.blocks)
        ]
        first = [tower.cls, tower.cls_position, tower.position_grid, *tower.projections[0].parameters()]
        groups.append({"params": first, "lr": top * decay**depth})
        motion = [p for projection in tower.projections[1:] for p in projection.parameters()]
        groups.append({"params": [*motion, *tower.norm.parameters()], "lr": settings["tube_rate"]})
        # Few numbers that have far to go, and that should not be drawn to zero.
        gates = [tower.fixed_gain, tower.tube_bias]
        groups.append({"params": gates, "lr": settings["gate_rate"], "weight_decay": 0.0})
        groups.append({"params": list(self.probe.parameters()), "lr": settings["gate_rate"]})
        language = [*model.pooling.parameters(), *model.head.parameters(), *model.decoder.parameters(), model.log_scale]
        groups.append({"params": language, "lr": settings["learning_rate"]})
        return groups

    def read(self, numbers: list[int], loose: list[int], styles: list[str | None]) -> list[np.ndarray]:
        """Photographs `[224, 224, 3]`, the captioned ones in their styles, then unlabelled ones."""
        captioned = [self.photographs[n] for n in numbers]
        plain = [np.asarray(self.pixels[photograph.folder][photograph.row]) for photograph in captioned]
        drawn = [STYLES[style](image) if style else image for image, style in zip(plain, styles)]
        return drawn + [np.asarray(self.pixels[LOOSE][row]) for row in loose]

    def stills(self, numbers: list[int], loose: list[int], flips: list[bool], styles: list[str | None]) -> list[Tensor]:
        """Tube rows of cropped photographs, captioned ones first."""
        images = self.read(numbers, loose, styles)
        windows = [random_window(self.settings["smallest_crop"]) for _ in images]
        both = flips + [random.random() < 0.5 for _ in loose]
        return still_rows(self.model, crop_photographs(images, windows, both, self.model.vision.size))

    def clips(
        self, numbers: list[int], loose: list[int], flips: list[bool], styles: list[str | None], drawn: list[np.ndarray]
    ) -> list[Tensor]:
        """Tube rows of moving photographs, captioned ones first, then unlabelled ones, then drawn scenes."""
        frames, size = self.model.vision.frames, self.model.vision.size
        images, both = self.read(numbers, loose, styles), flips + [False] * len(loose)
        made = [photograph_clip(image, frames, size, self.random, flip) for image, flip in zip(images, both)]
        clip = torch.from_numpy(np.stack(made + drawn))
        return [gather_rows(clip, tube) for tube in self.model.tubes]

    def drawn_loss(
        self, embedding: Tensor, stored: Tensor, scenes: list[Scene], clips: list[np.ndarray]
    ) -> tuple[Tensor, dict[str, float]]:
        """Captions, questions and contrast of the drawn scenes, with the probe's loss; and how the probe does."""
        described, smoothing = self.settings["described"], self.settings["smoothing"]
        drawn = drawn_texts(self.model, self.codec, embedding, stored, scenes, described, smoothing)
        moving = torch.from_numpy(np.stack([moving_cells(clip, self.model.pooling.cells) for clip in clips]))
        ways = torch.tensor([list(DIRECTIONS).index(scene.direction) for scene in scenes])
        ways = ways[:, None].expand_as(moving)[moving]
        said = self.probe(stored[:, 1:][moving]).float()
        probed, right = F.cross_entropy(said, ways), (said.argmax(1) == ways).float().mean().item()
        return drawn + self.settings["probe_weight"] * probed, {"probe": probed.item(), "direction": right}

    def loss(self) -> tuple[Tensor, dict[str, float]]:
        """The loss of the next batch, and its parts for the log."""
        settings, model = self.settings, self.model
        still_numbers, clip_numbers = self.order.take(settings["stills"]), self.clip_order.take(settings["clips"])
        still_loose, clip_loose = (
            self.unlabelled.take(settings["loose_stills"]),
            self.unlabelled.take(settings["loose_clips"]),
        )
        numbers = still_numbers + clip_numbers
        flips = [random.random() < 0.5 for _ in numbers]
        styles = [random.choice(list(STYLES)) if random.random() < settings["styled"] else None for _ in numbers]
        scenes = [random_scene(self.random) for _ in range(settings["drawn"])]
        drawn = [draw(scene, model.vision.frames, model.vision.size, self.random) for scene in scenes]
        a, b = len(still_numbers), len(clip_numbers)
        crop = random_window(0.5) if random.random() < settings["position_crops"] else None
        s_embedding, s_stored = model.encode_rows(
            self.stills(still_numbers, still_loose, flips[:a], styles[:a]), settings["keep_stills"], crop
        )
        c_embedding, c_stored = model.encode_rows(
            self.clips(clip_numbers, clip_loose, flips[a:], styles[a:], drawn), settings["keep_clips"]
        )
        inner = b + len(clip_loose)
        embedding = torch.cat([s_embedding[:a], c_embedding[:b], s_embedding[a:], c_embedding[b:inner]])
        stored = torch.cat([s_stored[:a], c_stored[:b], s_stored[a:], c_stored[b:inner]])
        teacher = [self.logits[self.photographs[n].folder][self.photographs[n].row] for n in numbers]
        teacher += [self.logits[LOOSE][row] for row in still_loose + clip_loose]
        total, parts = self.joint(embedding, stored, torch.from_numpy(np.stack(teacher)), numbers, flips, styles)
        shapes, probed = self.drawn_loss(c_embedding[inner:], c_stored[inner:], scenes, drawn)
        return total + settings["drawn_weight"] * shapes, parts | {"drawn": shapes.item()} | probed

    def measure(self) -> dict:
        """Depth and breadth on held-out photographs, and drawn motion."""
        photographs = quick_numbers(self.model, self.codec, self.data, self.work, frozen=False)
        return photographs | score_drawn(self.model, self.codec, DRAWN, 0, False)
