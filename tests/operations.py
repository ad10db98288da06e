"""What a piece of code asks of its device."""

from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

WAITS = {
    "_local_scalar_dense",
    "nonzero",
    "_unique2",
    "masked_select",
    "equal",
    "is_nonzero",
    "unique_dim",
}  # their result must be known on the host


class Operations(TorchDispatchMode):
    """Records every operation with the shapes of its tensors."""

    def __init__(self):
        super().__init__()
        self.found = []

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        shapes = tuple(tuple(each.shape) for each in tree_leaves((args, kwargs)) if hasattr(each, "shape"))
        self.found.append((func.overloadpacket.__name__, shapes))
        return func(*args, **(kwargs or {}))

    @property
    def waits(self):
        return [name for name, _ in self.found if name in WAITS]


def operations(work, *args):
    with Operations() as mode:
        work(*args)
    return mode
