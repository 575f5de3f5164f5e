"""Makes fixtures.json: values and gradients of PyTorch's losses, with all of their options.

Run with Python where PyTorch is installed: python conformance/losses/make_fixtures.py
"""

import json
import zlib
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

BATCH = 5


def one_hot(y, classes=4):
    return F.one_hot(y, classes).float()


def column(y):
    return y.float().unsqueeze(1)


def log_softmax(x):
    return x.log_softmax(1)


def probability(x):
    return x.sigmoid()


WEIGHT = [0.5, 2.0, 1.0, 3.0]
W = torch.tensor(WEIGHT)
P = torch.tensor([0.5, 2.0, 1.5, 3.0])

# Layer, parameters, loss of (inputs, labels, samples), shapes of the inputs, shape of a sample, classes, how random
# inputs are made fit for the loss, how samples are.
CASES = [
    ("CrossEntropyLoss", {}, lambda x, y, s: nn.CrossEntropyLoss()(*x, y), [[4]], [2], 4),
    ("CrossEntropyLoss", {"weight": WEIGHT}, lambda x, y, s: nn.CrossEntropyLoss(weight=W)(*x, y), [[4]], [2], 4),
    ("CrossEntropyLoss", {"labelSmoothing": 0.1}, lambda x, y, s: nn.CrossEntropyLoss(label_smoothing=0.1)(*x, y), [[4]], [2], 4),
    ("CrossEntropyLoss", {"ignoreIndex": 1}, lambda x, y, s: nn.CrossEntropyLoss(ignore_index=1)(*x, y), [[4]], [2], 4),
    (
        "CrossEntropyLoss",
        {"weight": WEIGHT, "labelSmoothing": 0.3, "ignoreIndex": 1},
        lambda x, y, s: nn.CrossEntropyLoss(weight=W, label_smoothing=0.3, ignore_index=1)(*x, y),
        [[4]],
        [2],
        4,
    ),
    ("CrossEntropyLoss", {}, lambda x, y, s: nn.CrossEntropyLoss()(x[0].movedim(-1, 1), y), [[3, 4]], [3], 4, None, None, (3,)),
    (
        "CrossEntropyLoss",
        {"labelSmoothing": 0.2, "ignoreIndex": 2},
        lambda x, y, s: nn.CrossEntropyLoss(label_smoothing=0.2, ignore_index=2)(x[0].movedim(-1, 1), y),
        [[2, 3, 4]],
        [2, 3],
        4,
        None,
        None,
        (2, 3),
    ),
    ("NLLLoss", {}, lambda x, y, s: nn.NLLLoss()(*x, y), [[4]], [2], 4, log_softmax),
    (
        "NLLLoss",
        {"weight": WEIGHT, "ignoreIndex": 1},
        lambda x, y, s: nn.NLLLoss(weight=W, ignore_index=1)(*x, y),
        [[4]],
        [2],
        4,
        log_softmax,
    ),
    ("MultiMarginLoss", {}, lambda x, y, s: nn.MultiMarginLoss()(*x, y), [[4]], [2], 4),
    (
        "MultiMarginLoss",
        {"p": "2", "margin": 0.7, "weight": WEIGHT},
        lambda x, y, s: nn.MultiMarginLoss(p=2, margin=0.7, weight=W)(*x, y),
        [[4]],
        [2],
        4,
    ),
    ("HingeEmbeddingLoss", {}, lambda x, y, s: nn.HingeEmbeddingLoss()(*x, 2 * one_hot(y) - 1), [[4]], [2], 4),
    (
        "HingeEmbeddingLoss",
        {"margin": 0.4},
        lambda x, y, s: nn.HingeEmbeddingLoss(margin=0.4)(*x, 2 * column(y) - 1),
        [[1]],
        [2],
        2,
    ),
    ("MSELoss", {}, lambda x, y, s: nn.MSELoss()(*x, one_hot(y)), [[4]], [2], 4),
    ("MSELoss", {"target": "input"}, lambda x, y, s: nn.MSELoss()(*x, s.flatten(1)), [[4]], [1, 2, 2], 4),
    ("L1Loss", {}, lambda x, y, s: nn.L1Loss()(*x, one_hot(y)), [[4]], [2], 4),
    ("L1Loss", {"target": "input"}, lambda x, y, s: nn.L1Loss()(*x, s), [[1, 2, 2]], [1, 2, 2], 0),
    ("SmoothL1Loss", {}, lambda x, y, s: nn.SmoothL1Loss()(*x, one_hot(y)), [[4]], [2], 4),
    (
        "SmoothL1Loss",
        {"target": "input", "beta": 0.3},
        lambda x, y, s: nn.SmoothL1Loss(beta=0.3)(*x, s),
        [[1, 2, 2]],
        [1, 2, 2],
        0,
    ),
    ("SmoothL1Loss", {"beta": 0}, lambda x, y, s: nn.SmoothL1Loss(beta=0)(*x, one_hot(y)), [[4]], [2], 4),
    ("HuberLoss", {}, lambda x, y, s: nn.HuberLoss()(*x, one_hot(y)), [[4]], [2], 4),
    ("HuberLoss", {"delta": 0.4}, lambda x, y, s: nn.HuberLoss(delta=0.4)(*x, one_hot(y)), [[4]], [2], 4),
    ("HuberLoss", {"target": "input"}, lambda x, y, s: nn.HuberLoss()(*x, s), [[4]], [4], 0),
    ("BCEWithLogitsLoss", {"target": "input"}, lambda x, y, s: nn.BCEWithLogitsLoss()(*x, s), [[4]], [4], 0),
    ("BCELoss", {}, lambda x, y, s: nn.BCELoss()(*x, one_hot(y)), [[4]], [2], 4, probability),
    ("BCELoss", {"target": "input"}, lambda x, y, s: nn.BCELoss()(*x, s), [[3]], [3], 0, probability),
    ("BCEWithLogitsLoss", {}, lambda x, y, s: nn.BCEWithLogitsLoss()(*x, one_hot(y)), [[4]], [2], 4),
    ("BCEWithLogitsLoss", {}, lambda x, y, s: nn.BCEWithLogitsLoss()(*x, column(y)), [[1]], [2], 2),
    (
        "BCEWithLogitsLoss",
        {"posWeight": [0.5, 2.0, 1.5, 3.0]},
        lambda x, y, s: nn.BCEWithLogitsLoss(pos_weight=P)(*x, one_hot(y)),
        [[4]],
        [2],
        4,
    ),
    (
        "BCEWithLogitsLoss",
        {"posWeight": [2.5]},
        lambda x, y, s: nn.BCEWithLogitsLoss(pos_weight=torch.tensor([2.5]))(*x, column(y)),
        [[1]],
        [2],
        2,
    ),
    ("KLDivLoss", {}, lambda x, y, s: nn.KLDivLoss()(*x, one_hot(y)), [[4]], [2], 4, log_softmax),
    (
        "KLDivLoss",
        {"target": "input", "reduction": "batchmean"},
        lambda x, y, s: nn.KLDivLoss(reduction="batchmean")(*x, s),
        [[4]],
        [4],
        0,
        log_softmax,
    ),
    (
        "KLDivLoss",
        {"target": "input", "reduction": "sum", "logTarget": True},
        lambda x, y, s: nn.KLDivLoss(reduction="sum", log_target=True)(*x, s),
        [[4]],
        [4],
        0,
        log_softmax,
        torch.log,
    ),
    ("PoissonNLLLoss", {}, lambda x, y, s: nn.PoissonNLLLoss()(*x, one_hot(y)), [[4]], [2], 4),
    (
        "PoissonNLLLoss",
        {"target": "input", "full": True},
        lambda x, y, s: nn.PoissonNLLLoss(full=True)(*x, s),
        [[4]],
        [4],
        0,
        None,
        lambda s: (5 * s).floor(),
    ),
    (
        "PoissonNLLLoss",
        {"target": "input", "logInput": False, "eps": 1e-3},
        lambda x, y, s: nn.PoissonNLLLoss(log_input=False, eps=1e-3)(*x, s),
        [[4]],
        [4],
        0,
        torch.exp,
    ),
    ("CosineEmbeddingLoss", {}, lambda x, y, s: nn.CosineEmbeddingLoss()(*x, torch.ones(BATCH)), [[6], [6]], [6], 0),
    (
        "CosineEmbeddingLoss",
        {"pairs": "dissimilar", "margin": -0.3},
        lambda x, y, s: nn.CosineEmbeddingLoss(margin=-0.3)(*x, -torch.ones(BATCH)),
        [[6], [6]],
        [6],
        0,
    ),
    (
        "CosineEmbeddingLoss",
        {"pairs": "label", "margin": -0.2},
        lambda x, y, s: nn.CosineEmbeddingLoss(margin=-0.2)(*x, 2 * y - 1),
        [[6], [6]],
        [6],
        2,
    ),
    ("TripletMarginLoss", {}, lambda x, y, s: nn.TripletMarginLoss()(*x), [[6], [6], [6]], [6], 0),
    (
        "TripletMarginLoss",
        {"p": 1, "margin": 2.5},
        lambda x, y, s: nn.TripletMarginLoss(p=1, margin=2.5)(*x),
        [[6], [6], [6]],
        [6],
        0,
    ),
    (
        "TripletMarginLoss",
        {"p": 3, "eps": 0.01, "swap": True},
        lambda x, y, s: nn.TripletMarginLoss(p=3, eps=0.01, swap=True)(*x),
        [[6], [6], [6]],
        [6],
        0,
    ),
    ("LossTerm", {}, lambda x, y, s: x[0].mean(), [[2, 3]], [2], 0),
    ("LossTerm", {"of": "absolute"}, lambda x, y, s: x[0].abs().mean(), [[2, 3]], [2], 0),
    ("LossTerm", {"of": "square"}, lambda x, y, s: x[0].square().mean(), [[2, 3]], [2], 0),
]


def flat(tensor):
    return [float(f"{number:.9g}") for number in tensor.detach().flatten().tolist()]


def case(kind, parameters, loss, shapes, sample, classes, fit=None, fit_sample=None, label=()):
    torch.manual_seed(zlib.crc32(json.dumps([kind, parameters, shapes]).encode()))
    labels = torch.randint(max(classes, 1), (BATCH, *label))
    if classes and not label:
        labels[:2] = torch.tensor([0, 1])
    samples = torch.rand(BATCH, *sample) * 0.9 + 0.05
    samples = fit_sample(samples) if fit_sample else samples
    inputs = [(fit or (lambda x: x))(torch.randn(BATCH, *shape)).requires_grad_() for shape in shapes]
    value = loss(inputs, labels, samples)
    value.backward()
    return {
        "layer": kind,
        "parameters": parameters,
        "shapes": shapes,
        "sample": sample,
        "classes": classes,
        "label": list(label),
        "labels": labels.flatten().tolist(),
        "samples": flat(samples),
        "inputs": [flat(tensor) for tensor in inputs],
        "loss": flat(value)[0],
        "gradients": [flat(tensor.grad) for tensor in inputs],
    }


def main():
    fixtures = {
        "torch": torch.__version__.split("+")[0],
        "batch": BATCH,
        "cases": [case(*each) for each in CASES],
    }
    lines = json.dumps(fixtures).replace('{"layer"', '\n{"layer"')
    Path(__file__).with_name("fixtures.json").write_text(lines + "\n")


if __name__ == "__main__":
    main()
