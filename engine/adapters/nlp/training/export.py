"""The encoder as an ONNX graph with weights in 8 bits, built node by node.

Every matrix has one scale a column, every word embedding one of its own. Activations are quantised
while it runs. Weights stay within 7 bits (`REACH`), so that processors without VNNI, which add two
products in 16 bits, get the same numbers as those with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from engine.adapters.nlp.encoder import LONGEST
from engine.adapters.nlp.training.bert import Encoder, Layer

REACH = 63
MICROSOFT = "com.microsoft"


class _Graph:
    """Nodes and constants as they are added; every name is that of what it holds."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, name: str, value: NDArray[Any]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(
        self, kind: str, inputs: Sequence[str], name: str, domain: str = "", **more: Any
    ) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [name], name, domain=domain, **more))
        return name

    def eight_bits(self, name: str, weights: NDArray[np.float32]) -> tuple[str, str]:
        """A matrix (in, out) and its scales by column."""
        scale = np.maximum(np.abs(weights).max(0), 1e-9) / REACH
        whole = np.rint(weights / scale).astype(np.int8)
        return (
            self.constant(name, whole),
            self.constant(f"{name}.scale", scale.astype(np.float32)),
        )

    def linear(self, module: Any, x: str, name: str) -> str:
        weights, scale = self.eight_bits(f"{name}.weight", _array(module.weight).T)
        bias = self.constant(f"{name}.bias", _array(module.bias))
        return self.add(
            "DynamicQuantizeMatMul", [x, weights, scale, "", bias], name, domain=MICROSOFT
        )

    def normalised(self, module: Any, x: str, skipped: str, name: str) -> str:
        weight = self.constant(f"{name}.weight", _array(module.weight))
        bias = self.constant(f"{name}.bias", _array(module.bias))
        return self.add(
            "SkipLayerNormalization",
            [x, skipped, weight, bias],
            name,
            domain=MICROSOFT,
            epsilon=module.eps,
        )


def export(encoder: Encoder, kept: Sequence[int], file: Path) -> None:
    """Write `encoder` with the word embeddings of the numbers `kept`, in that order."""
    graph = _Graph()
    x = _embedded(graph, encoder, kept)
    graph.add("Cast", ["attention_mask"], "mask", to=TensorProto.INT32)
    for number, layer in enumerate(encoder.layers):
        assert isinstance(layer, Layer)
        x = _layer(graph, layer, x, f"layer{number}")
    graph.add("Cast", ["attention_mask"], "there", to=TensorProto.FLOAT)
    last = graph.constant("last", np.array([2]))
    second = graph.constant("second", np.array([1]))
    graph.add("Unsqueeze", ["there", last], "there3")
    graph.add("Mul", [x, "there3"], "seen")
    graph.add("ReduceSum", ["seen", second], "sum", keepdims=0)
    graph.add("ReduceSum", ["there", second], "length", keepdims=1)
    graph.add("Div", ["sum", "length"], "mean")
    weight = graph.constant("head.weight", _array(encoder.head.weight))
    bias = graph.constant("head.bias", _array(encoder.head.bias))
    graph.add("Gemm", ["mean", weight, bias], "logits", transB=1)
    _write(graph, encoder.head.out_features, file)


def _embedded(graph: _Graph, encoder: Encoder, kept: Sequence[int]) -> str:
    words = _array(encoder.words.weight)[list(kept)]
    scale = np.maximum(np.abs(words).max(1, keepdims=True), 1e-9) / 127
    table = graph.constant("words", np.rint(words / scale).astype(np.int8))
    scales = graph.constant("words.scale", scale.astype(np.float32))
    graph.add("Gather", [table, "input_ids"], "word8")
    graph.add("Cast", ["word8"], "word_", to=TensorProto.FLOAT)
    graph.add("Gather", [scales, "input_ids"], "word_scale")
    graph.add("Mul", ["word_", "word_scale"], "word")
    places = graph.constant("places", _array(encoder.places.weight)[:LONGEST])
    start, second = (
        graph.constant("start", np.array([0])),
        graph.constant("after", np.array([1])),
    )
    graph.add("Shape", ["input_ids"], "tokens", start=1, end=2)
    graph.add("Slice", [places, start, "tokens", start, second], "place")
    graph.add("Add", ["word", "place"], "embedded")
    weight = graph.constant("norm.weight", _array(encoder.norm.weight))
    bias = graph.constant("norm.bias", _array(encoder.norm.bias))
    return graph.add(
        "LayerNormalization", ["embedded", weight, bias], "layer", epsilon=encoder.norm.eps
    )


def _layer(graph: _Graph, layer: Layer, x: str, name: str) -> str:
    eight = [f"{name}.x8", f"{name}.x8.scale", f"{name}.x8.zero"]
    graph.nodes.append(helper.make_node("DynamicQuantizeLinear", [x], eight, f"{name}.quantise"))
    weights, scale = graph.eight_bits(f"{name}.qkv.weight", _array(layer.qkv.weight).T)
    bias = graph.constant(f"{name}.qkv.bias", _array(layer.qkv.bias))
    zero = graph.constant(f"{name}.qkv.zero", np.zeros(_array(layer.qkv.bias).shape, np.int8))
    mixed = graph.add(
        "QAttention",
        [eight[0], weights, bias, eight[1], scale, "mask", eight[2], zero],
        f"{name}.attention",
        domain=MICROSOFT,
        num_heads=layer.heads,
    )
    mixed = graph.linear(layer.out, mixed, f"{name}.out")
    x = graph.normalised(layer.norm_attention, mixed, x, f"{name}.norm_attention")
    inner = graph.linear(layer.up, x, f"{name}.up")
    inner = graph.add("Gelu", [inner], f"{name}.gelu", domain=MICROSOFT)
    inner = graph.linear(layer.down, inner, f"{name}.down")
    return graph.normalised(layer.norm, inner, x, f"{name}.norm")


def _write(graph: _Graph, width: int, file: Path) -> None:
    shape = ["texts", "tokens"]
    whole = helper.make_graph(
        graph.nodes,
        "mood",
        [
            helper.make_tensor_value_info(name, TensorProto.INT64, shape)
            for name in ("input_ids", "attention_mask")
        ],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["texts", width])],
        graph.constants,
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid(MICROSOFT, 1)]
    model = helper.make_model(whole, opset_imports=opsets, producer_name="sincerely")
    model.ir_version = 8
    onnx.save_model(model, str(file))


def _array(parameter: Any) -> NDArray[np.float32]:
    found: NDArray[np.float32] = parameter.detach().numpy()
    return found
