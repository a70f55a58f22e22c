"""Stage `motion`: the temporal tubes learn to see what moves which way, and nothing else changes.

Direction is the product of a change in time and one in space. From answers about whole clips it was not found in 10,000
clips; from a probe on each temporal token, after the first block alone, it is within 200 steps. Only the kernels of the
temporal tubes learn, so a still image, which has none of them, is read exactly as before.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..data.drawn import DIRECTIONS, draw, moving_tokens, random_scene
from ..data.tokenizer import TextCodec
from ..model.mammut import Mammut
from ..model.positions import gather_rows

HELD_OUT = 64  # scenes of a report, drawn from another seed


class MotionStage:
    """The probe's loss on the temporal tokens after `settings["blocks"]` blocks of the frozen tower."""

    def __init__(self, model: Mammut, settings: dict, data: Path, work: Path, codec: TextCodec, seed: int) -> None:
        self.model, self.settings = model, settings
        self.random, self.seed = np.random.default_rng(seed), seed
        width = model.vision.width
        self.probe = nn.Sequential(
            nn.LayerNorm(width), nn.Linear(width, width), nn.GELU(), nn.Linear(width, len(DIRECTIONS))
        )
        model.requires_grad_(False)
        with torch.no_grad():
            model.vision.tube_bias[1:] = settings["tube_bias"]

    def parameter_groups(self) -> list[dict]:
        """The kernels of the temporal tubes, and the probe, which is thrown away."""
        kernels = [p for projection in self.model.vision.projections[1:] for p in projection.parameters()]
        for parameter in kernels:
            parameter.requires_grad_(True)
        return [
            {"params": kernels, "lr": self.settings["learning_rate"]},
            {"params": list(self.probe.parameters()), "lr": 2 * self.settings["learning_rate"]},
        ]

    def judged(self, random: np.random.Generator, count: int) -> tuple[Tensor, Tensor, Tensor]:
        """For each temporal token that sees something move, in `count` scenes: scores `[N, 4]`, direction, scene."""
        tower, tubes = self.model.vision, self.model.tubes[1:]
        scenes = [random_scene(random) for _ in range(count)]
        clips = torch.from_numpy(np.stack([draw(scene, tower.frames, tower.size, random) for scene in scenes]))
        rows = [gather_rows(clips, tube) for tube in tubes]
        moving = torch.cat([moving_tokens(row, tube) for row, tube in zip(rows, tubes)], dim=1)
        x = torch.cat([tower.embed(index + 1, row) for index, row in enumerate(rows)], dim=1)
        bias = torch.cat([tower.tube_bias[index + 1].expand(row.shape[1]) for index, row in enumerate(rows)])
        for block in tower.blocks[: self.settings["blocks"]]:
            x = block(x, bias[None, None, None])
        ways = torch.tensor([list(DIRECTIONS).index(scene.direction) for scene in scenes])
        owners = torch.arange(count)[:, None].expand_as(moving)[moving]
        return self.probe(x[moving]).float(), ways[owners], owners

    def loss(self) -> tuple[Tensor, dict[str, float]]:
        """The loss of the next scenes, and the share of tokens told right."""
        scores, ways, _ = self.judged(self.random, self.settings["drawn"])
        loss = F.cross_entropy(scores, ways)
        return loss, {"probe": loss.item(), "tokens": (scores.argmax(1) == ways).float().mean().item()}

    @torch.no_grad()
    def measure(self) -> dict:
        """Per cent of held-out scenes whose tokens together point the right way."""
        scores, ways, owners = self.judged(np.random.default_rng(self.seed + 1000), HELD_OUT)
        together = scores.new_zeros(HELD_OUT, len(DIRECTIONS)).index_add_(0, owners, scores.log_softmax(1))
        seen = torch.unique(owners)
        answer = ways.new_zeros(HELD_OUT).index_copy_(0, owners, ways)
        return {"direction": round(float((together.argmax(1) == answer)[seen].float().mean()) * 100, 1)}
