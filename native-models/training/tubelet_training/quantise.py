"""Is int8 worth it? The vision graph in fp32 against int8 (`int8.py`), in recall both ways and in time.

`python -m tubelet_training.quantise --config C --pack DIR --data D --work W` prints both; nothing in the pack changes.
int8 would be shipped if recall@10 fell by less than half a point either way and it were faster.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from pathlib import Path

import numpy as np
import onnxruntime as ort
import torch

from .configuration import load_configuration
from .data.batches import pad
from .data.collections import captioned, training_photographs
from .data.photographs import Photographs
from .data.tokenizer import TextCodec, load_tokenizer
from .data.synthetic_video import plain_pan
from .evaluation.retrieval import recall
from .int8 import Feeds, quantise_vision
from .model.positions import Tube, gather_rows

REPEATS = 10
STILLS, CLIPS = 64, 24  # by which the scales are set


def session(path: Path) -> ort.InferenceSession:
    """A session on two threads."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = 2
    return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def still_feeds(tubes: list[Tube], pixels: np.ndarray) -> Feeds:
    """Inputs for photographs `[B, H, W, 3]` as clips of one frame."""
    image = tubes[0]
    flat = Tube(image.name, image.kernel, image.stride, (0, *image.offset[1:]))
    feeds = {tube.name: np.zeros((len(pixels), 0, tube.row_length), np.uint8) for tube in tubes[1:]}
    return {image.name: gather_rows(torch.from_numpy(pixels)[:, None], flat).numpy(), **feeds}


def clip_feeds(tubes: list[Tube], clips: np.ndarray) -> Feeds:
    """Inputs for clips `[B, T, H, W, 3]`."""
    return {tube.name: gather_rows(torch.from_numpy(clips), tube).numpy() for tube in tubes}


def calibration_feeds(config: dict, data: Path, work: Path) -> list[Feeds]:
    """Training photographs as stills and as pans, a batch of eight each, chosen by the run's seed."""
    vision, generator = config["model"]["vision"], np.random.default_rng(config["seed"])
    tubes = [Tube.from_config(tube) for tube in vision["tubes"]]
    rows = [photograph.row for photograph in training_photographs(data, work) if photograph.folder == "flickr8k"]
    chosen = sorted(int(row) for row in generator.choice(rows, STILLS + CLIPS, replace=False))
    pixels = np.asarray(Photographs(work, "flickr8k").pixels[chosen])
    pans = np.stack([plain_pan(pixel, vision["frames"], vision["size"], generator) for pixel in pixels[STILLS:]])
    stills = [still_feeds(tubes, pixels[start : start + 8]) for start in range(0, STILLS, 8)]
    return stills + [clip_feeds(tubes, pans[start : start + 8]) for start in range(0, CLIPS, 8)]


def milliseconds(vision: ort.InferenceSession, feeds: Feeds) -> float:
    """Fastest of `REPEATS` runs; the fastest, because other programs share the machine."""
    times = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        vision.run(None, feeds)
        times.append(time.perf_counter() - started)
    return round(min(times) * 1000, 1)


def main() -> None:
    """Measure the pack's vision graph in both precisions."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("--config", "--pack", "--work"):
        parser.add_argument(name, type=Path, required=True)
    parser.add_argument("--data", type=Path, default=os.environ.get("TUBELET_DATA"))
    arguments = parser.parse_args()
    config = load_configuration(arguments.config)
    vision = config["model"]["vision"]
    tubes = [Tube.from_config(tube) for tube in vision["tubes"]]
    codec = TextCodec(load_tokenizer(arguments.work / "tokenizer.json"), config["model"]["decoder"]["length"])
    held_out = captioned(Path(arguments.data), arguments.work, "flickr8k", ("val",))
    photographs = Photographs(arguments.work, "flickr8k")
    text = session(arguments.pack / "text.onnx")
    rows = [codec.search(ids) for photograph in held_out for ids in codec.many(photograph.captions)]
    texts = np.concatenate(
        [text.run(None, {"input_ids": pad(rows[start : start + 100]).numpy()})[0] for start in range(0, len(rows), 100)]
    )
    owner = torch.tensor([i for i, photograph in enumerate(held_out) for _ in photograph.captions])
    clip = np.random.default_rng(0).integers(0, 256, (1, vision["frames"], vision["size"], vision["size"], 3), np.uint8)
    one = clip_feeds(tubes, clip)
    with tempfile.TemporaryDirectory() as folder:
        small = Path(folder) / "vision.int8.onnx"
        feeds = calibration_feeds(config, Path(arguments.data), arguments.work)
        quantise_vision(arguments.pack / "vision.onnx", small, feeds, **config["int8"])
        for name, path in (("fp32", arguments.pack / "vision.onnx"), ("int8", small)):
            graph = session(path)
            pixels = [photograph.row for photograph in held_out]
            images = np.concatenate(
                [
                    graph.run(["embedding"], still_feeds(tubes, photographs.pixels[pixels[start : start + 8]]))[0]
                    for start in range(0, len(pixels), 8)
                ]
            )
            numbers = recall(torch.from_numpy(images), torch.from_numpy(texts), owner)
            print(
                json.dumps(
                    {
                        name: numbers
                        | {"clip_ms": milliseconds(graph, one), "megabytes": round(path.stat().st_size / 1e6, 1)}
                    }
                ),
                flush=True,
            )


if __name__ == "__main__":
    main()
