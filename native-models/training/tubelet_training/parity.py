"""Do PyTorch and the exported pack agree? Prints the largest differences; exit code 1 if they are too large.

`python -m tubelet_training.parity --config C --checkpoint P --pack DIR --data D --work W`
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

import numpy as np
import onnxruntime as ort
import torch

from .checkpoint import load_model
from .configuration import load_configuration
from .data.collections import captioned
from .data.photographs import Photographs
from .data.synthetic_video import plain_pan
from .data.tokenizer import BOS, CAPTION, EOS, TextCodec, load_tokenizer
from .evaluation.quick import still_rows
from .generate import greedy
from .model.positions import gather_rows

LARGEST, PHOTOGRAPHS, CLIPS, LONGEST = 1e-3, 50, 8, 24


def greedy_onnx(session: ort.InferenceSession, config: dict, tokens: np.ndarray) -> list[int]:
    """The greedy caption for one clip's tokens `[1, m, k]` with the exported decoder and its key-value cache."""
    decoder = config["model"]["decoder"]
    empty = np.zeros((1, decoder["heads"], 0, decoder["width"] // decoder["heads"]), np.float32)
    past = {f"past.{layer}.{part}": empty for layer in range(decoder["layers"]) for part in ("key", "value")}
    ids, words = np.array([[BOS, CAPTION]]), []
    for _ in range(LONGEST):
        scores, *present = session.run(None, {"input_ids": ids, "tokens": tokens, **past})
        word = int(scores[0, -1].argmax())
        if word == EOS:
            break
        words.append(word)
        ids, past = np.array([[word]]), dict(zip(past, present))
    return words


@torch.no_grad()
def main() -> None:
    """Compare embeddings and tokens of stills, pans and texts, and greedy captions."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("--config", "--checkpoint", "--pack", "--work"):
        parser.add_argument(name, type=Path, required=True)
    parser.add_argument("--data", type=Path, default=os.environ.get("TUBELET_DATA"))
    arguments = parser.parse_args()
    config = load_configuration(arguments.config)
    model = load_model(config, arguments.checkpoint)
    codec = TextCodec(load_tokenizer(arguments.work / "tokenizer.json"), config["model"]["decoder"]["length"])
    sessions = {
        name: ort.InferenceSession(str(arguments.pack / f"{name}.onnx")) for name in ("vision", "text", "decoder")
    }
    held_out = captioned(Path(arguments.data), arguments.work, "flickr8k", ("val",))[:PHOTOGRAPHS]
    pixels = Photographs(arguments.work, "flickr8k").pixels[[photograph.row for photograph in held_out]]
    generator, frames, size = np.random.default_rng(0), model.vision.frames, model.vision.size
    pans = np.stack([plain_pan(photograph, frames, size, generator) for photograph in pixels[:CLIPS]])
    inputs = {
        "stills": still_rows(model, torch.from_numpy(pixels)),
        "pans": [gather_rows(torch.from_numpy(pans), tube) for tube in model.tubes],
    }
    worst, tokens = {}, {}
    for name, rows in inputs.items():
        expected = [output.numpy() for output in model.encode_rows(rows)]
        feed = {tube.name: row.contiguous().numpy() for tube, row in zip(model.tubes, rows)}
        found = sessions["vision"].run(None, feed)
        worst |= {
            f"{name} {what}": float(np.abs(a - b).max()) for what, a, b in zip(("embedding", "tokens"), expected, found)
        }
        tokens[name] = expected[1]
    differences = []
    for photograph in held_out:
        ids = torch.tensor([codec.search(codec.ids(photograph.captions[0]))])
        found = sessions["text"].run(None, {"input_ids": ids.numpy()})[0]
        differences.append(float(np.abs(found - model.decoder.encode(ids).numpy()).max()))
    worst["text embedding"] = max(differences)
    same = sum(
        greedy(model, torch.from_numpy(row[None]), [BOS, CAPTION], LONGEST)[0]
        == greedy_onnx(sessions["decoder"], config, row[None])
        for row in tokens["stills"]
    )
    print(json.dumps({"largest_difference": worst, "greedy_captions_equal": f"{same} of {len(held_out)}"}, indent=2))
    embeddings = [value for name, value in worst.items() if "embedding" in name]
    sys.exit(0 if max(embeddings) < LARGEST and same == len(held_out) else 1)


if __name__ == "__main__":
    main()
