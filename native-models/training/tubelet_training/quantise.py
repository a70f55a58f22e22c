"""Is int8 worth it? Dynamic, per-channel int8 of the vision tower's matrix products against fp32, in recall and time.

`python -m tubelet_training.quantise --config C --pack DIR --data D --work W` prints both; nothing in the pack changes.
int8 would be shipped if recall@10 fell by less than half a point and it were faster.
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
from onnxruntime.quantization import QuantType, quantize_dynamic

from .configuration import load_configuration
from .data.batches import pad
from .data.collections import captioned
from .data.photographs import Photographs
from .data.tokenizer import TextCodec, load_tokenizer
from .evaluation.retrieval import recall
from .model.positions import Tube, gather_rows

REPEATS = 10


def session(path: Path) -> ort.InferenceSession:
    """A session on two threads."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = 2
    return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def still_feeds(tubes: list[Tube], pixels: np.ndarray) -> dict[str, np.ndarray]:
    """Inputs for photographs `[B, H, W, 3]` as clips of one frame."""
    image = tubes[0]
    flat = Tube(image.name, image.kernel, image.stride, (0, *image.offset[1:]))
    feeds = {tube.name: np.zeros((len(pixels), 0, tube.row_length), np.uint8) for tube in tubes[1:]}
    return {image.name: gather_rows(torch.from_numpy(pixels)[:, None], flat).numpy(), **feeds}


def milliseconds(vision: ort.InferenceSession, feeds: dict[str, np.ndarray]) -> float:
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
    clip_feeds = {tube.name: gather_rows(torch.from_numpy(clip), tube).numpy() for tube in tubes}
    with tempfile.TemporaryDirectory() as folder:
        small = Path(folder) / "vision.int8.onnx"
        quantize_dynamic(
            arguments.pack / "vision.onnx",
            small,
            op_types_to_quantize=["MatMul"],
            per_channel=True,
            weight_type=QuantType.QInt8,
        )
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
                        | {"clip_ms": milliseconds(graph, clip_feeds), "megabytes": round(path.stat().st_size / 1e6, 1)}
                    }
                ),
                flush=True,
            )


if __name__ == "__main__":
    main()
