"""Makes fixtures.json: steps of PyTorch's optimizers on a few numbers, in float64.

Run with Python where PyTorch is installed: python conformance/optimizers/make_fixtures.py
"""

import json
from pathlib import Path

import torch

STEPS = 12

CASES = [
    ("SGD", {}, {}),
    ("SGD", {"lr": 0.05, "momentum": 0.9}, {"lr": 0.05, "momentum": 0.9}),
    ("SGD", {"lr": 0.05, "momentum": 0.9, "nesterov": True}, {"lr": 0.05, "momentum": 0.9, "nesterov": True}),
    (
        "SGD",
        {"lr": 0.05, "momentum": 0.8, "dampening": 0.3, "weightDecay": 0.1},
        {"lr": 0.05, "momentum": 0.8, "dampening": 0.3, "weight_decay": 0.1},
    ),
    ("SGD", {"lr": 0.05, "weightDecay": 0.1}, {"lr": 0.05, "weight_decay": 0.1}),
    ("Adam", {}, {}),
    (
        "Adam",
        {"lr": 0.02, "beta1": 0.8, "beta2": 0.95, "eps": 1e-3, "weightDecay": 0.1},
        {"lr": 0.02, "betas": (0.8, 0.95), "eps": 1e-3, "weight_decay": 0.1},
    ),
    ("AdamW", {}, {}),
    ("AdamW", {"lr": 0.02, "weightDecay": 0.3}, {"lr": 0.02, "weight_decay": 0.3}),
    ("RMSprop", {}, {}),
    (
        "RMSprop",
        {"lr": 0.02, "alpha": 0.9, "eps": 1e-4, "momentum": 0.7, "weightDecay": 0.1},
        {"lr": 0.02, "alpha": 0.9, "eps": 1e-4, "momentum": 0.7, "weight_decay": 0.1},
    ),
]


def run(kind, arguments, start, gradients):
    parameter = torch.nn.Parameter(start.clone())
    settings = {"lr": 0.01} | arguments if kind == "SGD" else arguments
    optimizer = getattr(torch.optim, kind)([parameter], **settings)
    steps = []
    for gradient in gradients:
        parameter.grad = gradient.clone()
        optimizer.step()
        steps.append(parameter.detach().tolist())
    return steps


def main():
    torch.manual_seed(0)
    start = torch.randn(5, dtype=torch.float64)
    # Sizes over several orders of magnitude, and one gradient that is 0 at first.
    gradients = torch.randn(STEPS, 5, dtype=torch.float64) * torch.tensor([1, 1e-3, 30, 0.1, 1], dtype=torch.float64)
    gradients[:3, 4] = 0
    fixtures = {
        "torch": torch.__version__.split("+")[0],
        "start": start.tolist(),
        "gradients": gradients.tolist(),
        "cases": [
            {"optimizer": kind, "parameters": ours, "steps": run(kind, theirs, start, gradients)}
            for kind, ours, theirs in CASES
        ],
    }
    Path(__file__).with_name("fixtures.json").write_text(json.dumps(fixtures, indent=1) + "\n")


if __name__ == "__main__":
    main()
