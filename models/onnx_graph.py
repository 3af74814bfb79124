"""From the weights of a BERT encoder to the int8 ONNX graph that ships. Needs numpy, onnx and onnxruntime; no torch.

Every product by a constant matrix is in int8. Most have static ranges, taken from training text after the spread of
the columns has been moved into the weights (SmoothQuant); what follows the GELU, where most of the error arises, is
scaled by row and block as it comes (MatMulNBits). Neither looks across the rows of a batch.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

Weights = Mapping[str, NDArray[np.float32]]
EPSILON = 1e-12  # of BERT's layer norms
# Static weights have 7 bits: without VNNI, x86 adds two products of uint8 and int8 in 16 bits, where 8 bits overflow.
WEIGHT_STEPS = 63


def per_row(table: NDArray[np.float32], steps: int = 127) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """A table as int8 and the scale of each row: ``table ~ values * scales``; half the rounding step is the error."""
    scales = np.maximum(np.abs(table).max(axis=1, keepdims=True), 1e-12) / steps
    return np.rint(table / scales).astype(np.int8), scales.astype(np.float32)


def encoder_graph(weights: Weights, *, heads: int = 12, int8_embeddings: bool = True) -> onnx.ModelProto:
    """Graph of ``ids``, ``shapes`` (int64 [B, T]) and ``mask`` (float32 [B, T]) to ``hidden`` (float32 [B, T, width]).

    Names of the weights are those of Hugging Face's BertModel, with ``embeddings.shape_embeddings.weight`` (8, width)
    beside them. Row 0 of the token types is added to the positions: all text is of the first kind. Attention is
    onnxruntime's MultiHeadAttention.
    """
    nodes: list[Any] = []
    constants: dict[str, Any] = {}

    def constant(name: str, value: NDArray[Any]) -> str:
        constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def node(kind: str, *inputs: str, name: str, domain: str = "", **attributes: Any) -> str:
        nodes.append(helper.make_node(kind, list(inputs), [name], name=name, domain=domain, **attributes))
        return name

    def linear(x: str, name: str, key: str) -> str:
        matrix = constant(f"{name}.weight", weights[f"{key}.weight"].T)
        product = node("MatMul", x, matrix, name=f"{name}.matmul")
        return node("Add", product, constant(f"{name}.bias", weights[f"{key}.bias"]), name=name)

    def norm(x: str, name: str, key: str) -> str:
        scale, bias = (constant(f"{name}.{part}", weights[f"{key}.{part}"]) for part in ("weight", "bias"))
        return node("LayerNormalization", x, scale, bias, name=name, axis=-1, epsilon=EPSILON)

    words = weights["embeddings.word_embeddings.weight"]
    width = words.shape[1]
    if int8_embeddings:
        values, scales = per_row(words)
        rows = node("Gather", constant("words", values), "ids", name="word_int8", axis=0)
        steps = node("Gather", constant("word_scales", scales), "ids", name="word_scale", axis=0)
        x = node("Mul", node("Cast", rows, name="word_float", to=TensorProto.FLOAT), steps, name="word")
    else:
        x = node("Gather", constant("words", words), "ids", name="word", axis=0)
    shapes = constant("shape_table", weights["embeddings.shape_embeddings.weight"])
    x = node("Add", x, node("Gather", shapes, "shapes", name="shape", axis=0), name="word_and_shape")
    positions = (
        weights["embeddings.position_embeddings.weight"]
        + weights["embeddings.token_type_embeddings.weight"][0]
    )
    length = node("Shape", "ids", name="length", start=1, end=2)
    zero, axis = constant("zero", np.array([0], np.int64)), constant("axis", np.array([0], np.int64))
    place = node("Slice", constant("positions", positions), zero, length, axis, name="place")
    x = norm(node("Add", x, place, name="summed"), "embedded", "embeddings.LayerNorm")

    # 0 for a real piece, -10000 for padding, added to the attention scores.
    one = constant("one", np.array(1, np.float32))
    gap = node(
        "Mul",
        node("Sub", one, "mask", name="padding"),
        constant("low", np.array(-1e4, np.float32)),
        name="gap",
    )
    bias = node("Unsqueeze", gap, constant("head_axes", np.array([1, 2], np.int64)), name="bias")
    # MultiHeadAttention wants one value for each pair of pieces.
    square = node(
        "Concat",
        constant("ones", np.array([1, 1], np.int64)),
        length,
        constant("one_", np.array([1], np.int64)),
        name="square",
        axis=0,
    )
    bias = node("Expand", bias, square, name="bias_square")

    layers = 1 + max(int(key.split(".")[2]) for key in weights if key.startswith("encoder.layer."))
    for number in range(layers):
        at, key = f"layer{number}", f"encoder.layer.{number}"
        q, k, v = (
            linear(x, f"{at}.{part}", f"{key}.attention.self.{part}") for part in ("query", "key", "value")
        )
        context = node(
            "MultiHeadAttention", q, k, v, "", "", bias,
            name=f"{at}.context", domain="com.microsoft", num_heads=heads,
        )  # fmt: skip
        attended = linear(context, f"{at}.attended", f"{key}.attention.output.dense")
        x = norm(
            node("Add", attended, x, name=f"{at}.sum1"), f"{at}.norm1", f"{key}.attention.output.LayerNorm"
        )
        inner = linear(x, f"{at}.inner", f"{key}.intermediate.dense")
        inner = node("Gelu", inner, name=f"{at}.gelu", domain="com.microsoft")
        outer = linear(inner, f"{at}.outer", f"{key}.output.dense")
        last = number == layers - 1
        x = norm(
            node("Add", outer, x, name=f"{at}.sum2"),
            "hidden" if last else f"{at}.norm2",
            f"{key}.output.LayerNorm",
        )

    def value(name: str, kind: int, *sides: Any) -> onnx.ValueInfoProto:
        return helper.make_tensor_value_info(name, kind, sides)

    graph = helper.make_graph(
        nodes,
        "encoder",
        [
            value("ids", TensorProto.INT64, "B", "T"),
            value("shapes", TensorProto.INT64, "B", "T"),
            value("mask", TensorProto.FLOAT, "B", "T"),
        ],
        [value("hidden", TensorProto.FLOAT, "B", "T", width)],
        list(constants.values()),
    )
    # The older operator set and file version that onnxruntime 1.20 still reads.
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=9)
    onnx.checker.check_model(model)
    return model


def _constant_products(model: onnx.ModelProto, skip: str = "") -> list[Any]:
    """The MatMuls by a constant whose name does not hold ``skip``."""
    names = {tensor.name for tensor in model.graph.initializer}
    found = [node for node in model.graph.node if node.op_type == "MatMul" and node.input[1] in names]
    return [node for node in found if not (skip and skip in node.name)]


def _inputs_of(
    products: Sequence[Any], model: onnx.ModelProto, batches: Iterable[Mapping[str, NDArray[Any]]]
) -> Iterator[tuple[str, NDArray[np.float32]]]:
    """What goes into the products: (name, values), batch by batch."""
    names = sorted({node.input[0] for node in products})
    probe = onnx.ModelProto()
    probe.CopyFrom(model)
    probe.graph.output.extend(helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in names)
    session = open_session(probe.SerializeToString())
    for batch in batches:
        yield from zip(names, session.run(names, dict(batch)), strict=True)


def activation_ranges(
    model: onnx.ModelProto, batches: Iterable[Mapping[str, NDArray[Any]]]
) -> dict[str, tuple[float, float]]:
    """Lowest and highest of what goes into each MatMul by a constant."""
    ranges: dict[str, tuple[float, float]] = {}
    for name, found in _inputs_of(_constant_products(model), model, batches):
        low, high = ranges.get(name, (np.inf, -np.inf))
        ranges[name] = min(low, float(found.min())), max(high, float(found.max()))
    return ranges


def smoothed(
    model: onnx.ModelProto,
    batches: Iterable[Mapping[str, NDArray[Any]]],
    *,
    strength: float = 0.8,
    skip: str = "",
) -> onnx.ModelProto:
    """The same function with the spread of each MatMul's input columns moved into its weights (SmoothQuant).

    A few columns of BERT's activations are ten times as wide as the rest and would use up the 256 steps of a
    per-tensor scale. ``x W = (x / s) (s W)`` with ``s = |x|max ** strength / |W|max ** (1 - strength)`` for each
    column of x (Xiao et al. 2023, formula 4); the division is one Mul before the product.
    """
    products = _constant_products(model, skip)
    widest: dict[str, Any] = {}
    for name, found in _inputs_of(products, model, batches):
        high = np.abs(found).reshape(-1, found.shape[-1]).max(axis=0)
        widest[name] = np.maximum(widest.get(name, 0), high)
    tensors = {tensor.name: tensor for tensor in model.graph.initializer}
    factors: dict[str, Any] = {}
    for name in sorted(widest):
        matrices = [
            numpy_helper.to_array(tensors[node.input[1]]) for node in products if node.input[0] == name
        ]
        weight = np.maximum.reduce([np.abs(matrix).max(axis=1) for matrix in matrices])
        factor = np.maximum(widest[name], 1e-5) ** strength / np.maximum(weight, 1e-5) ** (1 - strength)
        factors[name] = np.maximum(factor, 1e-5).astype(np.float32)
    made: list[Any] = []
    constants = dict(tensors)
    done: set[str] = set()
    wanted = {node.name for node in products}
    for node in model.graph.node:
        if node.name not in wanted:
            made.append(node)
            continue
        x, w = node.input
        if x not in done:
            done.add(x)
            constants[f"{x}.shrink"] = numpy_helper.from_array(1 / factors[x], f"{x}.shrink")
            made.append(helper.make_node("Mul", [x, f"{x}.shrink"], [f"{x}.even"], name=f"{x}.even"))
        matrix = numpy_helper.to_array(tensors[w]) * factors[x][:, None]
        constants[w] = numpy_helper.from_array(matrix, w)
        made.append(helper.make_node("MatMul", [f"{x}.even", w], list(node.output), name=node.name))
    result = helper.make_model(
        helper.make_graph(
            made, model.graph.name, model.graph.input, model.graph.output, list(constants.values())
        ),
        opset_imports=model.opset_import,
        ir_version=model.ir_version,
    )
    onnx.checker.check_model(result)
    return result


def static_int8(
    model: onnx.ModelProto, ranges: Mapping[str, tuple[float, float]], *, skip: str = ""
) -> onnx.ModelProto:
    """The graph with each MatMul by a constant in int8, as Quantize/Dequantize pairs (QDQ).

    Activations uint8 per tensor with the given ranges, weights int8 per column, products back to float: the same as
    ``quantize_static(..., QDQ, per_channel=True, QUInt8, QInt8)`` of MatMul alone without its output. Scales are
    fixed, so a row of a batch never sees the others. Other operators stay float.
    """
    graph = model.graph
    tensors = {tensor.name: tensor for tensor in graph.initializer}
    products = {node.name: node for node in _constant_products(model, skip)}
    made: list[Any] = []
    constants: list[Any] = []
    done: dict[str, str] = {}
    gone: set[str] = set()

    def keep(name: str, value: NDArray[Any]) -> str:
        constants.append(numpy_helper.from_array(value, name))
        return name

    for node in graph.node:
        if node.name not in products:
            made.append(node)
            continue
        x, w = node.input
        if x not in done:
            low, high = min(ranges[x][0], 0.0), max(ranges[x][1], 0.0)
            scale = keep(f"{x}.scale", np.array((high - low) / 255, np.float32))
            zero = keep(f"{x}.zero", np.array(round(-low / ((high - low) / 255)), np.uint8))
            made.append(helper.make_node("QuantizeLinear", [x, scale, zero], [f"{x}.q"], name=f"{x}.q"))
            made.append(
                helper.make_node("DequantizeLinear", [f"{x}.q", scale, zero], [f"{x}.dq"], name=f"{x}.dq")
            )
            done[x] = f"{x}.dq"
        values, scales = per_row(numpy_helper.to_array(tensors[w]).T, WEIGHT_STEPS)
        inputs = [
            keep(f"{w}.q", np.ascontiguousarray(values.T)),
            keep(f"{w}.scale", scales[:, 0]),
            keep(f"{w}.zero", np.zeros(len(scales), np.int8)),
        ]
        made.append(helper.make_node("DequantizeLinear", inputs, [f"{w}.dq"], name=f"{w}.dq", axis=1))
        made.append(helper.make_node("MatMul", [done[x], f"{w}.dq"], list(node.output), name=node.name))
        gone.add(w)
    kept = [tensor for name, tensor in tensors.items() if name not in gone]
    result = helper.make_model(
        helper.make_graph(made, graph.name, graph.input, graph.output, [*kept, *constants]),
        opset_imports=model.opset_import,
        ir_version=model.ir_version,
    )
    onnx.checker.check_model(result)
    return result


def blockwise(model: onnx.ModelProto, *, block: int = 64) -> onnx.ModelProto:
    """The graph with each MatMul by a constant as MatMulNBits of 8 bits; activations in int8 by block as they come."""
    from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer

    logging.getLogger("onnxruntime.quantization").setLevel(logging.WARNING)  # it tells of every node

    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    quantizer = MatMulNBitsQuantizer(copy, bits=8, block_size=block, is_symmetric=True, accuracy_level=4)
    quantizer.process()
    return quantizer.model.model


def quantise_encoder(
    weights: Weights, batches: Sequence[Mapping[str, NDArray[Any]]], *, skip: str = ".outer", block: int = 32
) -> onnx.ModelProto:
    """The whole recipe: int8 rows of embeddings, smoothed static int8, and MatMulNBits where ``skip`` is in the name.

    ``batches`` are some hundreds of sentences and some dozens of full windows, one a batch. With ``skip=""`` all is
    static; with a skip such as ``.outer`` the named products (what follows the GELU, where most of the error arises)
    are scaled by row and block as they come, which costs speed. Deterministic for the same batches and libraries.
    """
    model = encoder_graph(weights)
    model = smoothed(model, batches, skip=skip)
    model = static_int8(model, activation_ranges(model, batches), skip=skip)
    return blockwise(model, block=block) if skip else model


def open_session(data: bytes) -> Any:
    """A session on one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
