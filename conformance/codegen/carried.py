"""What run.mjs carries over from the engine: weights, batches and random numbers, beside a generated project."""
import itertools
import json
from pathlib import Path

import numpy as np


class Carried:
    def __init__(self, folder):
        folder = Path(folder)
        spec = json.loads((folder / "steps.json").read_text())
        self.numbers = np.fromfile(folder / "steps.f32", np.float32)
        self.batches = spec["batches"]
        # Type, name in the code, the image that was flattened before it, weights by name.
        self.layers = [
            (each["type"], each["name"], each.get("image"), {w["name"]: self.array(w) for w in each["weights"]})
            for each in spec["layers"]
        ]
        self.noise = [[self.array(each) for each in step] for step in spec["noise"]]

    def array(self, stored):
        size = int(np.prod(stored["shape"]))
        return self.numbers[stored["at"] : stored["at"] + size].reshape(stored["shape"])

    def draws(self, step):
        """The random numbers of a step, the same ones again for each pass through the model."""
        return itertools.cycle(self.noise[step])
