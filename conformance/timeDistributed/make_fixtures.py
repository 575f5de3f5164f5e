"""Makes fixtures.json: a small network applied to each frame of short sequences, one frame after another, by PyTorch.

Run with Python where PyTorch is installed: python conformance/timeDistributed/make_fixtures.py
"""

import json
from pathlib import Path

import torch
from torch import nn

BATCH, STEPS, FRAME = 2, 3, (1, 3, 4)


def flat(tensor):
    return [float(f"{value:.9g}") for value in tensor.detach().flatten().tolist()]


def main():
    torch.manual_seed(0)
    net = nn.Sequential(nn.Conv2d(1, 2, 2), nn.BatchNorm2d(2), nn.Tanh(), nn.Flatten(), nn.Linear(12, 3))
    frames = torch.randn(BATCH, STEPS, *FRAME)
    # In evaluation each frame is by itself; in training the statistics are over all frames of the batch.
    net.eval()
    outputs = torch.stack([net(frames[:, step]) for step in range(STEPS)], dim=1)
    outputs.square().mean().backward()
    names = {"0": "conv", "1": "norm", "4": "fc"}
    renamed = {f"{names[name.split('.')[0]]}.{name.split('.')[1]}": value for name, value in net.named_parameters()}
    fixtures = {
        "torch": torch.__version__.split("+")[0],
        "batch": BATCH,
        "sample": [STEPS, *FRAME],
        "frames": flat(frames),
        "weights": {name: flat(value) for name, value in renamed.items()},
        "outputs": flat(outputs),
        "loss": outputs.square().mean().item(),
        "gradients": {name: flat(value.grad) for name, value in renamed.items()},
    }
    Path(__file__).with_name("fixtures.json").write_text(json.dumps(fixtures) + "\n")


if __name__ == "__main__":
    main()
