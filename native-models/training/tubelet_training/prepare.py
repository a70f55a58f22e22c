"""Everything that is computed once: `python -m tubelet_training.prepare --config C --data D --work W`.

The tokenizer, the decoded photographs, frozen DeiT's tokens and scores, and YOLOX's boxes.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import time
from pathlib import Path

from .configuration import load_configuration
from .data.boxes import cache_boxes
from .data.captions import class_names, read_captioned, read_text_corpora
from .data.collections import captioned, training_photographs
from .data.features import cache_features
from .data.photographs import cache_photographs
from .data.styles import STYLES, cache_styled
from .data.tokenizer import train_tokenizer

FEATURES = (
    ("flickr8k", False),
    ("coco", False),
    ("imagenet1000", False),
    ("coco_unlabelled", False),
    ("flickr8k", True),
)


def tokenizer_texts(data: Path) -> list[str]:
    """The text that the sub-words are learned from; no held-out caption is in it."""
    texts = [caption for group in read_text_corpora(data) for caption in group]
    texts += [caption for captions in read_captioned(data / "flickr8k")["train"].values() for caption in captions]
    with open(data / "text" / "nextqa-train.csv", encoding="utf-8") as file:
        texts += [text for row in csv.DictReader(file) for text in (row["question"], row["answer"])]
    return texts + [f"a photo of a {name}" for name in class_names(data)] * 3


def main() -> None:
    """Fill the working folder; interrupted work is started again at the folder that was not finished."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=os.environ.get("TUBELET_DATA"), help="the data folder")
    parser.add_argument("--work", type=Path, required=True, help="where caches and checkpoints go")
    arguments = parser.parse_args()
    data, work = Path(arguments.data), arguments.work
    work.mkdir(parents=True, exist_ok=True)
    config = load_configuration(arguments.config)
    if not (work / "tokenizer.json").exists():
        train_tokenizer(tokenizer_texts(data), config["model"]["decoder"]["vocabulary"]).save(
            str(work / "tokenizer.json")
        )
    started = time.time()
    deit = data / "deit-tiny" / "deit_tiny_patch16_224.onnx"
    cache_photographs(data, work)
    print(f"photographs decoded after {time.time() - started:.0f} s", flush=True)
    for folder, mirror in FEATURES:
        cache_features(deit, work, folder, mirror)
        print(f"features {folder}{' mirrored' if mirror else ''} after {time.time() - started:.0f} s", flush=True)
    rows = [photograph.row for photograph in captioned(data, work, "flickr8k", ("train",))]
    random.Random(config["seed"]).shuffle(rows)
    for number, style in enumerate(STYLES):
        part = sorted(rows[number * config["styled"] : (number + 1) * config["styled"]])
        cache_styled(deit, work, "flickr8k", style, part)
    for photographs, count in (
        (training_photographs(data, work), config["boxes"]["training"]),
        (captioned(data, work, "flickr8k", ("val",)), config["boxes"]["held_out"]),
    ):
        rows = [photograph.row for photograph in photographs if photograph.folder == "flickr8k"][:count]
        cache_boxes(data / "yolox-nano" / "yolox_nano.onnx", work, "flickr8k", rows)
    print(f"boxes after {time.time() - started:.0f} s", flush=True)


if __name__ == "__main__":
    main()
