"""Makes fixtures.json: metrics of random predictions, by Keras and PyTorch.

Run with Python where Keras and PyTorch are installed: python conformance/metrics/make_fixtures.py
"""

import json
import os
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "torch")
import keras  # noqa: E402
import numpy as np  # noqa: E402
import torch  # noqa: E402


def of(metric, truth, predicted):
    metric.update_state(truth, predicted)
    return float(np.asarray(metric.result().detach() if hasattr(metric.result(), "detach") else metric.result()))


def pairs(scores, positive):
    """Share of pairs of a positive and a negative that are in order, ties counting half: the area under the ROC curve."""
    difference = scores[positive][:, None] - scores[~positive][None, :]
    return float(((difference > 0) + 0.5 * (difference == 0)).mean())


def classification(classes, count, seed):
    random = np.random.default_rng(seed)
    labels = random.integers(0, classes, count)
    logits = random.normal(size=(count, classes)) + 1.5 * np.eye(classes)[labels]
    # Few digits, so that scores tie.
    probabilities = torch.softmax(torch.tensor(logits.round(1)), 1).numpy().astype(np.float32)
    truth = np.eye(classes)[labels]
    answers = np.eye(classes)[probabilities.argmax(1)]
    per_class = [
        (of(keras.metrics.Precision(), truth[:, c], answers[:, c]), of(keras.metrics.Recall(), truth[:, c], answers[:, c]))
        for c in range(classes)
    ]
    likelihood = torch.nn.functional.nll_loss(torch.tensor(probabilities).double().log(), torch.tensor(labels))
    metrics = {
        "precisionMacro": float(np.mean([precision for precision, _ in per_class])),
        "recallMacro": float(np.mean([recall for _, recall in per_class])),
        "f1Macro": of(keras.metrics.F1Score(average="macro"), truth, answers),
        "f1Micro": of(keras.metrics.F1Score(average="micro"), truth, answers),
        "auc": float(np.mean([pairs(probabilities[:, c], labels == c) for c in range(classes)])),
        "perplexity": float(likelihood.exp()),
    }
    if classes > 5:
        metrics["top5Accuracy"] = of(keras.metrics.TopKCategoricalAccuracy(k=5), truth, probabilities)
    scores = [float(f"{number:.9g}") for number in probabilities.flatten()]
    return {"classes": classes, "labels": labels.tolist(), "scores": scores, "metrics": metrics}


def regression(width, count, seed):
    random = np.random.default_rng(seed)
    targets = random.normal(size=(count, width)).astype(np.float32)
    outputs = (0.8 * targets + 0.3 * random.normal(size=(count, width))).astype(np.float32)
    metrics = {
        "mae": of(keras.metrics.MeanAbsoluteError(), targets, outputs),
        "rmse": of(keras.metrics.RootMeanSquaredError(), targets, outputs),
        "r2": of(keras.metrics.R2Score(class_aggregation="variance_weighted_average"), targets, outputs),
    }
    numbers = [[float(f"{number:.9g}") for number in array.flatten()] for array in (targets, outputs)]
    return {"width": width, "targets": numbers[0], "outputs": numbers[1], "metrics": metrics}


def main():
    fixtures = {
        "keras": keras.__version__,
        "classification": [classification(2, 30, 0), classification(4, 40, 1), classification(8, 50, 2)],
        "regression": [regression(1, 25, 3), regression(3, 20, 4)],
    }
    Path(__file__).with_name("fixtures.json").write_text(json.dumps(fixtures) + "\n")


if __name__ == "__main__":
    main()
