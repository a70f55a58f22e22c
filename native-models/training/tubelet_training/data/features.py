"""DeiT-Tiny's tokens and class scores for every photograph, computed once with the frozen network.

`<name>.tokens.f16` holds `[N, 197, 192]` (the class token first), `<name>.logits.f16` holds `[N, 1000]`.
`<name>.mirror.tokens.f16` is the same for the mirrored photographs (training folders with captions only).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import torch
from onnx import numpy_helper
from torch import Tensor

from .photographs import Photographs

MEAN = np.array([0.485, 0.456, 0.406], np.float32)
STD = np.array([0.229, 0.224, 0.225], np.float32)
TOKENS, WIDTH, CLASSES = 197, 192, 1000


def deit_session(deit: Path, threads: int = 2) -> ort.InferenceSession:
    """DeiT-Tiny on a few threads."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    return ort.InferenceSession(str(deit), options, providers=["CPUExecutionProvider"])


def class_weights(data: Path) -> Tensor:
    """The weights `[1000, 192]` of DeiT's last layer, which reads a class's score from the class token."""
    graph = onnx.load(str(data / "deit-tiny" / "deit_tiny_patch16_224.onnx")).graph
    stored = next(tensor for tensor in graph.initializer if tensor.name == "head.weight_T")
    return torch.from_numpy(numpy_helper.to_array(stored).copy()).T


def run_deit(session: ort.InferenceSession, photographs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Scores `[B, 1000]` and tokens `[B, 197, 192]` of photographs `[B, 224, 224, 3]`, uint8."""
    pixels = ((photographs.astype(np.float32) / 255 - MEAN) / STD).transpose(0, 3, 1, 2)
    scores, tokens = session.run(["logits", "tokens"], {"pixel_values": np.ascontiguousarray(pixels)})
    return scores, tokens


def cache_features(deit: Path, work: Path, folder: str, mirror: bool, batch: int = 16) -> None:
    """Run DeiT over one cached folder of photographs; a finished folder is left alone."""
    stem = f"{folder}.mirror" if mirror else folder
    done = work / f"{stem}.done"
    if done.exists():
        return
    photographs, session = Photographs(work, folder), deit_session(deit)
    tokens = np.memmap(work / f"{stem}.tokens.f16", np.float16, "w+", shape=(len(photographs), TOKENS, WIDTH))
    logits = np.memmap(work / f"{stem}.logits.f16", np.float16, "w+", shape=(len(photographs), CLASSES))
    for start in range(0, len(photographs), batch):
        pixels = photographs.pixels[start : start + batch]
        logits[start : start + batch], tokens[start : start + batch] = run_deit(
            session, pixels[:, :, ::-1] if mirror else pixels
        )
    tokens.flush()
    logits.flush()
    done.write_text("ok", encoding="utf-8")


class Features:
    """Cached tokens `[N, 197, 192]` and logits `[N, 1000]` of one folder (`variant`: mirror, or a style), float16."""

    def __init__(self, work: Path, folder: str, variant: str | None = None) -> None:
        stem = f"{folder}.{variant}" if variant else folder
        self.tokens = np.memmap(work / f"{stem}.tokens.f16", np.float16, "r").reshape(-1, TOKENS, WIDTH)
        self.logits = np.memmap(work / f"{stem}.logits.f16", np.float16, "r").reshape(-1, CLASSES)
