"""Makes fixtures.bin.gz: ONNX's own node tests, with what ONNX Runtime makes of them.

Run with Python where onnx 1.23.1 and onnxruntime 1.30.0 are installed: python conformance/onnx/make_fixtures.py
The file is one gzip stream: the length of a JSON header (uint32, little-endian), the header, then blobs. The header
lists all cases; "model", "inputs" and "outputs" are [first byte, length] of a ModelProto or TensorProto among the blobs,
or the name of what is no tensor ("sequence", "none", …).
"""

import gzip
import json
import os
import struct
import warnings
from pathlib import Path

# Without this ONNX Runtime refuses models of operator sets that it already has but that are not released yet.
os.environ["ALLOW_RELEASED_ONNX_OPSET_ONLY"] = "0"

import numpy as np  # noqa: E402
import onnx  # noqa: E402
import onnxruntime  # noqa: E402
from onnx import numpy_helper  # noqa: E402
from onnx.backend.test.loader import load_model_tests  # noqa: E402

warnings.simplefilter("ignore")
onnxruntime.set_default_logger_severity(4)


class Blobs:
    """Equal pieces are kept once: a function's test and that of its expansion share their tensors."""

    def __init__(self):
        self.bytes = bytearray()
        self.known = {}

    def add(self, piece):
        if piece not in self.known:
            self.known[piece] = [len(self.bytes), len(piece)]
            self.bytes += piece
        return self.known[piece]


def tensor_of(value):
    """A TensorProto, or the name of what is none."""
    if isinstance(value, onnx.TensorProto):
        return value
    if isinstance(value, (np.ndarray, np.generic)):
        return numpy_helper.from_array(np.asarray(value))
    return {"list": "sequence", "NoneType": "none"}.get(type(value).__name__, type(value).__name__)


def is_core(case):
    """One node of ONNX's own domain on float32 tensors alone: what networks are made of, in the type they run in."""
    graph = case.model.graph
    values = [value for inputs, outputs in case.data_sets for value in [*inputs, *outputs]]
    return (
        len(graph.node) == 1
        and graph.node[0].domain in ("", "ai.onnx")
        and "_expanded" not in case.name
        and all(isinstance(value, (np.ndarray, np.generic)) and value.dtype == np.float32 for value in values)
    )


def same(given, wanted, case):
    if isinstance(wanted, onnx.TensorProto):
        wanted = numpy_helper.to_array(wanted)
    if isinstance(wanted, list):
        return len(given) == len(wanted) and all(same(g, w, case) for g, w in zip(given, wanted))
    if wanted is None:
        return given is None
    given, wanted = np.asarray(given), np.asarray(wanted)
    if given.shape != wanted.shape or given.dtype != wanted.dtype:
        return False
    if wanted.dtype.kind in "OUS":
        return bool((given == wanted).all())
    return np.allclose(
        given.astype(np.float64), wanted.astype(np.float64), rtol=case.rtol, atol=case.atol, equal_nan=True
    )


def onnxruntime_passes(case):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    try:
        session = onnxruntime.InferenceSession(
            case.model.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )
        inputs, outputs = case.data_sets[0]
        values = [numpy_helper.to_array(v) if isinstance(v, onnx.TensorProto) else v for v in inputs]
        values = [np.asarray(v) if isinstance(v, np.generic) else v for v in values]
        given = session.run(None, {i.name: v for i, v in zip(session.get_inputs(), values)})
        return all(same(g, w, case) for g, w in zip(given, outputs))
    except Exception:  # noqa: BLE001: whatever it is, the case does not pass
        return False


def main():
    blobs = Blobs()
    cases = []
    for case in load_model_tests(kind="node"):
        assert len(case.data_sets) == 1 and (case.rtol, case.atol) == (1e-3, 1e-7)
        inputs, outputs = case.data_sets[0]
        store = lambda value: value if isinstance(value, str) else blobs.add(value.SerializeToString())  # noqa: E731
        nodes = case.model.graph.node
        # A function's expansion is counted under the operator it expands.
        expanded = case.name.find("_expanded")
        cases.append(
            {
                "name": case.name,
                "op": (nodes[0].domain + "." if nodes[0].domain else "") + nodes[0].op_type if expanded < 0 else "",
                "of": case.name[:expanded] if expanded >= 0 else None,
                "core": is_core(case),
                "onnxruntime": onnxruntime_passes(case),
                "model": blobs.add(case.model.SerializeToString()),
                "inputs": [store(tensor_of(value)) for value in inputs],
                "outputs": [store(tensor_of(value)) for value in outputs],
            }
        )
    ops = {case["name"]: case["op"] for case in cases}
    for case in cases:
        of = case.pop("of")
        if of is not None:
            case["op"] = ops.get(of, "(expanded)")
    header = {"onnx": onnx.__version__, "onnxruntime": onnxruntime.__version__, "cases": cases}
    head = json.dumps(header, separators=(",", ":")).encode()
    content = struct.pack("<I", len(head)) + head + bytes(blobs.bytes)
    target = Path(__file__).parent / "fixtures.bin.gz"
    target.write_bytes(gzip.compress(content, 9, mtime=0))
    core = [case for case in cases if case["core"]]
    print(f"{len(cases)} cases, {sum(c['onnxruntime'] for c in cases)} pass ONNX Runtime {onnxruntime.__version__}")
    print(f"core: {len(core)} cases, {sum(c['onnxruntime'] for c in core)} pass ONNX Runtime")
    print(f"{target.stat().st_size} bytes")


main()
