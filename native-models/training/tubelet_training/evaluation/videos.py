"""Plain queries over real videos: is the right file among the first three by its best clip?"""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ..data.tokenizer import TextCodec
from ..model.mammut import Mammut
from ..model.positions import gather_rows
from .retrieval import embed_texts

QUERIES = {
    "cars on a road": ("intel_car-detection.mp4", "intel_prev_person-bicycle-car-detection.mp4"),
    "students in a classroom": ("intel_prev_classroom.mp4",),
    "a man in a black and white silent film": ("mpy_chaplin.mp4",),
    "an astronaut": ("tc_nasa_13013.mp4",),
    "a cartoon": ("mpy_big_buck_bunny_0_30.webm",),
    "vegetables on a conveyor belt": ("intel_prev_fruit-and-vegetable-detection.mp4",),
    "a bottle on a table": ("intel_bottle-detection.mp4",),
    "people walking through a room": ("intel_one-by-one-person-detection.mp4",),
}
MOST_CLIPS = 8


def read_clips(video: Path, frames: int, size: int, seconds: float) -> np.ndarray:
    """Up to `MOST_CLIPS` evenly spaced clips `[n, frames, size, size, 3]` of `seconds` each, frames evenly spaced."""
    scale = f"fps={frames / seconds},scale={size}:{size}:flags=bicubic+accurate_rnd+full_chroma_int"
    command = ["ffmpeg", "-v", "error", "-i", str(video), "-vf", scale, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    raw = subprocess.run(command, check=True, capture_output=True).stdout
    pixels = np.frombuffer(raw, np.uint8).reshape(-1, size, size, 3)
    if len(pixels) < frames:
        pixels = pixels[np.linspace(0, len(pixels) - 1, frames).round().astype(int)]
    starts = range(0, len(pixels) - frames + 1, frames)
    chosen = sorted({starts[i] for i in np.linspace(0, len(starts) - 1, min(MOST_CLIPS, len(starts))).astype(int)})
    return np.stack([pixels[start : start + frames] for start in chosen])


def cache_video_clips(data: Path, work: Path, frames: int, size: int, seconds: float) -> dict[str, np.ndarray]:
    """The clips of every video, decoded once into the working folder."""
    target = work / "videos.npz"
    if not target.exists():
        files = sorted(path for path in (data / "videos").iterdir() if path.suffix != ".tsv")
        np.savez(target, **{path.name: read_clips(path, frames, size, seconds) for path in files})
    with np.load(target) as stored:
        return {name: stored[name] for name in stored.files}


@torch.no_grad()
def embed_clips(model: Mammut, clips: np.ndarray, batch: int = 8) -> tuple[Tensor, Tensor]:
    """Embeddings `[n, d]` and stored tokens `[n, m, k]` of clips `[n, frames, size, size, 3]`, in bfloat16."""
    outputs = []
    for start in range(0, len(clips), batch):
        part = torch.from_numpy(clips[start : start + batch])
        with torch.autocast("cpu", torch.bfloat16):
            outputs.append(model.encode_rows([gather_rows(part, tube) for tube in model.tubes]))
    return torch.cat([e.float() for e, _ in outputs]), torch.cat([t.float() for _, t in outputs])


@torch.no_grad()
def rank_videos(model: Mammut, codec: TextCodec, clips: dict[str, np.ndarray]) -> dict[str, int]:
    """The rank (0 is first) of the best right file for each of `QUERIES`."""
    embeddings = {name: embed_clips(model, parts)[0] for name, parts in clips.items()}
    texts = embed_texts(model, codec, list(QUERIES))
    ranks = {}
    for text, (query, right) in zip(texts, QUERIES.items()):
        best = {name: float((parts @ text).max()) for name, parts in embeddings.items()}
        order = sorted(best, key=lambda name: -best[name])
        ranks[query] = min(order.index(name) for name in right)
    return ranks
