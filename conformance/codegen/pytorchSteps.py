"""Takes the first training steps of the generated PyTorch project in the folder given; prints their losses as JSON.

The project's own main runs, up to its first epoch: so model, optimizer and step are its own. Only weights, batches and
random numbers are the engine's.
"""
import json
import sys

sys.path.insert(0, sys.argv[1])
import torch  # noqa: E402
import train  # noqa: E402
from carried import Carried  # noqa: E402

carried = Carried(sys.argv[1])
train_epoch = train.train_epoch


class OneBatch:
    def __init__(self, samples, batch):
        self.dataset = batch
        self.batch = samples[batch]

    def __len__(self):
        return 1

    def __iter__(self):
        yield self.batch


def draw(shape):
    if draws is None:
        # Noise of deviation 0, which the engine does not draw.
        return torch.zeros(shape)
    values = torch.from_numpy(next(draws).copy())
    assert list(values.shape) == list(shape), f"drew {list(values.shape)}, the code asks for {list(shape)}"
    return values


def first_steps(model, loader, *rest):
    global draws
    state = model.state_dict()
    with torch.no_grad():
        for _, layer, _, weights in carried.layers:
            for name, values in weights.items():
                state[f"{layer}.{name}"].copy_(torch.from_numpy(values.copy()))
    losses = []
    for step, batch in enumerate(carried.batches):
        draws = carried.draws(step) if carried.noise[step] else None
        losses.append(train_epoch(model, OneBatch(loader.dataset, batch), *rest))
    print(json.dumps(losses))
    raise SystemExit


torch.randn = lambda *shape, device=None: draw(shape)
torch.randn_like = lambda x: draw(x.shape)
train.train_epoch = first_steps
sys.argv = ["train.py"]
train.main()
