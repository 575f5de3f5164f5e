"""Makes fixtures.bin.gz: training runs of PyTorch, step by step, for `gradloom verify curves`.

Run with Python where PyTorch 2.13 is installed: python conformance/curves/make_fixtures.py
Data are the shipped MNIST. The file is one gzip stream: the length of a JSON header (uint32, little-endian), the header,
then float32 numbers, of which the header names places and counts.

A run is free or forced. A free one has PyTorch's loss of every step from the first weights on. A forced one ("teacher
forcing") also has the gradient of every step: its weights go w - lr * g, each operation rounded to float32, so that
whoever reads the file has PyTorch's exact weights of every step without their being stored.
"""

import gzip
import json
import struct
from pathlib import Path

import torch
from torch import nn

ROOT = Path(__file__).resolve().parents[2]
BATCH = 32


def mnist(part):
    """Images [N, 1, 28, 28] in [0, 1] and labels [N] of the shipped MNIST."""
    folder = ROOT / "public" / "datasets" / "mnist"
    pixels = gzip.decompress((folder / f"{part}-images-idx3-ubyte.gz").read_bytes())[16:]
    labels = gzip.decompress((folder / f"{part}-labels-idx1-ubyte.gz").read_bytes())[8:]
    images = torch.frombuffer(bytearray(pixels), dtype=torch.uint8).reshape(-1, 1, 28, 28)
    # Bytes times float32(1/255), as the engine has it.
    return images.float() * torch.tensor(1 / 255), torch.frombuffer(bytearray(labels), dtype=torch.uint8).long()


class Last(nn.Module):
    """The last state of a recurrent layer; its weights keep their names."""

    def __init__(self, cell):
        super().__init__()
        self.cell = cell

    def forward(self, x):
        return self.cell(x)[0][:, -1]


class SelfAttention(nn.Module):
    def __init__(self, cell):
        super().__init__()
        self.cell = cell

    def forward(self, x):
        return self.cell(x, x, x, need_weights=False)[0]


class Function(nn.Module):
    def __init__(self, call):
        super().__init__()
        self.call = call

    def forward(self, *inputs):
        return self.call(*inputs)


class Net(nn.Module):
    """Layers as (type, parameters, module) or (type, parameters, module, numbers of the layers that feed it).

    Layer k is node nk of the document, the input n0. A layer without numbers takes the one before it.
    """

    def __init__(self, layers):
        super().__init__()
        self.feeds = []
        for i, (_, _, module, *feeds) in enumerate(layers):
            self.add_module(f"n{i + 1}", module)
            self.feeds.append(feeds[0] if feeds else [i])

    def forward(self, x):
        values = [x]
        for i, feeds in enumerate(self.feeds):
            values.append(self.get_submodule(f"n{i + 1}")(*[values[k] for k in feeds]))
        return values[-1]


def smooth():
    return [
        ("Conv2d", {"outChannels": 6, "kernelSize": [5, 5]}, nn.Conv2d(1, 6, 5)),
        ("Tanh", {}, nn.Tanh()),
        ("AvgPool2d", {}, nn.AvgPool2d(2)),
        ("Flatten", {}, nn.Flatten()),
        ("Linear", {"outFeatures": 16}, nn.Linear(864, 16)),
        ("Tanh", {}, nn.Tanh()),
        ("Linear", {"outFeatures": 10}, nn.Linear(16, 10)),
    ]


def relu_maxpool():
    return [
        ("Conv2d", {"outChannels": 6}, nn.Conv2d(1, 6, 3)),
        ("ReLU", {}, nn.ReLU()),
        ("MaxPool2d", {}, nn.MaxPool2d(2)),
        ("Conv2d", {"outChannels": 8}, nn.Conv2d(6, 8, 3)),
        ("ReLU", {}, nn.ReLU()),
        ("MaxPool2d", {"kernelSize": [3, 3], "stride": [2, 2]}, nn.MaxPool2d(3, stride=2)),
        ("MaxPool2d", {}, nn.MaxPool2d(2)),
        ("Flatten", {}, nn.Flatten()),
        ("Linear", {"outFeatures": 10}, nn.Linear(32, 10)),
    ]


def convolutions():
    # Channels enough for kernels that transform tiles (Winograd).
    return [
        ("Conv2d", {"outChannels": 8}, nn.Conv2d(1, 8, 3)),
        ("Tanh", {}, nn.Tanh()),
        ("AvgPool2d", {}, nn.AvgPool2d(2)),
        ("Conv2d", {"outChannels": 8}, nn.Conv2d(8, 8, 3)),
        ("Tanh", {}, nn.Tanh()),
        ("Conv2d", {"outChannels": 16, "padding": [1, 1]}, nn.Conv2d(8, 16, 3, padding=1)),
        ("ReLU", {}, nn.ReLU()),
        ("AvgPool2d", {"kernelSize": [5, 5], "stride": [5, 5]}, nn.AvgPool2d(5)),
        ("Flatten", {}, nn.Flatten()),
        ("Linear", {"outFeatures": 10}, nn.Linear(64, 10)),
    ]


def lstm():
    return [
        ("AvgPool2d", {}, nn.AvgPool2d(2)),
        ("Reshape", {"shape": [14, 14]}, nn.Flatten(1, 2)),
        ("LSTM", {"hiddenSize": 8}, Last(nn.LSTM(14, 8, batch_first=True))),
        ("Linear", {"outFeatures": 10}, nn.Linear(8, 10)),
    ]


def gru():
    return [
        ("AvgPool2d", {}, nn.AvgPool2d(2)),
        ("Reshape", {"shape": [14, 14]}, nn.Flatten(1, 2)),
        ("GRU", {"hiddenSize": 8}, Last(nn.GRU(14, 8, batch_first=True))),
        ("Linear", {"outFeatures": 10}, nn.Linear(8, 10)),
    ]


def autoencoder():
    return [
        ("Conv2d", {"outChannels": 4, "stride": [2, 2], "padding": [1, 1]}, nn.Conv2d(1, 4, 3, stride=2, padding=1)),
        ("ReLU", {}, nn.ReLU()),
        ("Conv2d", {"outChannels": 4, "stride": [2, 2], "padding": [1, 1]}, nn.Conv2d(4, 4, 3, stride=2, padding=1)),
        ("ConvTranspose2d", {"outChannels": 4}, nn.ConvTranspose2d(4, 4, 2, stride=2)),
        ("ReLU", {}, nn.ReLU()),
        ("ConvTranspose2d", {"outChannels": 1}, nn.ConvTranspose2d(4, 1, 2, stride=2)),
        ("Sigmoid", {}, nn.Sigmoid()),
    ]


def batch_norm():
    # Without bias: batch normalization takes it out again, and its gradient is rounding alone.
    return [
        ("Conv2d", {"outChannels": 4, "stride": [2, 2], "bias": False}, nn.Conv2d(1, 4, 3, stride=2, bias=False)),
        ("BatchNorm2d", {}, nn.BatchNorm2d(4)),
        ("Tanh", {}, nn.Tanh()),
        ("Conv2d", {"outChannels": 8, "stride": [2, 2], "bias": False}, nn.Conv2d(4, 8, 3, stride=2, bias=False)),
        ("BatchNorm2d", {}, nn.BatchNorm2d(8)),
        ("ReLU", {}, nn.ReLU()),
        ("AdaptiveAvgPool2d", {}, nn.AdaptiveAvgPool2d(1)),
        ("Flatten", {}, nn.Flatten()),
        ("Linear", {"outFeatures": 10}, nn.Linear(8, 10)),
    ]


def attention():
    return [
        ("AvgPool2d", {}, nn.AvgPool2d(2)),
        ("Reshape", {"shape": [14, 14]}, nn.Flatten(1, 2)),
        ("Linear", {"outFeatures": 8}, nn.Linear(14, 8)),
        ("LayerNorm", {"normalizedShape": [8]}, nn.LayerNorm(8)),
        ("MultiheadAttention", {"numHeads": 2}, SelfAttention(nn.MultiheadAttention(8, 2, batch_first=True))),
        ("Add", {}, Function(torch.add), [3, 5]),
        ("LayerNorm", {"normalizedShape": [8]}, nn.LayerNorm(8)),
        ("Select", {"dim": 1, "index": -1}, Function(lambda x: x[:, -1])),
        ("Linear", {"outFeatures": 10}, nn.Linear(8, 10)),
    ]


CROSS_ENTROPY = ("CrossEntropyLoss", {}, nn.CrossEntropyLoss())
RECONSTRUCTION = ("MSELoss", {"target": "input"}, nn.MSELoss())
SGD = ("SGD", lambda lr: lambda parameters: torch.optim.SGD(parameters, lr=lr))
ADAM = ("Adam", lambda lr: lambda parameters: torch.optim.Adam(parameters, lr=lr))

# Name, kind, layers, loss, optimizer, learning rate, steps. Smooth and kinked ones are free.
RUNS = [
    ("smooth SGD", "smooth", smooth, CROSS_ENTROPY, SGD, 0.05, 500),
    ("smooth Adam", "smooth", smooth, CROSS_ENTROPY, ADAM, 0.001, 500),
    ("relu-maxpool forced", "forced", relu_maxpool, CROSS_ENTROPY, SGD, 0.1, 200),
    ("relu-maxpool SGD", "kinked", relu_maxpool, CROSS_ENTROPY, SGD, 0.1, 200),
    ("convolutions forced", "forced", convolutions, CROSS_ENTROPY, SGD, 0.3, 60),
    ("lstm forced", "forced", lstm, CROSS_ENTROPY, SGD, 1.0, 100),
    ("gru forced", "forced", gru, CROSS_ENTROPY, SGD, 1.0, 100),
    ("autoencoder forced", "forced", autoencoder, RECONSTRUCTION, SGD, 1.0, 100),
    ("batchnorm forced", "forced", batch_norm, CROSS_ENTROPY, SGD, 0.3, 100),
    ("attention forced", "forced", attention, CROSS_ENTROPY, SGD, 0.3, 100),
]


def document(layers, loss, optimizer, lr):
    """The net as a saved document; layer k is node nk."""
    chain = [("Input", {}, None), *layers, loss]
    nodes, edges = {}, {}
    for i, (kind, given, _, *feeds) in enumerate(chain):
        nodes[f"n{i}"] = {"id": f"n{i}", "type": kind, "version": 1, "parameters": given, "position": {"x": 260 * i, "y": 0}}
        for source in [] if i == 0 else feeds[0] if feeds else [i - 1]:
            name = f"e{len(edges)}"
            edges[name] = {
                "id": name,
                "source": {"node": f"n{source}", "port": "output"},
                "target": {"node": f"n{i}", "port": "inputs" if kind in ("Add", "MultiheadAttention") else "input"},
            }
    return {
        "format": "gradloom",
        "version": 1,
        "name": "curves",
        "nodes": nodes,
        "edges": edges,
        "training": {
            "optimizer": {"type": optimizer, "parameters": {"lr": lr}},
            "epochs": 1,
            "batchSize": BATCH,
            "seed": 0,
        },
        "data": {"dataset": "mnist"},
    }


class Blob:
    def __init__(self):
        self.parts, self.count = [], 0

    def add(self, tensor):
        flat = tensor.detach().float().flatten()
        at = self.count
        self.parts.append(flat.numpy().tobytes())
        self.count += flat.numel()
        return at


def run_case(blob, images, labels, name, run_kind, build, loss_layer, optimizer, lr, steps):
    torch.manual_seed(1)
    layers = build()
    net = Net(layers)
    kind, make = optimizer
    forced = run_kind == "forced"
    step = make(lr)(net.parameters())
    case = {
        "name": name,
        "kind": run_kind,
        "document": document(layers, loss_layer, kind, lr),
        "lr": lr,
        "steps": steps,
        "batchSize": BATCH,
    }
    case["weights"] = [
        {"name": key.replace(".cell.", "."), "shape": list(value.shape), "at": blob.add(value)}
        for key, value in net.named_parameters()
    ]
    # Running statistics at the start: training does not read them, but a model is not whole without them.
    case["buffers"] = [
        {"name": key, "shape": list(value.shape), "at": blob.add(value)}
        for key, value in net.named_buffers()
        if key.split(".")[-1].startswith("running")
    ]
    batches = torch.randint(0, len(images), (steps, BATCH), generator=torch.Generator().manual_seed(2))
    case["batches"] = blob.add(batches)
    losses, gradients = [], []
    for batch in batches:
        net.zero_grad()
        output = net(images[batch])
        target = images[batch] if loss_layer is RECONSTRUCTION else labels[batch]
        loss = loss_layer[2](output, target)
        loss.backward()
        losses.append(loss.item())
        if not forced:
            step.step()
            continue
        gradients += [weight.grad.clone() for weight in net.parameters()]
        with torch.no_grad():
            for weight in net.parameters():
                weight.sub_(weight.grad * lr)
    case["losses"] = blob.add(torch.tensor(losses))
    if forced:
        # Step after step, in the order of the weights.
        case["gradients"] = blob.add(torch.cat([gradient.flatten() for gradient in gradients]))
    print(f"{name}: {sum(value.numel() for value in net.parameters())} weights, loss {losses[0]:.4f} to {losses[-1]:.4f}")
    return case


def main():
    torch.set_num_threads(1)
    images, labels = mnist("train")
    blob = Blob()
    cases = [run_case(blob, images, labels, *run) for run in RUNS]
    header = json.dumps({"torch": torch.__version__.split("+")[0], "cases": cases}).encode()
    content = struct.pack("<I", len(header)) + header + b"".join(blob.parts)
    Path(__file__).with_name("fixtures.bin.gz").write_bytes(gzip.compress(content, 9, mtime=0))


if __name__ == "__main__":
    main()
