"""Prints the state dict of the generated model in the folder given, as JSON: name -> shape."""
import json
import sys

sys.path.insert(0, sys.argv[1])
import train  # noqa: E402
from torch import nn  # noqa: E402

# Blocks of the model are classes too; the model itself comes last.
*_, model = [
    value()
    for value in vars(train).values()
    if isinstance(value, type) and issubclass(value, nn.Module) and value.__module__ == "train"
]
shapes = {
    # The engine has no such counter: its momentum is fixed.
    name: list(tensor.shape)
    for name, tensor in model.state_dict().items()
    if not name.endswith("num_batches_tracked")
}
print(json.dumps(shapes))
