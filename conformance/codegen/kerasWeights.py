"""Prints how many weights the generated model in the folder given has, as JSON."""
import json
import sys

sys.path.insert(0, sys.argv[1])
import train  # noqa: E402

print(json.dumps({"count": sum(weight.size for weight in (w.numpy() for w in train.build_model().weights))}))
