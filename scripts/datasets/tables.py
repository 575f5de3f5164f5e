"""Writes public/datasets/tables/*.csv from the data that scikit-learn ships, and prints their manifest entries.

Run by makeTables.mjs, where scikit-learn is installed.
"""

import csv
import json
from pathlib import Path

import sklearn
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris, load_wine

FOLDER = Path(__file__).parents[2] / "public" / "datasets" / "tables"
SETS = [
    ("iris", "Iris", load_iris, "species", "R. A. Fisher 1936: three kinds of iris flowers"),
    ("wine", "Wine", load_wine, "cultivar", "S. Aeberhard and M. Forina 1991: chemistry of wines of three cultivars"),
    (
        "breast-cancer",
        "Breast cancer",
        load_breast_cancer,
        "diagnosis",
        "W. Street, W. Wolberg and O. Mangasarian 1993: cell nuclei of tumours in Wisconsin",
    ),
    (
        "diabetes",
        "Diabetes",
        lambda: load_diabetes(scaled=False),
        "progression",
        "B. Efron, T. Hastie, I. Johnstone and R. Tibshirani 2004: how far diabetes went on within a year",
    ),
]

entries = []
for name, title, load, target, source in SETS:
    data = load()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with open(FOLDER / f"{name}.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*data.feature_names, target])
        for row, label in zip(data.data, data.target):
            named = data.target_names[label] if "target_names" in data else f"{label:.10g}"
            writer.writerow([*(f"{value:.10g}" for value in row), named])
    entries.append(
        {
            "id": name,
            "title": title,
            "kind": "csv",
            "source": f"scikit-learn {sklearn.__version__}: {source}",
            "licence": "BSD-3-Clause (scikit-learn)",
            "target": target,
            "predict": "class" if "target_names" in data else "number",
        }
    )
print(json.dumps(entries))
