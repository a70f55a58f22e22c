"""Photographs made to look like black-and-white film and like cartoons, with the words that say so."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from .features import CLASSES, TOKENS, WIDTH, deit_session, run_deit
from .photographs import Photographs

PREFIXES = {
    "gray": (
        "a black and white photo of",
        "a black and white film of",
        "an old black and white silent film with",
        "a black and white picture,",
        "a silent film,",
    ),
    "cartoon": ("a cartoon of", "an animated cartoon with", "a cartoon,", "an animated film of", "a drawing of"),
}


def gray(photograph: np.ndarray) -> np.ndarray:
    """Black and white, with the hard contrast of old film."""
    image = ImageOps.autocontrast(Image.fromarray(photograph).convert("L"), cutoff=2)
    return np.asarray(image.convert("RGB"))


def cartoon(photograph: np.ndarray) -> np.ndarray:
    """Flat saturated areas with dark outlines."""
    image = Image.fromarray(photograph).filter(ImageFilter.MedianFilter(5))
    flat = ImageEnhance.Color(ImageOps.posterize(image, 3)).enhance(1.8).filter(ImageFilter.SMOOTH)
    edges = np.asarray(image.convert("L").filter(ImageFilter.FIND_EDGES), np.float32)[..., None]
    return (np.asarray(flat, np.float32) * np.clip(1.2 - edges / 120, 0.2, 1.0)).clip(0, 255).astype(np.uint8)


STYLES = {"gray": gray, "cartoon": cartoon}


def cache_styled(deit: Path, work: Path, folder: str, style: str, rows: list[int], batch: int = 16) -> None:
    """DeiT's tokens and scores for the photographs in `rows`, drawn in a style; once."""
    stem = work / f"{folder}.{style}"
    if Path(f"{stem}.rows.npy").exists():
        return
    photographs, session = Photographs(work, folder), deit_session(deit)
    tokens = np.memmap(f"{stem}.tokens.f16", np.float16, "w+", shape=(len(rows), TOKENS, WIDTH))
    logits = np.memmap(f"{stem}.logits.f16", np.float16, "w+", shape=(len(rows), CLASSES))
    for start in range(0, len(rows), batch):
        styled = np.stack([STYLES[style](np.asarray(photographs.pixels[row])) for row in rows[start : start + batch]])
        logits[start : start + batch], tokens[start : start + batch] = run_deit(session, styled)
    tokens.flush()
    logits.flush()
    np.save(f"{stem}.rows.npy", np.array(rows))


def styled_rows(work: Path, folder: str, style: str) -> dict[int, int]:
    """From a photograph's row in its folder to its row among the styled ones."""
    return {int(row): place for place, row in enumerate(np.load(work / f"{folder}.{style}.rows.npy"))}
