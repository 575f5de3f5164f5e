"""Makes fixtures.bin.gz: samples of PyTorch's own OpInfo database, with outputs and gradients in float64.

Run with Python where PyTorch 2.13 is installed: python conformance/ops/make_fixtures.py
The file is one gzip stream: the length of a JSON header (uint32, little-endian), the header, then float64 numbers. The
header lists cases; a tensor in it is {"shape": [...], "at": index of its first number}, labels and ids among them.
"""

import gzip
import json
import math
import struct
import sys
import types
from pathlib import Path

# The database imports a test helper that is not installed with PyTorch; nothing of it is used.
stub = types.ModuleType("expecttest")
stub.TestCase = object
sys.modules["expecttest"] = stub

import torch  # noqa: E402
from torch.testing._internal.common_methods_invocations import op_db  # noqa: E402

MOST_NUMBERS = 600
MOST_CASES = 40

NAMES = """
add sub rsub mul div pow maximum minimum fmax fmin neg abs sgn exp exp2 expm1 log log1p log2 log10 sqrt rsqrt square
reciprocal sin cos tan sinh cosh tanh sigmoid erf erfc positive clamp clamp_min clamp_max where lerp addcmul addcdiv
hypot logaddexp logit xlogy true_divide float_power
sum mean amax amin argmax argmin prod var std logsumexp softmax log_softmax norm dist
matmul mm bmm mv dot vdot inner outer addmm addmv addr baddbmm addbmm
cat concat stack hstack vstack dstack reshape view reshape_as view_as permute transpose t swapaxes movedim unsqueeze
squeeze flatten ravel unflatten narrow select expand broadcast_to expand_as chunk split unbind flip tile repeat
index_select diagonal_copy
nn.functional.relu nn.functional.relu6 nn.functional.leaky_relu nn.functional.elu nn.functional.celu nn.functional.selu
nn.functional.gelu nn.functional.silu nn.functional.mish nn.functional.softplus nn.functional.softsign
nn.functional.hardtanh nn.functional.hardswish nn.functional.hardsigmoid nn.functional.logsigmoid
nn.functional.tanhshrink nn.functional.threshold nn.functional.prelu nn.functional.glu nn.functional.softmin
nn.functional.linear nn.functional.bilinear nn.functional.conv1d nn.functional.conv2d nn.functional.conv3d
nn.functional.conv_transpose1d nn.functional.conv_transpose2d nn.functional.conv_transpose3d nn.functional.max_pool1d
nn.functional.max_pool2d nn.functional.max_pool3d nn.functional.avg_pool1d nn.functional.avg_pool2d
nn.functional.avg_pool3d nn.functional.adaptive_avg_pool1d nn.functional.adaptive_avg_pool2d
nn.functional.adaptive_max_pool2d nn.functional.interpolate
nn.functional.layer_norm nn.functional.group_norm nn.functional.instance_norm nn.functional.batch_norm
nn.functional.rms_norm nn.functional.local_response_norm nn.functional.normalize nn.functional.pixel_shuffle
nn.functional.pad nn.functional.mse_loss nn.functional.l1_loss nn.functional.smooth_l1_loss nn.functional.huber_loss
nn.functional.kl_div nn.functional.binary_cross_entropy nn.functional.binary_cross_entropy_with_logits
nn.functional.cross_entropy nn.functional.nll_loss nn.functional.poisson_nll_loss nn.functional.soft_margin_loss
nn.functional.cosine_similarity nn.functional.pairwise_distance nn.functional.embedding
nn.functional.scaled_dot_product_attention
""".split()


class Blob:
    def __init__(self):
        self.numbers = []

    def add(self, tensor):
        at = len(self.numbers)
        self.numbers.extend(tensor.detach().double().flatten().tolist())
        kind = "f" if tensor.is_floating_point() else "b" if tensor.dtype == torch.bool else "i"
        return {"shape": list(tensor.shape), "at": at, "kind": kind}


class Unfit(Exception):
    pass


def encode(value, blob, tensors):
    """An argument as JSON; tensors go into the blob and into the list of those that may get a gradient."""
    if isinstance(value, torch.Tensor):
        if value.is_complex() or value.numel() > MOST_NUMBERS:
            raise Unfit("complex or large")
        tensors.append(value)
        return {"tensor": blob.add(value)}
    if isinstance(value, (list, tuple, torch.Size)):
        return [encode(each, blob, tensors) for each in value]
    if isinstance(value, bool) or value is None or isinstance(value, (int, str)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else {"number": str(value)}
    raise Unfit(f"an argument of type {type(value).__name__}")


def exact_in_float32(value):
    """Inputs that float32 holds without rounding, so that a float32 engine starts from the same numbers."""
    if not isinstance(value, torch.Tensor) or value.dtype != torch.float64:
        return value
    return value.detach().float().double().requires_grad_(value.requires_grad)


def case_of(name, op, sample, blob):
    start = len(blob.numbers)
    try:
        tensors = []
        encoded = [encode(each, blob, tensors) for each in (sample.input, *sample.args)]
        named = {key: encode(each, blob, tensors) for key, each in sample.kwargs.items()}
        leaves = [each for each in tensors if each.is_floating_point() and each.requires_grad]
        result = op(sample.input, *sample.args, **sample.kwargs)
        outputs = list(result) if isinstance(result, (tuple, list)) else [result]
        if any(not isinstance(each, torch.Tensor) or each.is_complex() or each.numel() > MOST_NUMBERS for each in outputs):
            raise Unfit("an output that is complex or large")
        wanted = [each for each in outputs if each.requires_grad]
        gradients = None
        if wanted and leaves:
            total = sum((each * torch.cos(torch.arange(each.numel(), dtype=torch.float64)).reshape(each.shape)).sum() for each in wanted)
            gradients = torch.autograd.grad(total, leaves, allow_unused=True)
        case = {"op": name, "args": encoded, "outputs": [blob.add(each) for each in outputs]}
        if named:
            case["kwargs"] = named
        if gradients:
            places = [i for i, each in enumerate(tensors) if any(each is leaf for leaf in leaves)]
            case["gradients"] = [
                {"of": place, **blob.add(torch.zeros_like(leaf) if gradient is None else gradient)}
                for place, leaf, gradient in zip(places, leaves, gradients)
            ]
        return case
    except (Unfit, RuntimeError, ValueError, IndexError):
        del blob.numbers[start:]
        return None


def main():
    torch.set_num_threads(1)
    blob = Blob()
    cases = []
    for name in NAMES:
        infos = [info for info in op_db if info.name == name and info.variant_test_name in ("", "no_rounding_mode", "constant", "nearest", "bilinear")]
        found = []
        for info in infos:
            torch.manual_seed(0)
            if torch.float64 not in info.dtypes:
                continue
            for drawn in info.sample_inputs("cpu", torch.float64, requires_grad=info.supports_autograd):
                sample = drawn.transform(exact_in_float32)
                case = case_of(name, info.op, sample, blob)
                if case:
                    found.append(case)
                if len(found) >= MOST_CASES:
                    break
        print(f"{name}: {len(found)}", file=sys.stderr)
        cases.extend(found)
    header = json.dumps({"torch": torch.__version__.split("+")[0], "cases": cases}, separators=(",", ":")).encode()
    body = struct.pack("<I", len(header)) + header + struct.pack(f"<{len(blob.numbers)}d", *blob.numbers)
    Path(__file__).with_name("fixtures.bin.gz").write_bytes(gzip.compress(body, 9, mtime=0))
    print(f"{len(cases)} cases of {len({case['op'] for case in cases})} ops, {len(blob.numbers)} numbers", file=sys.stderr)


if __name__ == "__main__":
    main()
