"""Holds training runs of the engine against PyTorch's: same weights, same batches, loss of every step.

    python conformance/curves/compare.py [--backend wasm] [--steps 100] [--model NAME]

Needs torch==2.13.0 and a checkout with `npm ci` done. Prints one JSON object a model and exits with 1 if a run parts
from PyTorch's by more than its bound. Smooth nets stay close for as long as one likes; in nets with ReLU and max-pooling
rounding alone makes two runs part, so those are held for their first steps only.
"""

import argparse
import gzip
import json
import pathlib
import struct
import subprocess
import sys
import tempfile

import torch
from torch import nn

ROOT = pathlib.Path(__file__).resolve().parents[2]
BATCH = 32


def mnist(part):
    """Images [N, 1, 28, 28] in [0, 1] and labels [N] of the shipped MNIST."""
    folder = ROOT / "public" / "datasets" / "mnist"
    pixels = gzip.decompress((folder / f"{part}-images-idx3-ubyte.gz").read_bytes())[16:]
    labels = gzip.decompress((folder / f"{part}-labels-idx1-ubyte.gz").read_bytes())[8:]
    images = torch.frombuffer(bytearray(pixels), dtype=torch.uint8).reshape(-1, 1, 28, 28)
    # Bytes times float32(1/255), as the engine has it.
    return images.float() * torch.tensor(1 / 255), torch.frombuffer(bytearray(labels), dtype=torch.uint8).long()


class LastStep(nn.Module):
    """An LSTM or GRU that reads the rows of an image and gives its last state."""

    def __init__(self, cell):
        super().__init__()
        self.cell = cell

    def forward(self, x):
        return self.cell(x.squeeze(1))[0][:, -1]


# Each: layers of the document (type, parameters, PyTorch's module), optimizer, how many steps are held, and the bound on
# the relative difference of the loss.
MODELS = {
    "smooth": (
        lambda: [
            ("Conv2d", {"outChannels": 6, "kernelSize": [5, 5]}, nn.Conv2d(1, 6, 5)),
            ("Tanh", {}, nn.Tanh()),
            ("AvgPool2d", {"kernelSize": [2, 2]}, nn.AvgPool2d(2)),
            ("Flatten", {}, nn.Flatten()),
            ("Linear", {"outFeatures": 32}, nn.Linear(864, 32)),
            ("Tanh", {}, nn.Tanh()),
            ("Linear", {"outFeatures": 10}, nn.Linear(32, 10)),
        ],
        500,
        2e-6,
    ),
    "relu-maxpool": (
        lambda: [
            ("Conv2d", {"outChannels": 8, "kernelSize": [3, 3]}, nn.Conv2d(1, 8, 3)),
            ("ReLU", {}, nn.ReLU()),
            ("MaxPool2d", {"kernelSize": [2, 2]}, nn.MaxPool2d(2)),
            ("Flatten", {}, nn.Flatten()),
            ("Linear", {"outFeatures": 32}, nn.Linear(1352, 32)),
            ("ReLU", {}, nn.ReLU()),
            ("Linear", {"outFeatures": 10}, nn.Linear(32, 10)),
        ],
        50,
        1e-5,
    ),
    "batchnorm": (
        lambda: [
            ("Conv2d", {"outChannels": 8, "kernelSize": [3, 3], "stride": [2, 2]}, nn.Conv2d(1, 8, 3, stride=2)),
            ("BatchNorm2d", {}, nn.BatchNorm2d(8)),
            ("Tanh", {}, nn.Tanh()),
            ("Flatten", {}, nn.Flatten()),
            ("Linear", {"outFeatures": 10}, nn.Linear(8 * 13 * 13, 10)),
        ],
        100,
        1e-5,
    ),
    "lstm": (
        lambda: [
            ("Reshape", {"shape": [28, 28]}, nn.Identity()),
            ("LSTM", {"hiddenSize": 24}, LastStep(nn.LSTM(28, 24, batch_first=True))),
            ("Linear", {"outFeatures": 10}, nn.Linear(24, 10)),
        ],
        100,
        1e-5,
    ),
    "gru": (
        lambda: [
            ("Reshape", {"shape": [28, 28]}, nn.Identity()),
            ("GRU", {"hiddenSize": 24}, LastStep(nn.GRU(28, 24, batch_first=True))),
            ("Linear", {"outFeatures": 10}, nn.Linear(24, 10)),
        ],
        100,
        1e-5,
    ),
}

OPTIMIZERS = {
    "SGD": ({"lr": 0.05}, lambda p: torch.optim.SGD(p, lr=0.05)),
    "Adam": ({"lr": 0.001}, lambda p: torch.optim.Adam(p, lr=0.001)),
}


def document(layers, optimizer, parameters):
    """The chain as a saved document; node k is called nk."""
    chain = [("Input", {})] + [(kind, given) for kind, given, _ in layers] + [("CrossEntropyLoss", {})]
    nodes = {
        f"n{i}": {"id": f"n{i}", "type": kind, "version": 1, "parameters": given, "position": {"x": 260 * i, "y": 0}}
        for i, (kind, given) in enumerate(chain)
    }
    edges = {
        f"e{i}": {
            "id": f"e{i}",
            "source": {"node": f"n{i}", "port": "output"},
            "target": {"node": f"n{i + 1}", "port": "input"},
        }
        for i in range(len(chain) - 1)
    }
    return {
        "format": "gradloom",
        "version": 1,
        "name": "curves",
        "nodes": nodes,
        "edges": edges,
        "training": {
            "optimizer": {"type": optimizer, "parameters": parameters},
            "epochs": 1,
            "batchSize": BATCH,
            "seed": 0,
        },
        "data": {"dataset": "mnist"},
    }


def write_safetensors(file, tensors):
    header, blobs, end = {}, [], 0
    for name, tensor in tensors.items():
        blob = tensor.detach().contiguous().float().numpy().tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [end, end + len(blob)]}
        blobs.append(blob)
        end += len(blob)
    text = json.dumps(header).encode()
    file.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(blobs))


def write_npy(file, table):
    rows, columns = table.shape
    header = f"{{'descr': '<i8', 'fortran_order': False, 'shape': ({rows}, {columns}), }}".ljust(117) + "\n"
    file.write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + table.numpy().tobytes())


def compare(name, optimizer, backend, most):
    build, steps, bound = MODELS[name]
    steps = min(steps, most) if most else steps
    torch.manual_seed(1)
    layers = build()
    model = nn.Sequential(*[module for _, _, module in layers])
    weights = {
        f"n{i + 1}.{key.removeprefix('cell.')}": value.clone()
        for i, (_, _, module) in enumerate(layers)
        for key, value in module.state_dict().items()
        if "num_batches" not in key
    }
    images, labels = mnist("train")
    batches = torch.randint(0, len(images), (steps, BATCH))
    given, make = OPTIMIZERS[optimizer]
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "document.json").write_text(json.dumps(document(layers, optimizer, given)))
        write_safetensors(folder / "weights.safetensors", weights)
        write_npy(folder / "batches.npy", batches)
        command = ["node", str(ROOT / "scripts" / "gradloom.mjs"), "losses", str(folder / "document.json")]
        command += ["--weights", str(folder / "weights.safetensors"), "--batches", str(folder / "batches.npy")]
        command += ["--steps", str(steps), "--backend", backend, "--json"]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    ours = [json.loads(line)["loss"] for line in output.splitlines()]
    step, loss_of = make(model.parameters()), nn.CrossEntropyLoss()
    worst, at = 0.0, 0
    for i, batch in enumerate(batches):
        step.zero_grad()
        loss = loss_of(model(images[batch]), labels[batch])
        loss.backward()
        step.step()
        difference = abs(ours[i] - loss.item()) / abs(loss.item())
        if difference > worst:
            worst, at = difference, i + 1
    result = {"model": name, "optimizer": optimizer, "backend": backend, "steps": steps}
    print(json.dumps({**result, "worst": worst, "atStep": at, "bound": bound, "ok": worst <= bound}), flush=True)
    return worst <= bound


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--backend", default="wasm")
    parser.add_argument("--steps", type=int, default=0, help="at most so many")
    parser.add_argument("--model", choices=list(MODELS))
    options = parser.parse_args()
    names = [options.model] if options.model else list(MODELS)
    good = [compare(name, optimizer, options.backend, options.steps) for name in names for optimizer in OPTIMIZERS]
    print(json.dumps({"suite": "curves", "backend": options.backend, "passed": sum(good), "failed": len(good) - sum(good)}))
    sys.exit(0 if all(good) else 1)


if __name__ == "__main__":
    main()
