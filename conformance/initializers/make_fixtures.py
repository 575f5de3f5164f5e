"""Makes fixtures.json: what torch.nn.init draws from, as bounds and deviations measured on large tensors' formulas.

Run with Python where PyTorch is installed: python conformance/initializers/make_fixtures.py
"""

import json
import math
from pathlib import Path

import torch
from torch.nn import init

SHAPES = [[32, 20], [16, 8, 3, 3], [24, 6, 5]]
NONLINEARITIES = ["relu", "linear", "tanh", "sigmoid", "selu"]


def cases():
    for shape in SHAPES:
        weight = torch.empty(*shape)
        fan_in, fan_out = init._calculate_fan_in_and_fan_out(weight)
        for mode, fan in (("fan_in", fan_in), ("fan_out", fan_out)):
            for name in NONLINEARITIES:
                deviation = init.calculate_gain(name) / math.sqrt(fan)
                given = {"mode": mode, "nonlinearity": name}
                yield {"type": "KaimingNormal", "shape": shape, "parameters": given, "deviation": deviation}
                yield {"type": "KaimingUniform", "shape": shape, "parameters": given, "bound": math.sqrt(3) * deviation}
        for gain in (1, 2.5):
            deviation = gain * math.sqrt(2 / (fan_in + fan_out))
            yield {"type": "XavierNormal", "shape": shape, "parameters": {"gain": gain}, "deviation": deviation}
            yield {"type": "XavierUniform", "shape": shape, "parameters": {"gain": gain}, "bound": math.sqrt(3) * deviation}


def measured(case):
    """The same case drawn by torch.nn.init itself, to hold the formulas above against."""
    torch.manual_seed(0)
    draw = {
        "KaimingNormal": init.kaiming_normal_,
        "KaimingUniform": init.kaiming_uniform_,
        "XavierNormal": init.xavier_normal_,
        "XavierUniform": init.xavier_uniform_,
    }[case["type"]]
    drawn = torch.cat([draw(torch.empty(*case["shape"]), **case["parameters"]).flatten() for _ in range(20)])
    if "bound" in case:
        assert 0.99 < drawn.abs().max() / case["bound"] <= 1.000001, case
    else:
        assert abs(drawn.std() / case["deviation"] - 1) < 0.05, case
    return case


def main():
    fixtures = {"torch": torch.__version__.split("+")[0], "cases": [measured(case) for case in cases()]}
    lines = json.dumps(fixtures).replace('{"type"', '\n{"type"')
    Path(__file__).with_name("fixtures.json").write_text(lines + "\n")


if __name__ == "__main__":
    main()
