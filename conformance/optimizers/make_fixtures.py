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
    (
        "RMSprop",
        {"lr": 0.02, "eps": 1e-4, "centered": True},
        {"lr": 0.02, "eps": 1e-4, "centered": True},
    ),
    (
        "RMSprop",
        {"lr": 0.02, "eps": 1e-4, "momentum": 0.6, "centered": True},
        {"lr": 0.02, "eps": 1e-4, "momentum": 0.6, "centered": True},
    ),
    ("Adam", {"amsgrad": True}, {"amsgrad": True}),
    (
        "Adam",
        {"beta2": 0.8, "weightDecay": 0.1, "amsgrad": True},
        {"betas": (0.9, 0.8), "weight_decay": 0.1, "amsgrad": True},
    ),
    ("AdamW", {"beta2": 0.8, "amsgrad": True}, {"betas": (0.9, 0.8), "amsgrad": True}),
    ("NAdam", {}, {}),
    (
        "NAdam",
        {"lr": 0.02, "beta1": 0.8, "beta2": 0.95, "eps": 1e-3, "momentumDecay": 0.1, "weightDecay": 0.1},
        {"lr": 0.02, "betas": (0.8, 0.95), "eps": 1e-3, "momentum_decay": 0.1, "weight_decay": 0.1},
    ),
    ("RAdam", {}, {}),
    (
        "RAdam",
        {"lr": 0.02, "beta1": 0.8, "beta2": 0.95, "eps": 1e-3, "weightDecay": 0.1},
        {"lr": 0.02, "betas": (0.8, 0.95), "eps": 1e-3, "weight_decay": 0.1},
    ),
    ("Adagrad", {}, {}),
    (
        "Adagrad",
        {"lr": 0.2, "lrDecay": 0.1, "initialAccumulator": 0.5, "eps": 1e-3, "weightDecay": 0.1},
        {"lr": 0.2, "lr_decay": 0.1, "initial_accumulator_value": 0.5, "eps": 1e-3, "weight_decay": 0.1},
    ),
    ("Adadelta", {}, {}),
    (
        "Adadelta",
        {"lr": 0.5, "rho": 0.8, "eps": 1e-3, "weightDecay": 0.1},
        {"lr": 0.5, "rho": 0.8, "eps": 1e-3, "weight_decay": 0.1},
    ),
    ("Lion", {}, {}),
    (
        "Lion",
        {"lr": 0.02, "beta1": 0.8, "beta2": 0.95, "weightDecay": 0.1},
        {"lr": 0.02, "beta1": 0.8, "beta2": 0.95, "weight_decay": 0.1},
    ),
]


def lion(start, gradients, lr=1e-4, beta1=0.9, beta2=0.99, weight_decay=0.0):
    """Algorithm 2 of https://arxiv.org/abs/2302.06675, which torch.optim has not."""
    weights, m, steps = start.clone(), torch.zeros_like(start), []
    for g in gradients:
        update = torch.sign(beta1 * m + (1 - beta1) * g)
        m = beta2 * m + (1 - beta2) * g
        weights = weights - lr * (update + weight_decay * weights)
        steps.append(weights.tolist())
    return steps


def run(kind, arguments, start, gradients):
    if kind == "Lion":
        return lion(start, gradients, **arguments)
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
    # NAdam keeps the product of its momenta in the default type.
    torch.set_default_dtype(torch.float64)
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
