"""Decode the photographs and run frozen DeiT over them, once: `python -m tubelet_training.prepare --data D --work W`."""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path

from .data.features import cache_features
from .data.photographs import cache_photographs

FEATURES = (
    ("flickr8k", False),
    ("coco", False),
    ("imagenet1000", False),
    ("coco_unlabelled", False),
    ("flickr8k", True),
)


def main() -> None:
    """Fill the working folder; interrupted work is started again at the folder that was not finished."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=os.environ.get("TUBELET_DATA"), help="the data folder")
    parser.add_argument("--work", type=Path, required=True, help="where caches and checkpoints go")
    arguments = parser.parse_args()
    data, work = Path(arguments.data), arguments.work
    work.mkdir(parents=True, exist_ok=True)
    started = time.time()
    cache_photographs(data, work)
    print(f"photographs decoded after {time.time() - started:.0f} s", flush=True)
    for folder, mirror in FEATURES:
        cache_features(data / "deit-tiny" / "deit_tiny_patch16_224.onnx", work, folder, mirror)
        print(f"features {folder}{' mirrored' if mirror else ''} after {time.time() - started:.0f} s", flush=True)


if __name__ == "__main__":
    main()
