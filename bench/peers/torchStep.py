"""Times a training step of a model in PyTorch: python torchStep.py MODEL THREADS SECONDS < shared.json

Reads the initial weights and the batch that the benchmark's page has; prints one JSON object.
"""

import json
import sys
import time

import torch
from torch import nn


class Rows(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(28, 64, batch_first=True)
        self.fc = nn.Linear(64, 10)

    def forward(self, x):
        return self.fc(self.lstm(x.reshape(-1, 28, 28))[0][:, -1])


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2))
        self.branch = nn.Sequential(
            nn.Conv2d(16, 16, 3, padding=1),
            nn.BatchNorm2d(16),
            nn.ReLU(),
            nn.Conv2d(16, 16, 3, padding=1),
            nn.BatchNorm2d(16),
        )
        self.head = nn.Sequential(nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(784, 10))

    def forward(self, x):
        stem = self.stem(x)
        return self.head(self.branch(stem) + stem)


MODELS = {
    "mlp": lambda: nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10)),
    "keras-cnn": lambda: nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(5408, 128), nn.ReLU(), nn.Linear(128, 10)
    ),
    "pytorch-cnn": lambda: nn.Sequential(
        nn.Conv2d(1, 6, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(1014, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10)
    ),
    "cnn-32-32-64": lambda: nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(), nn.Conv2d(32, 32, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(1600, 128), nn.ReLU(), nn.Linear(128, 10)
    ),
    "residual-cnn": Residual,
    "lstm-rows": Rows,
}


def main():
    name, threads, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    shared = json.load(sys.stdin)
    torch.set_num_threads(threads)
    model = MODELS[name]()
    with torch.no_grad():
        given = {tuple(weight["name"].rsplit(".", 1)): weight for weight in shared["weights"]}
        # Ours and PyTorch's weights come in the same order: weight and bias of one layer after another.
        for parameter, weight in zip(model.parameters(), given.values()):
            assert list(parameter.shape) == weight["shape"], (list(parameter.shape), weight["shape"])
            parameter.copy_(torch.tensor(weight["data"]).reshape(weight["shape"]))
    x = torch.tensor(shared["inputs"]).reshape(-1, *shared["sample"])
    y = torch.tensor(shared["labels"])
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)

    def step():
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        return loss

    first = step().item()
    for _ in range(3):
        step()
    # The fastest of many blocks of steps, as the benchmark's page takes it of the others.
    best, block, end = float("inf"), 1, time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        for _ in range(block):
            step()
        taken = time.perf_counter() - start
        if taken < 0.01:
            block *= 2
        else:
            best = min(best, taken / block)
    print(json.dumps({"loss": first, "ms": 1000 * best, "torch": torch.__version__}))


main()
