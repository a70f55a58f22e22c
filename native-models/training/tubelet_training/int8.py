"""The vision graph with its matrix products in int8: static, per channel, after smoothing.

Static scales are measured once on training photographs and pans. Dynamic ones would be taken from whatever else is in a
batch, so that a clip's embedding would depend on its neighbours. Smoothing (SmoothQuant, arXiv 2211.10438) moves the
range of a layer norm's loud channels into the matrix after it, which has a scale for every channel of its own.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
from onnx import numpy_helper
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static

Feeds = dict[str, np.ndarray]
NORMED = re.compile(r"/vision/blocks\.\d+/(qkv|fc1)/MatMul")
QUANTISED = re.compile(r"/vision/blocks\.\d+/(qkv|proj|fc1|fc2)/MatMul")


class Reader(CalibrationDataReader):
    """Feeds one by one, as the calibration asks for them."""

    def __init__(self, feeds: list[Feeds]) -> None:
        self.left: Iterator[Feeds] = iter(feeds)

    def get_next(self) -> Feeds | None:
        """The next feeds, none at the end."""
        return next(self.left, None)


def loudest(graph: onnx.ModelProto, names: list[str], feeds: list[Feeds]) -> dict[str, np.ndarray]:
    """The largest absolute value of each channel of the tensors `names` over all `feeds`."""
    watched = onnx.ModelProto()
    watched.CopyFrom(graph)
    del watched.graph.output[:]
    watched.graph.output.extend(onnx.ValueInfoProto(name=name) for name in names)
    options = ort.SessionOptions()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = ort.InferenceSession(watched.SerializeToString(), options, providers=["CPUExecutionProvider"])
    largest: dict[str, np.ndarray] = {}
    for feed in feeds:
        for name, value in zip(names, session.run(names, feed)):
            found = np.abs(value).reshape(-1, value.shape[-1]).max(0)
            largest[name] = np.maximum(largest.get(name, found), found)
    return largest


def smooth(graph: onnx.ModelProto, feeds: list[Feeds], strength: float) -> None:
    """Divide the outputs of every block's layer norms by a factor a channel and multiply the next matrix by it."""
    weights = {tensor.name: tensor for tensor in graph.graph.initializer}
    norms = {node.output[0]: node for node in graph.graph.node if node.op_type == "LayerNormalization"}
    products = [node for node in graph.graph.node if NORMED.fullmatch(node.name)]
    channels = loudest(graph, [node.input[0] for node in products], feeds)
    for node in products:
        matrix = numpy_helper.to_array(weights[node.input[1]])
        inner = np.maximum(np.abs(matrix).max(1), 1e-5)
        factor = np.maximum(channels[node.input[0]], 1e-5) ** strength / inner ** (1 - strength)
        replaced = {node.input[1]: matrix * factor[:, None]}
        for name in norms[node.input[0]].input[1:]:
            replaced[name] = numpy_helper.to_array(weights[name]) / factor
        for name, value in replaced.items():
            weights[name].CopyFrom(numpy_helper.from_array(value.astype(np.float32), name))


def quantise_vision(source: Path, target: Path, feeds: list[Feeds], strength: float, keep: str | None = None) -> None:
    """Write the int8 version of the vision graph at `source` to `target`, calibrated on `feeds`.

    `keep` is a pattern of the names of products that stay in fp32. Attention itself, the tubes' projections, the
    pooling and the head stay as they are: they are a small part of the work, and their precision counts most.
    """
    graph = onnx.load(str(source))
    smooth(graph, feeds, strength)
    chosen = [node.name for node in graph.graph.node if QUANTISED.fullmatch(node.name)]
    with tempfile.TemporaryDirectory() as folder:
        smoothed = Path(folder) / "vision.onnx"
        onnx.save(graph, str(smoothed))
        quantize_static(
            str(smoothed),
            str(target),
            Reader(feeds),
            quant_format=QuantFormat.QDQ,
            op_types_to_quantize=["MatMul"],
            nodes_to_quantize=[name for name in chosen if not (keep and re.search(keep, name))],
            per_channel=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            calibrate_method=CalibrationMethod.MinMax,
        )
