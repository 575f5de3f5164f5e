"""Runs what each layer emits for PyTorch and Keras on the samples of its own definition (JSON on stdin).

Both must give the shape that the engine infers. Layers without weights, and convolutions, recurrent layers and attention
with the same weights, must also give the same numbers in both, up to the place of the channels. Prints one JSON object a sample.
"""
import json
import sys

import keras
import numpy as np
import torch
import torch.nn.functional as F  # noqa: F401, used by emitted code
from keras import layers, ops  # noqa: F401, used by emitted code
from torch import nn  # noqa: F401, used by emitted code


def channels_last(array):
    return np.moveaxis(array, 1, -1) if array.ndim == 4 else array


def convolution_weights(module):
    """Weights of a convolution (two of them, if separable) as Keras has them: spatial axes first."""
    weights = []
    for name, value in module.state_dict().items():
        spatial = range(2, value.ndim)
        if name == "0.weight":
            weights.append(value.numpy().transpose(*spatial, 0, 1))
        else:
            weights.append(value.numpy().transpose(*spatial, 1, 0) if value.ndim > 2 else value.numpy())
    return weights


def recurrent_weights(module):
    """Weights of an RNN, LSTM or GRU as Keras has them: a GRU's gates in the order z, r, n, its two biases apart."""
    values = [value.numpy() for value in module.state_dict().values()]
    weights = []
    for inputs, hidden, *biases in zip(values[::4], values[1::4], values[2::4], values[3::4]):
        arrays = [inputs, hidden, *biases]
        if module.mode == "GRU":
            gates = [np.split(array, 3) for array in arrays]
            arrays = [np.concatenate([z, r, n]) for r, z, n in gates]
            weights += [arrays[0].T, arrays[1].T, np.stack(arrays[2:])]
        else:
            weights += [arrays[0].T, arrays[1].T, arrays[2] + arrays[3]]
    return weights


def attention_weights(module):
    """Weights of an nn.MultiheadAttention as Keras has them: apart, with an axis for the heads."""
    state = {name: value.numpy() for name, value in module.state_dict().items()}
    features, heads = module.embed_dim, module.num_heads
    weights = []
    for i, kernel in enumerate(np.split(state["in_proj_weight"], 3)):
        weights.append(kernel.T.reshape(features, heads, -1))
        if "in_proj_bias" in state:
            weights.append(np.split(state["in_proj_bias"], 3)[i].reshape(heads, -1))
    weights.append(state["out_proj.weight"].T.reshape(heads, -1, features))
    return weights + ([state["out_proj.bias"]] if "out_proj.bias" in state else [])


CARRIED = {
    "RNN": recurrent_weights,
    "LSTM": recurrent_weights,
    "GRU": recurrent_weights,
    "MultiheadAttention": attention_weights,
}


def first_of(result):
    """The first output of a layer that has several."""
    return result[0] if isinstance(result, (tuple, list)) else result


def run(sample):
    random = np.random.default_rng(0)
    arrays = [
        random.integers(5, size=[2, *shape]) if ids else random.standard_normal([2, *shape]).astype(np.float32)
        for shape, ids in zip(sample["inputs"], sample["ids"])
    ]
    for i, is_mask in enumerate(sample["masks"]):
        # One sequence that ends early, and one with a hole.
        if is_mask:
            arrays[i][:] = 1
            arrays[i][0, 2:] = 0
            arrays[i][1, 1] = 0
    names = {f"x{i}": torch.from_numpy(array) for i, array in enumerate(arrays)}
    emitted = sample["pytorch"]
    exec(emitted["support"], globals())
    if emitted["make"]:
        names["layer"] = eval(emitted["make"]).eval()
        module = names["layer"]
    with torch.no_grad():
        ours = first_of(eval(emitted["apply"], globals(), names)).numpy()
    problems = []
    if list(ours.shape[1:]) != sample["output"]:
        problems.append(f"PyTorch gives {list(ours.shape[1:])}")

    emitted = sample["keras"]
    if "unsupported" in emitted:
        return problems, emitted["unsupported"]
    names = {f"x{i}": ops.convert_to_tensor(channels_last(array)) for i, array in enumerate(arrays)}
    exec(emitted["support"], globals())
    if emitted["make"]:
        names["layer"] = eval(emitted["make"])
    apply = emitted["apply"]
    carry = CARRIED.get(sample["type"], convolution_weights if "Conv" in sample["type"] else None)
    if carry:
        eval(apply, globals(), names)
        names["layer"].set_weights(carry(module))
    theirs = np.asarray(first_of(eval(apply, globals(), names)))
    expected = channels_last(ours) if len(sample["output"]) == 3 else ours
    if theirs.shape != expected.shape:
        problems.append(f"Keras gives {list(theirs.shape[1:])}")
    elif (carry or not sample["weights"]) and not same_numbers(theirs, expected):
        problems.append(f"Keras differs by {np.abs(theirs - expected).max():.2g}")
    return problems, None


def same_numbers(theirs, expected):
    if np.allclose(theirs, expected, rtol=1e-4, atol=1e-5):
        return True
    # Flattened images have the same numbers in another order: whoever carries weights over permutes rows.
    flat = theirs.ndim == 2
    return flat and np.allclose(np.sort(theirs, axis=1), np.sort(expected, axis=1), rtol=1e-4, atol=1e-5)


for sample in json.load(sys.stdin):
    try:
        problems, unsupported = run(sample)
    except Exception as error:  # reported with the sample that caused it
        problems, unsupported = [f"{type(error).__name__}: {error}"], None
    print(json.dumps({"type": sample["type"], "number": sample["number"], "problems": problems, "unsupported": unsupported}))
