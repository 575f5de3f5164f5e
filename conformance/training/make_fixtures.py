"""Makes fixtures.json: whole training runs of a small network in PyTorch, in float64, one a training option.

Run with Python where PyTorch is installed: python conformance/training/make_fixtures.py
"""

import json
from pathlib import Path

import torch
from torch import nn
from torch.optim import lr_scheduler
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

SAMPLES, BATCH, EPOCHS = 24, 3, 3

CASES = [
    {"options": {}},
    {"options": {"clipGradients": "norm", "clipLimit": 0.2}},
    {"options": {"clipGradients": "value", "clipLimit": 0.05}},
    {"options": {"accumulateSteps": 3}},
    {"options": {"emaDecay": 0.9}},
    {"options": {}, "frozen": ["n1"]},
    {"options": {}, "schedule": {"type": "StepLR", "parameters": {"stepSize": 1, "gamma": 0.5}}},
    {
        "options": {"clipGradients": "norm", "clipLimit": 0.3, "accumulateSteps": 3, "emaDecay": 0.8},
        "frozen": ["n3"],
        "schedule": {"type": "ExponentialLR", "parameters": {"gamma": 0.9, "interval": "step"}},
    },
]


def run(case, inputs, labels, state):
    model = nn.Sequential(nn.Linear(2, 6), nn.Tanh(), nn.Linear(6, 3))
    model.load_state_dict(state)
    names = {"n1": model[0], "n3": model[2]}
    for name in case.get("frozen", []):
        names[name].requires_grad_(False)
    options = case["options"]
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5, momentum=0.9)
    schedule = case.get("schedule")
    scheduler = None
    if schedule and schedule["type"] == "StepLR":
        scheduler = lr_scheduler.StepLR(optimizer, step_size=1, gamma=0.5)
    elif schedule:
        scheduler = lr_scheduler.ExponentialLR(optimizer, gamma=0.9)
    averaged = None
    if "emaDecay" in options:
        averaged = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(options["emaDecay"]))
    accumulate = options.get("accumulateSteps", 1)
    batches = SAMPLES // BATCH
    losses = []
    for _ in range(EPOCHS):
        for i in range(batches):
            at = slice(i * BATCH, (i + 1) * BATCH)
            loss = nn.functional.cross_entropy(model(inputs[at]), labels[at])
            losses.append(loss.item())
            (loss / accumulate).backward()
            if (i + 1) % accumulate and i + 1 < batches:
                continue
            if options.get("clipGradients") == "norm":
                nn.utils.clip_grad_norm_(model.parameters(), options["clipLimit"])
            elif options.get("clipGradients") == "value":
                nn.utils.clip_grad_value_(model.parameters(), options["clipLimit"])
            optimizer.step()
            optimizer.zero_grad()
            if averaged:
                averaged.update_parameters(model)
            if scheduler and schedule["type"] == "ExponentialLR":
                scheduler.step()
        if scheduler and schedule["type"] == "StepLR":
            scheduler.step()
    final = averaged.module if averaged else model
    return {**case, "losses": losses, "weights": named(final.state_dict())}


def named(state):
    names = {"0.weight": "n1.weight", "0.bias": "n1.bias", "2.weight": "n3.weight", "2.bias": "n3.bias"}
    return {names[name]: value.flatten().tolist() for name, value in state.items()}


def main():
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(0)
    # Numbers that float32 has too.
    inputs = torch.randn(SAMPLES, 2).float().double()
    labels = torch.randint(3, (SAMPLES,))
    model = nn.Sequential(nn.Linear(2, 6), nn.Tanh(), nn.Linear(6, 3))
    state = {name: value.float().double() for name, value in model.state_dict().items()}
    fixtures = {
        "torch": torch.__version__.split("+")[0],
        "batch": BATCH,
        "epochs": EPOCHS,
        "inputs": inputs.flatten().tolist(),
        "labels": labels.tolist(),
        "weights": named(state),
        "cases": [run(case, inputs, labels, state) for case in CASES],
    }
    lines = json.dumps(fixtures).replace('{"options"', '\n{"options"')
    Path(__file__).with_name("fixtures.json").write_text(lines + "\n")


if __name__ == "__main__":
    main()
