"""Makes fixtures.json: learning rates of PyTorch's schedulers, update by update.

Run with Python where PyTorch is installed: python conformance/schedules/make_fixtures.py
"""

import json
import warnings
from pathlib import Path

import torch
from torch.optim import lr_scheduler

BASE = 0.1
EPOCHS = 24
# Up and down, with plateaus: what ReduceLROnPlateau goes by.
LOSSES = [2.0, 1.5, 1.6, 1.4999, 1.49, 1.55, 1.5, 1.45, 1.45, 1.45, 1.46, 1.45, 1.2, 1.2, 1.3, 1.3, 1.1, 1.1, 1.1, 1.1, 1.1, 1.0, 1.0, 1.0]

# Type, our parameters, class and arguments; each counts its own steps, 24 of them.
CASES = [
    ("StepLR", {"stepSize": 5}, {"step_size": 5}),
    ("StepLR", {"stepSize": 3, "gamma": 0.7, "interval": "step"}, {"step_size": 3, "gamma": 0.7}),
    ("MultiStepLR", {"milestones": [2, 7, 15]}, {"milestones": [2, 7, 15]}),
    ("MultiStepLR", {"milestones": [4, 9], "gamma": 0.3, "interval": "step"}, {"milestones": [4, 9], "gamma": 0.3}),
    ("ExponentialLR", {}, {"gamma": 0.95}),
    ("ExponentialLR", {"gamma": 0.8, "interval": "step"}, {"gamma": 0.8}),
    ("LinearLR", {}, {"start_factor": 0.1}),
    (
        "LinearLR",
        {"startFactor": 0.5, "endFactor": 0.2, "totalIters": 9, "interval": "step"},
        {"start_factor": 0.5, "end_factor": 0.2, "total_iters": 9},
    ),
    ("CosineAnnealingLR", {}, {"T_max": EPOCHS}),
    ("CosineAnnealingLR", {"interval": "step"}, {"T_max": EPOCHS}),
    ("CosineAnnealingLR", {"tMax": 7, "etaMin": 0.01, "interval": "step"}, {"T_max": 7, "eta_min": 0.01}),
    ("CosineAnnealingWarmRestarts", {}, {"T_0": 10}),
    (
        "CosineAnnealingWarmRestarts",
        {"t0": 3, "tMult": 2, "etaMin": 0.02, "interval": "step"},
        {"T_0": 3, "T_mult": 2, "eta_min": 0.02},
    ),
    ("OneCycleLR", {}, {"max_lr": BASE, "total_steps": EPOCHS}),
    (
        "OneCycleLR",
        {"pctStart": 0.4, "annealStrategy": "linear", "divFactor": 5, "finalDivFactor": 100, "threePhase": True},
        {
            "max_lr": BASE,
            "total_steps": EPOCHS,
            "pct_start": 0.4,
            "anneal_strategy": "linear",
            "div_factor": 5,
            "final_div_factor": 100,
            "three_phase": True,
        },
    ),
    ("ReduceLROnPlateau", {"patience": 2}, {"patience": 2}),
    (
        "ReduceLROnPlateau",
        {"factor": 0.5, "patience": 1, "threshold": 0.1, "thresholdMode": "abs", "cooldown": 2, "minLr": 0.02},
        {"factor": 0.5, "patience": 1, "threshold": 0.1, "threshold_mode": "abs", "cooldown": 2, "min_lr": 0.02},
    ),
]


def rates(kind, arguments):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=BASE)
    if kind == "OneCycleLR":
        arguments = {**arguments, "cycle_momentum": False}
    scheduler = getattr(lr_scheduler, kind)(optimizer, **arguments)
    result = []
    for at in range(EPOCHS):
        result.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if at == EPOCHS - 1:
            break
        if kind == "ReduceLROnPlateau":
            scheduler.step(LOSSES[at])
        else:
            scheduler.step()
    return result


def main():
    warnings.simplefilter("error")
    fixtures = {
        "torch": torch.__version__.split("+")[0],
        "base": BASE,
        "losses": LOSSES,
        "cases": [
            {"schedule": kind, "parameters": ours, "rates": rates(kind, theirs)} for kind, ours, theirs in CASES
        ],
    }
    lines = json.dumps(fixtures).replace('{"schedule"', '\n{"schedule"')
    Path(__file__).with_name("fixtures.json").write_text(lines + "\n")


if __name__ == "__main__":
    main()
