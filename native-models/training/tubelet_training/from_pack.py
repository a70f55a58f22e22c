"""Go on from a pack that was exported before: `python -m tubelet_training.from_pack --config C --pack DIR --out P`.

Reads the weights back out of the pack's graphs, so that training can continue where no checkpoint was kept. Biases,
norms and embeddings carry their names; the exporter renames transposed matrices (`onnx::MatMul_…`) but keeps their
order, which is the order in which the modules run. What the exporter folded into constants is taken apart again: the
fixed positions' gain by least squares, the class token and its position by DeiT's own position.
"""

from __future__ import annotations

import argparse
import json
import math
import os
from pathlib import Path

import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from . import checkpoint
from .configuration import load_configuration
from .model.mammut import Mammut, load_deit

FOLDED = "onnx::"


def weights_of(path: Path) -> dict[str, Tensor]:
    """The initialisers of a graph by name, in the order of the file."""
    return {
        tensor.name: torch.from_numpy(numpy_helper.to_array(tensor, base_dir=str(path.parent)).copy())
        for tensor in onnx.load(str(path), load_external_data=False).graph.initializer
    }


def linear_layers(model: Mammut) -> dict[str, list[nn.Linear]]:
    """The linear layers whose matrices each graph holds without a name, in the order in which they run."""
    tower, pooling, head, decoder = model.vision, model.pooling, model.head, model.decoder
    vision = [layer for block in tower.blocks for layer in (block.qkv, block.proj, block.fc1, block.fc2)]
    vision += [pooling.key_value, pooling.query, pooling.proj, pooling.fc1, pooling.fc2, head.input, head.key_value]
    text = [layer for block in decoder.blocks for layer in (block.qkv, block.proj, block.fc1, block.fc2)]
    writing: list[nn.Linear] = []
    for block in decoder.blocks:
        writing += [block.qkv, block.proj]
        if block.cross:
            writing += [block.cross_key_value, block.cross_query, block.cross_proj]
        writing += [block.fc1, block.fc2]
    return {"vision": vision, "text": text, "decoder": writing, "locate": [model.locate.fc1, model.locate.fc2]}


def copy_matrices(layers: list[nn.Linear], unnamed: list[Tensor]) -> None:
    """Fill the layers with the graph's transposed matrices; a layer takes the next one of its shape in order."""
    for layer in layers:
        wanted = (layer.in_features, layer.out_features)
        place = next(number for number, matrix in enumerate(unnamed) if tuple(matrix.shape) == wanted)
        layer.weight.copy_(unnamed.pop(place).T)


def copy_named(model: Mammut, weights: dict[str, Tensor], prefix: str, onto: str) -> None:
    """Copy the tensors that kept their names; `prefix` of the graph's names stands for `onto` in the model's."""
    state = model.state_dict()
    for name, tensor in weights.items():
        if not name.startswith(FOLDED):
            state[onto + name.removeprefix(prefix)].copy_(tensor)


def unfold_vision(model: Mammut, weights: dict[str, Tensor]) -> None:
    """What the exporter made constants of: fixed positions times their gain, tube biases, class token with its position."""
    tower = model.vision
    unnamed = [tensor for name, tensor in weights.items() if name.startswith(FOLDED)]
    codes, above, below = list(unnamed), torch.zeros(tower.width), torch.zeros(tower.width)
    for index in range(len(tower.tubes)):
        fixed = getattr(tower, f"fixed_{index}")
        # Two tubes may have as many tokens: each takes the next constant of its shape.
        folded = codes.pop(next(n for n, tensor in enumerate(codes) if tensor.shape == fixed.shape))
        above = above + (fixed * folded).sum(0)
        below = below + (fixed * fixed).sum(0)
    tower.fixed_gain.copy_(above / below)
    tower.tube_bias.copy_(torch.stack([t for t in unnamed if t.dim() == 0][: len(tower.tubes)]))
    first = next(t for t in unnamed if tuple(t.shape) == (tower.width,))
    tower.cls.copy_(first - tower.cls_position)


@torch.no_grad()
def load_pack(config: dict, folder: Path, deit: Path | None) -> Mammut:
    """The model that a pack holds; raises `KeyError` or `StopIteration` if its graphs have another shape.

    With `deit` the class token and its position are those of DeiT and the rest; without, all of it is the token.
    """
    model = Mammut(config["model"])
    if deit is not None:
        load_deit(model.vision, deit)
    layers = linear_layers(model)
    names = {"vision": ("model.", ""), "text": ("", ""), "decoder": ("", ""), "locate": ("", "locate.")}
    for graph, (prefix, onto) in names.items():
        weights = weights_of(folder / f"{graph}.onnx")
        copy_named(model, weights, prefix, onto)
        if graph == "vision":
            unfold_vision(model, weights)
        unnamed = [tensor for name, tensor in weights.items() if name.startswith(FOLDED)]
        # The vision graph's first constants are those of the tubes; their scalars, the tube biases, come last.
        scalars = [number for number, tensor in enumerate(unnamed) if tensor.dim() == 0]
        matrices = [tensor for tensor in unnamed[max(scalars, default=-1) + 1 :] if tensor.dim() == 2]
        copy_matrices(layers[graph], matrices)
    return model


@torch.no_grad()
def wake_time(model: Mammut, gain: float, tube_bias: float | None = None) -> None:
    """Give the fixed codes of time a gain, so that two tubes of one place at two times can be told apart.

    The gain starts at zero, so as not to disturb DeiT, and hardly moves in a short run; nor does the attention bias of the
    temporal tubes, which `tube_bias` sets. The code of the image tube's one moment is taken from every bias, so that a
    still looks to the tower as it did.
    """
    tower = model.vision
    per_axis = tower.width // 3
    added = torch.zeros(tower.width)
    added[:per_axis] = gain
    for projection in tower.projections:
        projection.bias -= added * tower.fixed_0[0]
    tower.fixed_gain += added
    if tube_bias is not None:
        tower.tube_bias[1:] = tube_bias


def manifest_scale(folder: Path) -> float:
    """The similarity scale, which no graph holds."""
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["similarity"]["scale"]


@torch.no_grad()
def wake_change(model: Mammut, gain: float, seed: int) -> None:
    """Let the temporal tubes see change: to each kernel its own mean is added, weighed from -`gain` to `gain` in time.

    Kernels inflated from DeiT's are the same at every moment, so that a token cannot tell an edge that comes from one that
    goes. The added part is turned by a random rotation, so that it does not cover what was there, and sums to zero over
    time, so that nothing changes for what does not move.
    """
    tower = model.vision
    noise = torch.randn(tower.width, tower.width, generator=torch.Generator().manual_seed(seed))
    rotation = torch.linalg.qr(noise)[0]
    for tube, projection in zip(tower.tubes[1:], tower.projections[1:]):
        moments = projection.weight.view(tower.width, tube.kernel[0], -1)
        along = torch.linspace(-gain, gain, tube.kernel[0])
        moments += along[None, :, None] * (rotation @ moments.mean(1))[:, None]


def main() -> None:
    """Write the checkpoint."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=os.environ.get("TUBELET_DATA"), help="the data folder")
    parser.add_argument("--time-gain", type=float, default=0.0, help="added to the gain of the fixed codes of time")
    parser.add_argument("--change-gain", type=float, default=0.0, help="how much of change the temporal tubes see")
    parser.add_argument("--tube-bias", type=float, help="attention bias of the temporal tubes; as in the pack if left out")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    deit = Path(arguments.data) / "deit-tiny" / "deit_tiny_patch16_224.onnx"
    config = load_configuration(arguments.config)
    model = load_pack(config, arguments.pack, deit)
    with torch.no_grad():
        model.log_scale.fill_(math.log(manifest_scale(arguments.pack)))
    wake_time(model, arguments.time_gain, arguments.tube_bias)
    if arguments.change_gain:
        wake_change(model, arguments.change_gain, config["seed"])
    weights = model.state_dict()
    checkpoint.save(arguments.out, {"model": weights, "averaged": weights})


if __name__ == "__main__":
    main()
