"""Runs the code that is written for a block for each step, PyTorch's against a loop over the steps, Keras' against PyTorch's.

The code is that of src/engine/codegen/snapshots/strips.*.txt, which a test holds to what the generator writes. Exit code 1 if
numbers differ. Run with Python where both are installed: python conformance/timeDistributed/check_code.py
"""

import sys
from pathlib import Path

import keras
import numpy as np
import torch
from keras import layers  # noqa: F401, used by the code
from torch import nn  # noqa: F401, used by the code

SNAPSHOTS = Path(__file__).parents[2] / "src/engine/codegen/snapshots"
FEATURES = (8, 3, 14)


def part(file, start, end):
    text = (SNAPSHOTS / file).read_text()
    return text[text.index(start) : text.index(end)]


def keras_weights(state):
    """A GRU's gates in the order z, r, n; its input is a flattened image, channels last in Keras."""
    gates = {name: np.concatenate([np.split(value, 3)[i] for i in (1, 0, 2)]) for name, value in state.items() if "gru" in name}
    places = np.arange(np.prod(FEATURES)).reshape(FEATURES).transpose(1, 2, 0).ravel()
    return [
        state["each_step.conv.weight"].transpose(2, 3, 1, 0),
        state["each_step.conv.bias"],
        gates["gru.weight_ih_l0"][:, places].T,
        gates["gru.weight_hh_l0"].T,
        np.stack([gates["gru.bias_ih_l0"], gates["gru.bias_hh_l0"]]),
        state["fc.weight"].T,
        state["fc.bias"],
    ]


def main():
    torch.manual_seed(0)
    exec(part("strips.pytorch.txt", "class EachStep", "loss_fn ="), globals())
    exec(part("strips.keras.txt", "def time_distributed", "def main"), globals())
    model = Strips()  # noqa: F821
    images = torch.randn(5, 1, 28, 28)
    with torch.no_grad():
        given = model(images).numpy()
        strips = images.reshape(-1, 4, 1, 7, 28)
        steps = torch.stack([model.each_step(strips[:, step]) for step in range(4)], dim=1)
        looped = model.fc(model.gru(steps)[0][:, -1]).numpy()
    other = build_model()  # noqa: F821
    other.set_weights(keras_weights({name: value.numpy() for name, value in model.state_dict().items()}))
    theirs = keras.ops.convert_to_numpy(other(images.numpy().transpose(0, 2, 3, 1)))
    distances = {"PyTorch from a loop": np.abs(given - looped).max(), "Keras from PyTorch": np.abs(theirs - given).max()}
    for name, distance in distances.items():
        print(f"{name}: {distance:.2g}")
    sys.exit(0 if max(distances.values()) < 1e-5 else 1)


if __name__ == "__main__":
    main()
