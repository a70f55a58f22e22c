"""Boxes of the 80 COCO classes by YOLOX-nano: a labeller for localisation, run once over a folder of photographs."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnxruntime as ort
from PIL import Image

from .photographs import Photographs

SIDE = 416
STRIDES = (8, 16, 32)


def decode(output: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """YOLOX's raw output `[3549, 85]` as boxes `[3549, 4]` (x0, y0, x1, y1 in pixels) and class scores `[3549, 80]`."""
    grids, strides = [], []
    for stride in STRIDES:
        count = SIDE // stride
        y, x = np.mgrid[0:count, 0:count]
        grids.append(np.stack([x, y], axis=-1).reshape(-1, 2))
        strides.append(np.full((count * count, 1), stride))
    grid, stride = np.concatenate(grids), np.concatenate(strides)
    centre, extent = (output[:, :2] + grid) * stride, np.exp(output[:, 2:4]) * stride
    return np.concatenate([centre - extent / 2, centre + extent / 2], axis=1), output[:, 4:5] * output[:, 5:]


def suppress(boxes: np.ndarray, scores: np.ndarray, overlap: float) -> list[int]:
    """Indices of the boxes that survive non-maximum suppression, best first."""
    kept: list[int] = []
    area = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    order = list(np.argsort(-scores))
    while order:
        best = order.pop(0)
        kept.append(int(best))
        low = np.maximum(boxes[best, :2], boxes[order, :2])
        high = np.minimum(boxes[best, 2:], boxes[order, 2:])
        shared = np.prod(np.clip(high - low, 0, None), axis=1) if order else np.zeros(0)
        order = [i for i, common in zip(order, shared) if common / (area[best] + area[i] - common) < overlap]
    return kept


def detect(session: ort.InferenceSession, photograph: np.ndarray, floor: float) -> list[list[float]]:
    """Boxes `[class, score, x0, y0, x1, y1]` (fractions of the frame) in a photograph `[H, W, 3]`, RGB uint8."""
    resized = np.asarray(Image.fromarray(photograph).resize((SIDE, SIDE), Image.Resampling.BILINEAR))
    pixels = resized[..., ::-1].transpose(2, 0, 1)[None].astype(np.float32)
    boxes, scores = decode(session.run(None, {"images": pixels})[0][0])
    found = []
    for kind in np.flatnonzero(scores.max(0) > floor):
        rows = np.flatnonzero(scores[:, kind] > floor)
        for row in suppress(boxes[rows], scores[rows, kind], 0.45):
            box = np.clip(boxes[rows[row]] / SIDE, 0, 1)
            found.append([int(kind), round(float(scores[rows[row], kind]), 3), *(round(float(v), 4) for v in box)])
    return found


def cache_boxes(yolox: Path, work: Path, folder: str, rows: list[int], floor: float = 0.35) -> None:
    """Boxes of the photographs in `rows` of a folder's cache, into `<folder>.boxes.json`; those it holds are kept."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    session = ort.InferenceSession(str(yolox), options, providers=["CPUExecutionProvider"])
    photographs, found = Photographs(work, folder), load_boxes(work, folder)
    for row in rows:
        if str(row) not in found:
            found[str(row)] = detect(session, np.asarray(photographs.pixels[row]), floor)
    (work / f"{folder}.boxes.json").write_text(json.dumps(found), encoding="utf-8")


def load_boxes(work: Path, folder: str) -> dict[str, list[list[float]]]:
    """The cached boxes by row number (as text, since the cache is JSON); empty if there are none."""
    target = work / f"{folder}.boxes.json"
    return json.loads(target.read_text(encoding="utf-8")) if target.exists() else {}


def coco_classes(data: Path) -> list[str]:
    """The 80 class names in YOLOX's order."""
    return (data / "yolox-nano" / "coco_classes.txt").read_text(encoding="utf-8").split("\n")[:80]


def cells_inside(boxes: np.ndarray, window: tuple[float, float, float, float], flip: bool, cells: int) -> np.ndarray:
    """Which grid cells `[cells * cells]` have their centre in one of `boxes` `[n, 4]`.

    The grid lies over `window` (left, top, width, height) of the photograph, mirrored if `flip`.
    """
    steps = (np.arange(cells) + 0.5) / cells
    across = window[0] + (steps[::-1] if flip else steps) * window[2]
    down = window[1] + steps * window[3]
    inside_x = (across >= boxes[:, 0:1]) & (across <= boxes[:, 2:3])
    inside_y = (down >= boxes[:, 1:2]) & (down <= boxes[:, 3:4])
    return (inside_y[:, :, None] & inside_x[:, None, :]).any(0).reshape(-1)
