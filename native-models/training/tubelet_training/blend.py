"""The mean of two checkpoints' averaged weights (WiSE-FT, arXiv 2109.01903).

`python -m tubelet_training.blend --first P --second P --share S --out P`, where `share` is the part of the second.
Fine-tuning bought video and cost names; halfway between before and after, both are better than at either end.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from . import checkpoint


def main() -> None:
    """Write the blended checkpoint."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("--first", "--second", "--out"):
        parser.add_argument(name, type=Path, required=True)
    parser.add_argument("--share", type=float, default=0.5)
    arguments = parser.parse_args()
    first, second = (
        torch.load(path, map_location="cpu", weights_only=False)["averaged"]
        for path in (arguments.first, arguments.second)
    )
    blended = {name: torch.lerp(first[name], second[name], arguments.share) for name in first}
    checkpoint.save(arguments.out, {"model": blended, "averaged": blended})


if __name__ == "__main__":
    main()
