"""Checkpoints: everything needed to go on after an interruption, replaced atomically."""

from __future__ import annotations

import os
from pathlib import Path

import torch

from .model.mammut import Mammut


def save(path: Path, content: dict) -> None:
    """Write `content` beside `path`, then rename, so that a half-written checkpoint is never read."""
    partial = path.with_suffix(".partial")
    torch.save(content, partial)
    os.replace(partial, path)


def load_model(config: dict, path: Path, averaged: bool = True) -> Mammut:
    """The model of a checkpoint; with its averaged weights where the run kept them."""
    model = Mammut(config["model"])
    content = torch.load(path, map_location="cpu", weights_only=False)
    weights = content.get("averaged") if averaged else None
    model.load_state_dict(weights or content["model"])
    return model.eval()
