"""The pack's `manifest.json`, format 1: what the application must know to feed the graphs and to trust the files."""

from __future__ import annotations

import hashlib
from pathlib import Path

from .data.tokenizer import ANSWER, BOS, CAPTION, EOS, PAD, QUESTION, UNK
from .model.mammut import Mammut


def manifest(model: Mammut, folder: Path, about: dict, names: tuple[str, ...]) -> dict:
    """The manifest of the files `names` in `folder`; `about` is the configuration's `pack` entry."""
    vision, decoder = model.config["vision"], model.config["decoder"]
    files = {}
    for name in names:
        content = (folder / name).read_bytes()
        files[name] = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    revision = hashlib.sha256("".join(entry["sha256"] for entry in files.values()).encode()).hexdigest()[:12]
    cells = model.pooling.cells
    return {
        "format": 1,
        "kind": "mammut",
        "id": about["id"],
        "revision": revision,
        "name": about["name"],
        "description": about["description"],
        "licence": about["licence"],
        "capabilities": about["capabilities"],
        "input": {
            "frames": vision["frames"],
            "size": vision["size"],
            "seconds": vision["seconds"],
            "resize": "squash",
            "tubes": [
                {
                    "name": tube.name,
                    "input": tube.name,
                    "kernel": list(tube.kernel),
                    "stride": list(tube.stride),
                    "offset": list(tube.offset),
                }
                for tube in model.tubes
            ],
            "still": ["image"],
        },
        "dims": {
            "embedding": model.config["embedding"],
            "tokens": 1 + cells**2,
            "tokenWidth": vision["width"],
            "grid": {"first": 1, "rows": cells, "columns": cells},
            "vocabulary": decoder["vocabulary"],
            "textLength": decoder["length"],
            "layers": decoder["layers"],
            "heads": decoder["heads"],
            "headWidth": decoder["width"] // decoder["heads"],
        },
        "tokenizer": {
            "file": "tokenizer.json",
            "pad": PAD,
            "bos": BOS,
            "eos": EOS,
            "unk": UNK,
            "captionPrompt": [BOS, CAPTION],
            "answerPrompt": {"before": [BOS, QUESTION], "after": [ANSWER]},
            "text": {"before": [BOS], "after": [EOS]},
        },
        "similarity": {"scale": round(float(model.scale().detach()), 4)},
        "files": files,
    }
