"""Makes fixtures.json: what PyTorch's layers give for small inputs, with their weights.

Run with Python where PyTorch is installed: python conformance/layers/make_fixtures.py
"""

import json
import math
import zlib
from pathlib import Path

import torch
from torch import nn

BATCH = 3


class Last(nn.Module):
    """The state of a recurrent layer after the last step (of both directions), or all states."""

    def __init__(self, layer, last=True):
        super().__init__()
        self.layer = layer
        self.last = last

    def forward(self, x):
        states, last = self.layer(x)
        if not self.last:
            return states
        last = last[0] if isinstance(last, tuple) else last
        return torch.cat(tuple(last[-2:]), dim=1) if self.layer.bidirectional else last[-1]


class Packed(nn.Module):
    """The same over sequences of different lengths, told by a mask with their filling at the end."""

    def __init__(self, layer, last=True):
        super().__init__()
        self.layer = layer
        self.last = last

    def forward(self, x, mask):
        lengths = (mask != 0).sum(dim=1)
        packed = nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        states, last = self.layer(packed)
        if not self.last:
            return nn.utils.rnn.pad_packed_sequence(states, batch_first=True, total_length=x.shape[1])[0]
        last = last[0] if isinstance(last, tuple) else last
        return torch.cat(tuple(last[-2:]), dim=1) if self.layer.bidirectional else last[-1]


class Attention(nn.Module):
    def __init__(self, layer, causal=False):
        super().__init__()
        self.layer = layer
        self.causal = causal

    def forward(self, x, memory=None, real=None):
        memory = x if memory is None else memory
        mask = torch.triu(torch.full((x.shape[1], memory.shape[1]), float("-inf")), diagonal=1) if self.causal else None
        padding = None if real is None else torch.zeros_like(real).masked_fill(real == 0, float("-inf"))
        return self.layer(x, memory, memory, need_weights=False, attn_mask=mask, key_padding_mask=padding)[0]


class RotaryAttention(Attention):
    """With queries and keys of each head turned by `rotary`, and the formula of Vaswani et al. 2017 written out."""

    def __init__(self, layer, base, causal=False):
        super().__init__(layer, causal)
        self.base = base

    def forward(self, x, memory=None, real=None):
        memory = x if memory is None else memory
        heads = self.layer.num_heads
        size = self.layer.embed_dim // heads
        biases = [0, 0, 0] if self.layer.in_proj_bias is None else self.layer.in_proj_bias.chunk(3)
        parts = zip((x, memory, memory), self.layer.in_proj_weight.chunk(3), biases)
        query, key, value = [given @ weight.T + bias for given, weight, bias in parts]
        outputs = []
        for head in range(heads):
            columns = slice(head * size, (head + 1) * size)
            turned = [rotary(part[..., columns], self.base) for part in (query, key)]
            scores = turned[0] @ turned[1].transpose(1, 2) / math.sqrt(size)
            if self.causal:
                scores = scores + torch.triu(torch.full_like(scores, float("-inf")), diagonal=1)
            if real is not None:
                scores = scores.masked_fill(real[:, None] == 0, float("-inf"))
            outputs.append(scores.softmax(dim=-1) @ value[..., columns])
        return self.layer.out_proj(torch.cat(outputs, dim=-1))


class Encoder(nn.Module):
    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, x, real):
        return self.layer(x, src_key_padding_mask=real == 0)


class Decoder(nn.Module):
    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, target, memory, *masks):
        steps = target.shape[1]
        ahead = torch.ones(steps, steps, dtype=torch.bool).triu(1)
        padding = [real == 0 for real in masks]
        # A mask alone is that of the memory.
        names = ["tgt_key_padding_mask", "memory_key_padding_mask"][2 - len(padding) :]
        return self.layer(target, memory, tgt_mask=ahead, **dict(zip(names, padding)))


class Positions(nn.Module):
    def __init__(self, steps, features):
        super().__init__()
        self.layer = nn.Embedding(steps, features)

    def forward(self, x):
        return x + self.layer.weight


def sinusoids(x):
    """The encoding of Vaswani et al. 2017, element by element."""
    steps, features = x.shape[1:]
    places = [[t / 10000 ** (2 * (i // 2) / features) for i in range(features)] for t in range(steps)]
    waves = [[math.cos(a) if i % 2 else math.sin(a) for i, a in enumerate(row)] for row in places]
    return x + torch.tensor(waves)


def rotary(x, base=10000):
    """Su et al. 2021, pair by pair: features i and i + E/2 turn by t / base^(2i/E)."""
    _, steps, features = x.shape
    half = features // 2
    out = x.clone()
    for t in range(steps):
        for i in range(half):
            angle = t / base ** (2 * i / features)
            a, b = x[:, t, i], x[:, t, i + half]
            out[:, t, i] = a * math.cos(angle) - b * math.sin(angle)
            out[:, t, i + half] = b * math.cos(angle) + a * math.sin(angle)
    return out


class Function(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def of(self, module):
        """With the weights of a module that the function calls."""
        self.layer = module.layer
        return self

    def forward(self, *inputs):
        return self.function(*inputs)


class Formula(nn.Module):
    def __init__(self, function, **scalars):
        super().__init__()
        self.function = function
        self.layer = nn.ParameterDict({name: torch.tensor(float(value)) for name, value in scalars.items()})

    def forward(self, *inputs):
        return self.function(*inputs, self.layer)


# Weights are drawn as the layers are made here.
torch.manual_seed(0)

# Drawn beside the others, whose weights stay as they are.
with torch.random.fork_rng():
    EMBEDDING = nn.Embedding(5, 4)

# Type, our parameters, PyTorch's layer, shapes of one sample at each input.
def divergence(mean, log_variance):
    """From N(mean, exp(log_variance)) to N(0, 1), summed over the features."""
    drawn = torch.distributions.Normal(mean, (0.5 * log_variance).exp())
    normal = torch.distributions.Normal(torch.zeros_like(mean), torch.ones_like(mean))
    return torch.distributions.kl_divergence(drawn, normal).sum(dim=1, keepdim=True)


CASES = [
    ("Linear", {"outFeatures": 4}, nn.Linear(6, 4), [[6]]),
    ("Linear", {"outFeatures": 3, "bias": False}, nn.Linear(5, 3, bias=False), [[2, 5]]),
    ("Flatten", {}, nn.Flatten(), [[2, 3, 2]]),
    ("Embedding", {"embeddingDim": 4, "numEmbeddings": 5}, EMBEDDING, [[6]]),
    ("Reshape", {"shape": [4, -1]}, nn.Unflatten(1, (4, 3)), [[12]]),
    ("Permute", {"dims": [3, 1, 2]}, Function(lambda x: x.permute(0, 3, 1, 2)), [[2, 3, 4]]),
    ("Conv2d", {"outChannels": 4}, nn.Conv2d(2, 4, 3), [[2, 6, 5]]),
    (
        "Conv2d",
        {"outChannels": 6, "kernelSize": [3, 2], "stride": [2, 1], "padding": [1, 2], "groups": 2, "bias": False},
        nn.Conv2d(4, 6, (3, 2), stride=(2, 1), padding=(1, 2), groups=2, bias=False),
        [[4, 7, 6]],
    ),
    ("Conv2d", {"outChannels": 2, "dilation": [2, 2]}, nn.Conv2d(1, 2, 3, dilation=2), [[1, 7, 7]]),
    ("ConvTranspose2d", {"outChannels": 3}, nn.ConvTranspose2d(2, 3, 2, stride=2), [[2, 3, 4]]),
    (
        "ConvTranspose2d",
        {"outChannels": 4, "kernelSize": [3, 3], "padding": [1, 1], "outputPadding": [1, 0], "groups": 2},
        nn.ConvTranspose2d(2, 4, 3, stride=2, padding=1, output_padding=(1, 0), groups=2),
        [[2, 4, 3]],
    ),
    ("MaxPool2d", {}, nn.MaxPool2d(2), [[2, 5, 6]]),
    (
        "MaxPool2d",
        {"kernelSize": [3, 3], "stride": [2, 1], "padding": [1, 1], "dilation": [1, 2]},
        nn.MaxPool2d(3, stride=(2, 1), padding=1, dilation=(1, 2)),
        [[2, 6, 7]],
    ),
    (
        "AvgPool2d",
        {"kernelSize": [3, 2], "stride": [2, 2], "padding": [1, 0]},
        nn.AvgPool2d((3, 2), stride=2, padding=(1, 0)),
        [[2, 6, 7]],
    ),
    ("AdaptiveAvgPool2d", {}, nn.AdaptiveAvgPool2d(1), [[2, 5, 4]]),
    ("AdaptiveAvgPool2d", {"outputSize": [3, 2]}, nn.AdaptiveAvgPool2d((3, 2)), [[2, 6, 4]]),
    ("Upsample", {}, nn.Upsample(scale_factor=2), [[2, 2, 3]]),
    ("BatchNorm2d", {}, nn.BatchNorm2d(3), [[3, 2, 4]]),
    ("BatchNorm2d", {"momentum": 0.3, "affine": False}, nn.BatchNorm2d(2, momentum=0.3, affine=False), [[2, 2, 2]]),
    ("BatchNorm1d", {"eps": 1e-3}, nn.BatchNorm1d(5, eps=1e-3), [[5]]),
    ("BatchNorm1d", {}, nn.BatchNorm1d(3), [[3, 4]]),
    ("LayerNorm", {}, nn.LayerNorm(6), [[2, 6]]),
    (
        "LayerNorm",
        {"normalizedShape": [3, 4], "affine": False},
        nn.LayerNorm((3, 4), elementwise_affine=False),
        [[2, 3, 4]],
    ),
    ("ReLU", {}, nn.ReLU(), [[7]]),
    ("LeakyReLU", {"negativeSlope": 0.2}, nn.LeakyReLU(0.2), [[7]]),
    ("ELU", {"alpha": 0.7}, nn.ELU(0.7), [[7]]),
    ("GELU", {}, nn.GELU(), [[7]]),
    ("SiLU", {}, nn.SiLU(), [[7]]),
    ("Sigmoid", {}, nn.Sigmoid(), [[7]]),
    ("Tanh", {}, nn.Tanh(), [[7]]),
    ("Softplus", {}, nn.Softplus(), [[7]]),
    ("Softmax", {"dim": 1}, nn.Softmax(dim=1), [[3, 2, 2]]),
    ("LogSoftmax", {}, nn.LogSoftmax(dim=-1), [[5]]),
    ("ReLU6", {}, nn.ReLU6(), [[9]]),
    ("PReLU", {}, nn.PReLU(), [[7]]),
    ("PReLU", {"numParameters": 3, "init": 0.1}, nn.PReLU(3, init=0.1), [[3, 2, 2]]),
    ("SELU", {}, nn.SELU(), [[7]]),
    ("CELU", {"alpha": 0.6}, nn.CELU(0.6), [[7]]),
    ("GELU", {"approximate": "tanh"}, nn.GELU(approximate="tanh"), [[7]]),
    ("Mish", {}, nn.Mish(), [[7]]),
    ("LogSigmoid", {}, nn.LogSigmoid(), [[7]]),
    ("Softsign", {}, nn.Softsign(), [[7]]),
    ("Expression", {}, Formula(lambda x, s: x * torch.sigmoid(s["beta"] * x), beta=1), [[7]]),
    (
        "Expression",
        {"formula": "where(x > y, x - y, a * max(y, 0) ^ 2 / (b + exp(-x)))", "scalars": "a = 0.5, b = 1.5"},
        Formula(
            lambda x, y, s: torch.where(
                x > y, x - y, s["a"] * torch.maximum(y, torch.tensor(0.0)) ** 2 / (s["b"] + torch.exp(-x))
            ),
            a=0.5,
            b=1.5,
        ),
        [[3, 4], [3, 1]],
    ),
    (
        "Expression",
        {"formula": "-x^3 + 2*sqrt(pi) - (x < 0.5) + min(erf(x), cos(x)) - abs(x)**-1.5 * log(square(x) + 1e-2)", "scalars": ""},
        Function(
            lambda x: -(x**3)
            + 2 * math.sqrt(math.pi)
            - (x < 0.5).float()
            + torch.minimum(torch.erf(x), torch.cos(x))
            - torch.abs(x) ** -1.5 * torch.log(torch.square(x) + 1e-2)
        ),
        [[8]],
    ),
    ("Hardtanh", {"minVal": -0.5, "maxVal": 0.8}, nn.Hardtanh(-0.5, 0.8), [[7]]),
    ("Hardsigmoid", {}, nn.Hardsigmoid(), [[7]]),
    ("Hardswish", {}, nn.Hardswish(), [[7]]),
    ("Tanhshrink", {}, nn.Tanhshrink(), [[7]]),
    ("GLU", {"dim": 1}, nn.GLU(dim=1), [[4, 3]]),
    ("GroupNorm", {"numGroups": 2}, nn.GroupNorm(2, 6), [[6, 2, 3]]),
    ("GroupNorm", {"numGroups": 1, "affine": False}, nn.GroupNorm(1, 4, affine=False), [[4]]),
    ("InstanceNorm2d", {}, nn.InstanceNorm2d(3), [[3, 2, 4]]),
    ("InstanceNorm2d", {"affine": True, "eps": 1e-3}, nn.InstanceNorm2d(2, eps=1e-3, affine=True), [[2, 3, 3]]),
    ("RMSNorm", {}, nn.RMSNorm(6), [[2, 6]]),
    ("RMSNorm", {"normalizedShape": [3, 4], "affine": False}, nn.RMSNorm((3, 4), elementwise_affine=False), [[2, 3, 4]]),
    ("LocalResponseNorm", {"size": 2, "alpha": 0.5}, nn.LocalResponseNorm(2, alpha=0.5), [[5, 2, 2]]),
    ("LocalResponseNorm", {"size": 3, "beta": 0.5, "k": 2}, nn.LocalResponseNorm(3, beta=0.5, k=2), [[4, 3]]),
    ("Conv1d", {"outChannels": 4}, nn.Conv1d(2, 4, 3), [[2, 6]]),
    (
        "Conv1d",
        {"outChannels": 6, "kernelSize": [2], "stride": [2], "padding": [1], "dilation": [2], "groups": 2, "bias": False},
        nn.Conv1d(4, 6, 2, stride=2, padding=1, dilation=2, groups=2, bias=False),
        [[4, 7]],
    ),
    ("Conv1d", {"outChannels": 3, "kernelSize": [4], "padding": "same"}, nn.Conv1d(2, 3, 4, padding="same"), [[2, 5]]),
    (
        "Conv1d",
        {"outChannels": 3, "padding": [2], "paddingMode": "circular"},
        nn.Conv1d(2, 3, 3, padding=2, padding_mode="circular"),
        [[2, 5]],
    ),
    (
        "Conv2d",
        {"outChannels": 2, "kernelSize": [2, 3], "padding": "same", "dilation": [1, 2]},
        nn.Conv2d(2, 2, (2, 3), padding="same", dilation=(1, 2)),
        [[2, 4, 5]],
    ),
    ("Conv2d", {"outChannels": 2, "padding": "valid"}, nn.Conv2d(2, 2, 3, padding="valid"), [[2, 4, 5]]),
    (
        "Conv2d",
        {"outChannels": 2, "padding": [1, 2], "stride": [1, 2], "paddingMode": "reflect"},
        nn.Conv2d(2, 2, 3, padding=(1, 2), stride=(1, 2), padding_mode="reflect"),
        [[2, 4, 5]],
    ),
    (
        "Conv2d",
        {"outChannels": 2, "padding": [2, 0], "paddingMode": "replicate"},
        nn.Conv2d(2, 2, 3, padding=(2, 0), padding_mode="replicate"),
        [[2, 4, 3]],
    ),
    (
        "Conv2d",
        {"outChannels": 2, "kernelSize": [4, 3], "padding": "same", "paddingMode": "circular"},
        nn.Conv2d(2, 2, (4, 3), padding="same", padding_mode="circular"),
        [[2, 4, 3]],
    ),
    ("Conv3d", {"outChannels": 3}, nn.Conv3d(2, 3, 3), [[2, 3, 4, 3]]),
    (
        "Conv3d",
        {
            "outChannels": 4,
            "kernelSize": [2, 3, 1],
            "stride": [2, 1, 2],
            "padding": [1, 0, 1],
            "dilation": [1, 1, 1],
            "groups": 2,
            "bias": False,
        },
        nn.Conv3d(2, 4, (2, 3, 1), stride=(2, 1, 2), padding=(1, 0, 1), groups=2, bias=False),
        [[2, 3, 4, 3]],
    ),
    (
        "Conv3d",
        {"outChannels": 2, "padding": [1, 1, 1], "dilation": [2, 1, 1], "paddingMode": "replicate"},
        nn.Conv3d(1, 2, 3, padding=1, dilation=(2, 1, 1), padding_mode="replicate"),
        [[1, 3, 3, 3]],
    ),
    ("ConvTranspose1d", {"outChannels": 3}, nn.ConvTranspose1d(2, 3, 2, stride=2), [[2, 4]]),
    (
        "ConvTranspose1d",
        {"outChannels": 4, "kernelSize": [3], "padding": [1], "outputPadding": [1], "groups": 2},
        nn.ConvTranspose1d(2, 4, 3, stride=2, padding=1, output_padding=1, groups=2),
        [[2, 4]],
    ),
    (
        "ConvTranspose3d",
        {"outChannels": 2, "kernelSize": [3, 2, 2], "padding": [1, 0, 0], "outputPadding": [1, 0, 1]},
        nn.ConvTranspose3d(2, 2, (3, 2, 2), stride=2, padding=(1, 0, 0), output_padding=(1, 0, 1)),
        [[2, 2, 2, 2]],
    ),
    (
        "SeparableConv2d",
        {"outChannels": 3, "padding": [1, 1]},
        nn.Sequential(nn.Conv2d(2, 2, 3, padding=1, groups=2, bias=False), nn.Conv2d(2, 3, 1)),
        [[2, 4, 5]],
    ),
    ("MaxPool1d", {}, nn.MaxPool1d(2), [[2, 5]]),
    (
        "MaxPool1d",
        {"kernelSize": [3], "stride": [2], "padding": [1], "dilation": [2]},
        nn.MaxPool1d(3, stride=2, padding=1, dilation=2),
        [[2, 9]],
    ),
    ("AvgPool1d", {"kernelSize": [3], "stride": [2], "padding": [1]}, nn.AvgPool1d(3, stride=2, padding=1), [[2, 7]]),
    (
        "MaxPool1d",
        {"kernelSize": [3], "stride": [2], "ceilMode": True},
        nn.MaxPool1d(3, stride=2, ceil_mode=True),
        [[2, 8]],
    ),
    (
        "MaxPool2d",
        {"kernelSize": [3, 2], "stride": [2, 3], "padding": [1, 0], "dilation": [1, 2], "ceilMode": True},
        nn.MaxPool2d((3, 2), stride=(2, 3), padding=(1, 0), dilation=(1, 2), ceil_mode=True),
        [[2, 6, 7]],
    ),
    ("MaxPool3d", {}, nn.MaxPool3d(2), [[2, 4, 5, 4]]),
    (
        "MaxPool3d",
        {"kernelSize": [3, 2, 2], "stride": [2, 1, 2], "padding": [1, 0, 1], "dilation": [1, 2, 1], "ceilMode": True},
        nn.MaxPool3d((3, 2, 2), stride=(2, 1, 2), padding=(1, 0, 1), dilation=(1, 2, 1), ceil_mode=True),
        [[2, 4, 4, 5]],
    ),
    (
        "AvgPool1d",
        {"kernelSize": [4], "stride": [3], "padding": [2], "ceilMode": True, "countIncludePad": False},
        nn.AvgPool1d(4, stride=3, padding=2, ceil_mode=True, count_include_pad=False),
        [[2, 7]],
    ),
    (
        "AvgPool2d",
        {"kernelSize": [3, 3], "stride": [2, 2], "padding": [1, 1], "ceilMode": True},
        nn.AvgPool2d(3, stride=2, padding=1, ceil_mode=True),
        [[2, 6, 7]],
    ),
    (
        "AvgPool2d",
        {"kernelSize": [3, 2], "stride": [2, 1], "padding": [1, 1], "countIncludePad": False},
        nn.AvgPool2d((3, 2), stride=(2, 1), padding=1, count_include_pad=False),
        [[2, 5, 4]],
    ),
    ("AvgPool3d", {}, nn.AvgPool3d(2), [[2, 4, 5, 4]]),
    (
        "AvgPool3d",
        {"kernelSize": [3, 2, 2], "stride": [2, 1, 2], "padding": [1, 0, 1], "ceilMode": True, "countIncludePad": False},
        nn.AvgPool3d((3, 2, 2), stride=(2, 1, 2), padding=(1, 0, 1), ceil_mode=True, count_include_pad=False),
        [[2, 4, 3, 4]],
    ),
    ("AdaptiveAvgPool1d", {"outputSize": [3]}, nn.AdaptiveAvgPool1d(3), [[2, 6]]),
    ("AdaptiveMaxPool2d", {}, nn.AdaptiveMaxPool2d(1), [[2, 5, 4]]),
    ("AdaptiveMaxPool2d", {"outputSize": [3, 2]}, nn.AdaptiveMaxPool2d((3, 2)), [[2, 5, 5]]),
    ("AdaptiveAvgPool2d", {"outputSize": [3, 2]}, nn.AdaptiveAvgPool2d((3, 2)), [[2, 5, 7]]),
    ("AdaptiveAvgPool1d", {"outputSize": [3]}, nn.AdaptiveAvgPool1d(3), [[2, 7]]),
    ("Upsample", {"mode": "bilinear"}, nn.Upsample(scale_factor=2, mode="bilinear"), [[2, 3, 4]]),
    (
        "Upsample",
        {"scaleFactor": 3, "mode": "bilinear", "alignCorners": True},
        nn.Upsample(scale_factor=3, mode="bilinear", align_corners=True),
        [[2, 3, 2]],
    ),
    ("AdaptiveMaxPool2d", {"outputSize": [3, 2]}, nn.AdaptiveMaxPool2d((3, 2)), [[2, 6, 4]]),
    ("PixelShuffle", {}, nn.PixelShuffle(2), [[8, 2, 3]]),
    ("ZeroPad2d", {"padding": [0, 2, 1, 0]}, nn.ZeroPad2d((0, 2, 1, 0)), [[2, 3, 3]]),
    ("Bilinear", {"outFeatures": 4}, nn.Bilinear(3, 2, 4), [[3], [2]]),
    ("LSTM", {"hiddenSize": 4}, Last(nn.LSTM(3, 4, batch_first=True)), [[5, 3]]),
    ("LSTM", {"hiddenSize": 2, "output": "sequence"}, Last(nn.LSTM(3, 2, batch_first=True), False), [[4, 3]]),
    ("GRU", {"hiddenSize": 4}, Last(nn.GRU(3, 4, batch_first=True)), [[5, 3]]),
    ("GRU", {"hiddenSize": 2, "output": "sequence"}, Last(nn.GRU(3, 2, batch_first=True), False), [[4, 3]]),
    ("RNN", {"hiddenSize": 4}, Last(nn.RNN(3, 4, batch_first=True)), [[5, 3]]),
    (
        "RNN",
        {"hiddenSize": 3, "nonlinearity": "relu"},
        Last(nn.RNN(3, 3, batch_first=True, nonlinearity="relu")),
        [[4, 3]],
    ),
    (
        "LSTM",
        {"hiddenSize": 2, "numLayers": 2, "bidirectional": True},
        Last(nn.LSTM(3, 2, num_layers=2, bidirectional=True, batch_first=True)),
        [[4, 3]],
    ),
    (
        "GRU",
        {"hiddenSize": 3, "numLayers": 2, "output": "sequence"},
        Last(nn.GRU(2, 3, num_layers=2, batch_first=True), False),
        [[4, 2]],
    ),
    (
        "RNN",
        {"hiddenSize": 2, "bidirectional": True, "output": "sequence"},
        Last(nn.RNN(3, 2, bidirectional=True, batch_first=True), False),
        [[3, 3]],
    ),
    ("MultiheadAttention", {"numHeads": 2}, Attention(nn.MultiheadAttention(4, 2, batch_first=True)), [[3, 4]]),
    (
        "MultiheadAttention",
        {"numHeads": 3, "causal": True, "bias": False},
        Attention(nn.MultiheadAttention(6, 3, bias=False, batch_first=True), causal=True),
        [[4, 6]],
    ),
    (
        "MultiheadAttention",
        {"numHeads": 1},
        Attention(nn.MultiheadAttention(4, 1, batch_first=True)),
        [[2, 4], [5, 4]],
    ),
    (
        "TransformerEncoderLayer",
        {"nhead": 2, "dimFeedforward": 5, "dropout": 0},
        nn.TransformerEncoderLayer(4, 2, 5, dropout=0, batch_first=True),
        [[3, 4]],
    ),
    (
        "TransformerEncoderLayer",
        {"nhead": 1, "dimFeedforward": 3, "dropout": 0, "activation": "gelu", "normFirst": True},
        nn.TransformerEncoderLayer(4, 1, 3, dropout=0, activation="gelu", batch_first=True, norm_first=True),
        [[2, 4]],
    ),
    (
        "TransformerDecoderLayer",
        {"nhead": 2, "dimFeedforward": 5, "dropout": 0},
        Decoder(nn.TransformerDecoderLayer(4, 2, 5, dropout=0, batch_first=True)),
        [[3, 4], [2, 4]],
    ),
    ("PositionalEncoding", {}, Function(sinusoids), [[5, 6]]),
    ("PositionEmbedding", {}, Positions(3, 4), [[3, 4]]),
    ("RotaryEncoding", {}, Function(rotary), [[5, 6]]),
    ("RotaryEncoding", {"base": 100}, Function(lambda x: rotary(x, 100)), [[4, 2]]),
    ("Add", {}, Function(lambda a, b, c: a + b + c), [[2, 3], [2, 3], [2, 3]]),
    ("Subtract", {}, Function(torch.sub), [[3], [3]]),
    ("Multiply", {}, Function(torch.mul), [[3, 2, 2], [3, 1, 1]]),
    ("Maximum", {}, Function(torch.maximum), [[3], [3]]),
    ("Minimum", {}, Function(torch.minimum), [[3], [3]]),
    ("Stack", {}, Function(lambda a, b: torch.stack([a, b], dim=1)), [[3], [3]]),
    ("Stack", {"dim": -1}, Function(lambda a, b, c: torch.stack([a, b, c], dim=-1)), [[2, 2], [2, 2], [2, 2]]),
    ("MatMul", {}, Function(torch.matmul), [[2, 3], [3, 4]]),
    ("MatMul", {"transposeB": True}, Function(lambda a, b: a @ b.transpose(-2, -1)), [[2, 2, 3], [2, 4, 3]]),
    ("Slice", {"dim": 2, "start": 1, "length": 2}, Function(lambda x: x.narrow(2, 1, 2)), [[2, 4]]),
    ("Select", {"index": -1}, Function(lambda x: x.select(1, -1)), [[3, 2]]),
    ("Split", {}, Function(lambda x: torch.chunk(x, 2, dim=1)[0]), [[4, 2]]),
    ("Split", {}, Function(lambda x: torch.chunk(x, 2, dim=1)[1]), [[4, 2]], 1),
    ("Split", {"dim": 2}, Function(lambda x: torch.chunk(x, 2, dim=2)[1]), [[3, 4]], 1),
    ("Reparameterize", {}, Function(divergence), [[4], [4]], 1),
    ("Average", {}, Function(lambda a, b, c: (a + b + c) / 3), [[3], [3], [3]]),
    ("Concat", {"dim": -1}, Function(lambda a, b: torch.cat([a, b], dim=-1)), [[2, 3], [2, 1]]),
]


def flat(tensor):
    return [float(f"{number:.9g}") for number in tensor.detach().flatten().tolist()]


def state_of(module):
    return {
        name.removeprefix("layer."): flat(value)
        for name, value in module.state_dict().items()
        if not name.endswith("num_batches_tracked")
    }


def gradients_of(module):
    return {name.removeprefix("layer."): flat(value.grad) for name, value in module.named_parameters()}


# Masks [BATCH, steps]: with the filling at the end, and with holes.
ENDS = [[1, 1, 0, 0], [1, 1, 1, 1], [1, 0, 0, 0]]
HOLES = [[0, 1, 1, 0], [1, 0, 1, 1], [0, 0, 0, 1]]


def without_masked(layer):
    """The state after the last step, each sequence by itself with its masked steps cut out."""

    def forward(x, mask):
        lasts = [layer(x[i : i + 1, mask[i] != 0])[1] for i in range(len(x))]
        return torch.cat([last[-1] for last in lasts])

    return Function(forward).of(Last(layer))


def masked_cases():
    """Type, our parameters, PyTorch's layer, shapes, the port of each input, masks by port."""
    recurrent = ["input", "mask"]
    sizes = [[4, 3], [4]]
    return [
        ("LSTM", {"hiddenSize": 4}, Packed(nn.LSTM(3, 4, batch_first=True)), sizes, recurrent, {"mask": ENDS}),
        (
            "LSTM",
            {"hiddenSize": 3, "numLayers": 2, "bidirectional": True},
            Packed(nn.LSTM(3, 3, num_layers=2, bidirectional=True, batch_first=True)),
            sizes,
            recurrent,
            {"mask": ENDS},
        ),
        (
            "LSTM",
            {"hiddenSize": 3, "numLayers": 2, "bidirectional": True, "output": "sequence"},
            Packed(nn.LSTM(3, 3, num_layers=2, bidirectional=True, batch_first=True), last=False),
            sizes,
            recurrent,
            {"mask": ENDS},
        ),
        (
            "GRU",
            {"hiddenSize": 4, "bidirectional": True},
            Packed(nn.GRU(3, 4, bidirectional=True, batch_first=True)),
            sizes,
            recurrent,
            {"mask": ENDS},
        ),
        (
            "GRU",
            {"hiddenSize": 3, "numLayers": 2, "output": "sequence"},
            Packed(nn.GRU(3, 3, num_layers=2, batch_first=True), last=False),
            sizes,
            recurrent,
            {"mask": ENDS},
        ),
        ("GRU", {"hiddenSize": 3}, without_masked(nn.GRU(3, 3, batch_first=True)), sizes, recurrent, {"mask": HOLES}),
        (
            "RNN",
            {"hiddenSize": 3, "numLayers": 2, "bidirectional": True, "nonlinearity": "relu"},
            Packed(nn.RNN(3, 3, num_layers=2, bidirectional=True, nonlinearity="relu", batch_first=True)),
            sizes,
            recurrent,
            {"mask": ENDS},
        ),
        (
            "RNN",
            {"hiddenSize": 4, "output": "sequence", "bidirectional": True},
            Packed(nn.RNN(3, 4, bidirectional=True, batch_first=True), last=False),
            sizes,
            recurrent,
            {"mask": ENDS},
        ),
        ("RNN", {"hiddenSize": 3}, without_masked(nn.RNN(3, 3, batch_first=True)), sizes, recurrent, {"mask": HOLES}),
        ("PaddingMask", {}, Function(lambda ids: (ids != 0).float()), [[4]], ["input"], {"input": [[3, 1, 0, 0]] * 3}),
        (
            "PaddingMask",
            {"paddingValue": 1},
            Function(lambda x: (x != 1).any(dim=-1).float()),
            [[4, 2]],
            ["input"],
            {"input": [[[1, 1], [1, 2], [0, 1], [1, 1]]] * 3},
        ),
    ]


def attention_cases():
    torch.manual_seed(2)
    attention = [
        Attention(nn.MultiheadAttention(6, 2, batch_first=True)),
        Attention(nn.MultiheadAttention(4, 2, bias=False, batch_first=True), causal=True),
        Attention(nn.MultiheadAttention(6, 3, batch_first=True)),
        RotaryAttention(nn.MultiheadAttention(8, 2, bias=False, batch_first=True), 10000),
        RotaryAttention(nn.MultiheadAttention(6, 3, batch_first=True), 100),
        RotaryAttention(nn.MultiheadAttention(4, 1, batch_first=True), 10000, causal=True),
    ]
    return [
        (
            "MultiheadAttention",
            {"numHeads": 2},
            Function(lambda x, real: attention[0](x, None, real)).of(attention[0]),
            [[4, 6], [4]],
            ["inputs", "keyMask"],
            {"keyMask": ENDS},
        ),
        (
            "MultiheadAttention",
            {"numHeads": 2, "causal": True, "bias": False},
            Function(lambda x, real: attention[1](x, None, real)).of(attention[1]),
            [[4, 4], [4]],
            ["inputs", "keyMask"],
            {"keyMask": HOLES},
        ),
        (
            "MultiheadAttention",
            {"numHeads": 3},
            attention[2],
            [[2, 6], [4, 6], [4]],
            ["inputs", "inputs", "keyMask"],
            {"keyMask": HOLES},
        ),
        (
            "MultiheadAttention",
            {"numHeads": 2, "rotary": True, "bias": False},
            attention[3],
            [[5, 8]],
            ["inputs"],
            {"none": []},
        ),
        (
            "MultiheadAttention",
            {"numHeads": 3, "rotary": True, "rotaryBase": 100},
            attention[4],
            [[3, 6], [5, 6]],
            ["inputs", "inputs"],
            {"none": []},
        ),
        (
            "MultiheadAttention",
            {"numHeads": 1, "rotary": True, "causal": True},
            Function(lambda x, real: attention[5](x, None, real)).of(attention[5]),
            [[4, 4], [4]],
            ["inputs", "keyMask"],
            {"keyMask": ENDS},
        ),
        (
            "TransformerEncoderLayer",
            {"nhead": 2, "dimFeedforward": 7, "dropout": 0},
            Encoder(nn.TransformerEncoderLayer(6, 2, 7, dropout=0, batch_first=True)),
            [[4, 6], [4]],
            ["input", "mask"],
            {"mask": ENDS},
        ),
        (
            "TransformerDecoderLayer",
            {"nhead": 2, "dimFeedforward": 5, "dropout": 0},
            Decoder(nn.TransformerDecoderLayer(4, 2, 5, dropout=0, batch_first=True)),
            [[4, 4], [4, 4], [4], [4]],
            ["target", "memory", "targetMask", "memoryMask"],
            {"targetMask": ENDS, "memoryMask": HOLES},
        ),
        (
            "TransformerDecoderLayer",
            {"nhead": 2, "dimFeedforward": 5, "dropout": 0, "normFirst": True},
            Decoder(nn.TransformerDecoderLayer(4, 2, 5, dropout=0, batch_first=True, norm_first=True)),
            [[3, 4], [4, 4], [4]],
            ["target", "memory", "memoryMask"],
            {"memoryMask": ENDS},
        ),
    ]


def resizing_cases():
    cases = [
        ("Upsample", {"scaleFactor": 3}, nn.Upsample(scale_factor=3), [[2, 3]]),
        ("Upsample", {"mode": "linear"}, nn.Upsample(scale_factor=2, mode="linear"), [[2, 4]]),
        (
            "Upsample",
            {"scaleFactor": 3, "mode": "linear", "alignCorners": True},
            nn.Upsample(scale_factor=3, mode="linear", align_corners=True),
            [[1, 3]],
        ),
        ("Upsample", {}, nn.Upsample(scale_factor=2), [[2, 2, 1, 3]]),
        ("Upsample", {"mode": "trilinear"}, nn.Upsample(scale_factor=2, mode="trilinear"), [[1, 2, 3, 2]]),
        (
            "Upsample",
            {"mode": "trilinear", "alignCorners": True},
            nn.Upsample(scale_factor=2, mode="trilinear", align_corners=True),
            [[1, 2, 1, 3]],
        ),
        (
            "AvgPool2d",
            {"kernelSize": [3, 2], "stride": [2, 1], "padding": [1, 0], "ceilMode": True, "divisorOverride": 5},
            nn.AvgPool2d((3, 2), stride=(2, 1), padding=(1, 0), ceil_mode=True, divisor_override=5),
            [[2, 4, 3]],
        ),
        (
            "AvgPool3d",
            {"kernelSize": [2, 1, 2], "padding": [1, 0, 0], "countIncludePad": False, "divisorOverride": 3},
            nn.AvgPool3d((2, 1, 2), padding=(1, 0, 0), count_include_pad=False, divisor_override=3),
            [[1, 3, 2, 4]],
        ),
    ]
    return [(*case, None, None) for case in cases]


def seed_of(*case):
    """A seed of each case's own: a case added leaves the others' numbers as they are."""
    return zlib.crc32(json.dumps(case).encode())


def layer_case(kind, parameters, module, shapes, output=0, ports=None, given=None):
    torch.manual_seed(seed_of(kind, parameters, shapes, *([output] if output else [])))
    inputs = [torch.randn(BATCH, *shape) for shape in shapes]
    if given:
        inputs = [torch.tensor(given[port]) if port in given else x for port, x in zip(ports, inputs)]
        inputs = [x if kind == "PaddingMask" and x.ndim == 2 else x.float() for x in inputs]
    if kind == "Embedding":
        inputs = [torch.randint(module.num_embeddings, (BATCH, *shape)) for shape in shapes]
    with torch.no_grad():
        for name, value in module.named_parameters():
            if value.ndim == 1:
                value.add_(0.3 * torch.randn_like(value))
        for name, value in module.named_buffers():
            if name.startswith("running"):
                value.copy_(torch.rand_like(value) + 0.5)
        weights = state_of(module)
        module.eval()
        evaluated = module(*inputs)
    module.train()
    for tensor in inputs:
        tensor.requires_grad_(tensor.is_floating_point())
    trained = module(*inputs)
    if trained.requires_grad:
        (trained * direction(trained)).sum().backward()
    return {
        "layer": kind,
        "parameters": parameters,
        "shapes": shapes,
        # Which output port the numbers are of; the first where it is not said.
        **({"output": output} if output else {}),
        # The port of each input, where some are optional, and whether these are ids.
        **({"ports": ports} if ports else {}),
        **({} if inputs[0].is_floating_point() else {"ids": True}),
        "inputs": [flat(tensor.detach()) for tensor in inputs],
        "weights": weights,
        "evaluate": flat(evaluated),
        "train": flat(trained.detach()),
        "gradients": {
            "inputs": [flat(tensor.grad) if tensor.grad is not None else None for tensor in inputs],
            "weights": gradients_of(module),
        },
        "after": {name: value for name, value in state_of(module).items() if name.startswith("running")},
    }


def direction(tensor):
    """What the output is multiplied with, element by element, to make a loss of it: cos(0), cos(1), ..."""
    return torch.cos(torch.arange(tensor.numel(), dtype=torch.float32)).reshape(tensor.shape)


def main():
    fixtures = {
        "torch": torch.__version__.split("+")[0],
        "batch": BATCH,
        "layers": [layer_case(*case) for case in CASES]
        + [layer_case(*case[:4], ports=case[4], given=case[5]) for case in masked_cases() + attention_cases() + resizing_cases()],
    }
    lines = json.dumps(fixtures).replace('{"layer"', '\n{"layer"')
    Path(__file__).with_name("fixtures.json").write_text(lines + "\n")


if __name__ == "__main__":
    main()
