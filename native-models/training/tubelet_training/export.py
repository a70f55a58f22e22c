"""Export a checkpoint as a model pack: `python -m tubelet_training.export --config C --checkpoint P --pack DIR`.

Writes `vision.onnx`, `text.onnx`, `decoder.onnx`, `locate.onnx`, the decoder's one weight file, `tokenizer.json` and
`manifest.json` (format 1). `MODEL_CARD.md` is written by hand and left alone.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import onnx
import torch
from onnx import TensorProto, numpy_helper
from torch import Tensor, nn

from .checkpoint import load_model
from .configuration import load_configuration
from .data.tokenizer import BOS, CAPTION, EOS
from .golden import write_golden
from .manifest import manifest
from .model.mammut import Mammut

OPSET = 17
GRAPHS = ("vision.onnx", "text.onnx", "decoder.onnx", "locate.onnx")
SHARED = "decoder.weights"


class VisionGraph(nn.Module):
    """One uint8 input for each tube, in the pack's order -> embedding, tokens."""

    def __init__(self, model: Mammut) -> None:
        super().__init__()
        self.model = model

    def forward(self, *rows: Tensor) -> tuple[Tensor, Tensor]:
        return self.model.encode_rows(list(rows))


class TextGraph(nn.Module):
    """`input_ids` -> embedding: the decoder's pass 1."""

    def __init__(self, model: Mammut) -> None:
        super().__init__()
        self.decoder = model.decoder

    def forward(self, input_ids: Tensor) -> Tensor:
        return self.decoder.encode(input_ids)


class DecoderGraph(nn.Module):
    """`input_ids`, tokens, past keys and values -> scores, present keys and values: the decoder's pass 2."""

    def __init__(self, model: Mammut) -> None:
        super().__init__()
        self.decoder = model.decoder

    def forward(self, input_ids: Tensor, tokens: Tensor, *past: Tensor) -> tuple[Tensor, ...]:
        hidden, presents = self.decoder.hidden(input_ids, tokens, list(zip(past[0::2], past[1::2])))
        return self.decoder.calibrated(self.decoder.scores(hidden)), *(tensor for pair in presents for tensor in pair)


def export_graphs(model: Mammut, folder: Path) -> None:
    """The four graphs, each with its own weights inside."""
    model.eval()
    vision, decoder = model.config["vision"], model.config["decoder"]
    rows = [
        torch.zeros(
            2, torch.Size(tube.counts(vision["frames"], vision["size"])).numel(), tube.row_length, dtype=torch.uint8
        )
        for tube in model.tubes
    ]
    names = [tube.name for tube in model.tubes]
    axes = {name: {0: "batch", 1: f"{name}_rows"} for name in names}

    def save(module: nn.Module, inputs: tuple, file: str, ins: list[str], outs: list[str], dynamic: dict) -> None:
        torch.onnx.export(
            module,
            inputs,
            str(folder / file),
            input_names=ins,
            output_names=outs,
            dynamic_axes=dynamic,
            opset_version=OPSET,
            dynamo=False,
        )

    batch = {0: "batch"}
    save(
        VisionGraph(model),
        tuple(rows),
        "vision.onnx",
        names,
        ["embedding", "tokens"],
        axes | {"embedding": batch, "tokens": batch},
    )
    ids = torch.tensor([[BOS, CAPTION, EOS]] * 2)
    save(
        TextGraph(model),
        (ids,),
        "text.onnx",
        ["input_ids"],
        ["embedding"],
        {"input_ids": {0: "batch", 1: "length"}, "embedding": batch},
    )
    past = [torch.zeros(2, decoder["heads"], 5, decoder["width"] // decoder["heads"])] * (2 * decoder["layers"])
    keys = [f"{{}}.{layer}.{part}" for layer in range(decoder["layers"]) for part in ("key", "value")]
    old, new = [key.format("past") for key in keys], [key.format("present") for key in keys]
    tokens = torch.zeros(2, 1 + model.pooling.cells**2, vision["width"])
    save(
        DecoderGraph(model),
        (ids, tokens, *past),
        "decoder.onnx",
        ["input_ids", "tokens", *old],
        ["logits", *new],
        {"input_ids": {0: "batch", 1: "length"}, "tokens": batch, "logits": {0: "batch", 1: "length"}}
        | {name: {0: "batch", 2: "past"} for name in old}
        | {name: {0: "batch", 2: "total"} for name in new},
    )
    save(
        model.locate,
        (tokens, torch.zeros(2, model.config["embedding"])),
        "locate.onnx",
        ["tokens", "embedding"],
        ["heat"],
        {"tokens": batch, "embedding": batch, "heat": batch},
    )


def share_weights(folder: Path, files: tuple[str, ...] = ("text.onnx", "decoder.onnx"), smallest: int = 256) -> None:
    """Move the weights of `files` into the one file `SHARED`; equal tensors are stored once, at 64-byte borders."""
    blob, places = bytearray(), {}
    for file in files:
        graph = onnx.load(str(folder / file))
        for tensor in graph.graph.initializer:
            raw = numpy_helper.to_array(tensor).tobytes()
            if len(raw) < smallest:
                continue
            if raw not in places:
                blob.extend(b"\0" * (-len(blob) % 64))
                places[raw] = len(blob)
                blob.extend(raw)
            for field in ("raw_data", "float_data", "int32_data", "int64_data"):
                tensor.ClearField(field)
            tensor.data_location = TensorProto.EXTERNAL
            del tensor.external_data[:]
            for key, value in (("location", SHARED), ("offset", places[raw]), ("length", len(raw))):
                tensor.external_data.add(key=key, value=str(value))
        (folder / file).write_bytes(graph.SerializeToString())
    (folder / SHARED).write_bytes(bytes(blob))


def export_pack(config: dict, model: Mammut, tokenizer: Path, folder: Path) -> dict:
    """Write the whole pack; returns its manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    export_graphs(model, folder)
    share_weights(folder)
    shutil.copyfile(tokenizer, folder / "tokenizer.json")
    written = manifest(model, folder, config["pack"], (*GRAPHS, SHARED, "tokenizer.json"))
    (folder / "manifest.json").write_text(json.dumps(written, indent=2) + "\n", encoding="utf-8")
    return written


def main() -> None:
    """Export a checkpoint and say how large the pack is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="the working folder (holds tokenizer.json)")
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument("--golden", type=Path, help="where to write the fixture for the application's tests")
    arguments = parser.parse_args()
    config = load_configuration(arguments.config)
    model = load_model(config, arguments.checkpoint)
    tokenizer = arguments.work / "tokenizer.json"
    written = export_pack(config, model, tokenizer, arguments.pack)
    if arguments.golden:
        write_golden(model, tokenizer, arguments.golden, written["revision"])
    for path in sorted(arguments.pack.iterdir()):
        print(f"{path.stat().st_size / 1e6:8.2f} MB  {path.name}")


if __name__ == "__main__":
    main()
