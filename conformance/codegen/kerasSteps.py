"""Takes the first training steps of the generated Keras project in the folder given; prints their losses as JSON.

The project's own main runs, up to fit: so model, loss and optimizer are its own. Only weights and batches are the engine's.
"""
import json
import sys

sys.path.insert(0, sys.argv[1])
import keras  # noqa: E402
import numpy as np  # noqa: E402
import train  # noqa: E402
from carried import Carried  # noqa: E402

carried = Carried(sys.argv[1])


def channels_last(weight, image):
    """Columns for the numbers of an image in the order in which Keras flattens it."""
    if not image:
        return weight
    return weight.reshape(-1, *image).transpose(0, 2, 3, 1).reshape(len(weight), -1)


def linear(w, image):
    return [channels_last(w["weight"], image).T, *bias(w)]


def bias(w, name="bias"):
    return [w[name]] if name in w else []


def spatial_first(weight):
    return weight.transpose(*range(2, weight.ndim), 1, 0)


def separable(w):
    depthwise = w["0.weight"].transpose(2, 3, 0, 1)
    return [depthwise, spatial_first(w["1.weight"]), *bias(w, "1.bias")]


def lstm(w):
    """One bias where PyTorch has two that are added up."""
    return [
        part
        for end in ("", "_reverse")
        if f"weight_ih_l0{end}" in w
        for part in (
            w[f"weight_ih_l0{end}"].T,
            w[f"weight_hh_l0{end}"].T,
            w[f"bias_ih_l0{end}"] + w[f"bias_hh_l0{end}"],
        )
    ]


def gru(w, image):
    """Update and reset gate the other way round."""

    def ordered(gates):
        reset, update, new = np.split(gates, 3)
        return np.concatenate([update, reset, new])

    biases = np.stack([ordered(w["bias_ih_l0"]), ordered(w["bias_hh_l0"])])
    return [ordered(channels_last(w["weight_ih_l0"], image)).T, ordered(w["weight_hh_l0"]).T, biases]


CONVERT = {
    "Linear": linear,
    "Conv2d": lambda w, _: [spatial_first(w["weight"]), *bias(w)],
    "ConvTranspose2d": lambda w, _: [spatial_first(w["weight"]), *bias(w)],
    "SeparableConv2d": lambda w, _: separable(w),
    "BatchNorm2d": lambda w, _: [w["weight"], w["bias"], w["running_mean"], w["running_var"]],
    "Embedding": lambda w, _: [w["weight"]],
    "LSTM": lambda w, _: lstm(w),
    "GRU": gru,
}


def first_steps(model, inputs, targets, callbacks=(), **_):
    assert not callbacks, "callbacks are not carried over to single steps"
    own = [layer for layer in model.layers if layer.weights]
    assert len(own) == len(carried.layers), f"{len(own)} layers with weights, the engine has {len(carried.layers)}"
    for layer, (kind, _, image, weights) in zip(own, carried.layers):
        layer.set_weights(CONVERT[kind](weights, image))
    losses = []
    for batch in carried.batches:
        model.reset_metrics()
        losses.append(float(model.train_on_batch(inputs[batch], targets[batch], return_dict=True)["loss"]))
    print(json.dumps(losses))
    raise SystemExit


keras.Model.fit = first_steps
sys.argv = ["train.py"]
train.main()
