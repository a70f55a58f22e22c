"""DeiT-Tiny's tokens and class scores for every photograph, computed once with the frozen network.

`<name>.tokens.f16` holds `[N, 197, 192]` (the class token first), `<name>.logits.f16` holds `[N, 1000]`.
`<name>.mirror.tokens.f16` is the same for the mirrored photographs (training folders with captions only).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime as ort

from .photographs import Photographs

MEAN = np.array([0.485, 0.456, 0.406], np.float32)
STD = np.array([0.229, 0.224, 0.225], np.float32)
TOKENS, WIDTH, CLASSES = 197, 192, 1000


def cache_features(deit: Path, work: Path, folder: str, mirror: bool, batch: int = 16) -> None:
    """Run DeiT over one cached folder of photographs; a finished folder is left alone."""
    stem = f"{folder}.mirror" if mirror else folder
    done = work / f"{stem}.done"
    if done.exists():
        return
    photographs = Photographs(work, folder)
    options = ort.SessionOptions()
    options.intra_op_num_threads = 2
    session = ort.InferenceSession(str(deit), options, providers=["CPUExecutionProvider"])
    tokens = np.memmap(work / f"{stem}.tokens.f16", np.float16, "w+", shape=(len(photographs), TOKENS, WIDTH))
    logits = np.memmap(work / f"{stem}.logits.f16", np.float16, "w+", shape=(len(photographs), CLASSES))
    for start in range(0, len(photographs), batch):
        pixels = photographs.pixels[start : start + batch].astype(np.float32) / 255
        pixels = ((pixels - MEAN) / STD).transpose(0, 3, 1, 2)
        if mirror:
            pixels = pixels[..., ::-1]
        scores, hidden = session.run(["logits", "tokens"], {"pixel_values": np.ascontiguousarray(pixels)})
        tokens[start : start + batch] = hidden
        logits[start : start + batch] = scores
    tokens.flush()
    logits.flush()
    done.write_text("ok", encoding="utf-8")


class Features:
    """Cached tokens `[N, 197, 192]` and logits `[N, 1000]` of one folder, float16."""

    def __init__(self, work: Path, folder: str, mirror: bool = False) -> None:
        stem = f"{folder}.mirror" if mirror else folder
        self.tokens = np.memmap(work / f"{stem}.tokens.f16", np.float16, "r").reshape(-1, TOKENS, WIDTH)
        self.logits = np.memmap(work / f"{stem}.logits.f16", np.float16, "r").reshape(-1, CLASSES)
