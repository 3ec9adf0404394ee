"""Running a rule of torch.optim, update by update."""

import torch

VERSION = f"torch {torch.__version__.split('+')[0]}"


def tensor(row, shape=None):
    made = torch.tensor(row, dtype=torch.float64)
    return made if shape is None else made.reshape(shape)


def numbers(parameters):
    """All parameters as one list."""
    return [w for block in parameters for w in block.detach().reshape(-1).tolist()]


def cut(row, shapes):
    """A flat row as blocks of these shapes."""
    blocks, at = [], 0
    for shape in shapes:
        count = torch.Size(shape).numel()
        blocks.append(tensor(row[at:at + count], shape))
        at += count
    return blocks


def walk(make, gradient, start, shapes, rates, step=None):
    """All parameters after 0, 1, … updates, flat.

    `make(parameters, rate)` is the reference, `gradient(row)` the slopes at a flat row, and
    `step(optimizer, row)` makes an update where that isn't plainly `optimizer.step()`.
    """
    parameters = [block.requires_grad_() for block in cut(start, shapes)]
    optimizer = make(parameters, rates[0])
    path = [numbers(parameters)]
    for rate in rates:
        for group in optimizer.param_groups:
            group["lr"] = rate
        hand_over(parameters, gradient(path[-1]))
        optimizer.step() if step is None else step(optimizer, path[-1])
        path.append(numbers(parameters))
    return path


def hand_over(parameters, slopes):
    """Sets the gradients."""
    shapes = [block.shape for block in parameters]
    for block, slope in zip(parameters, cut(slopes, shapes)):
        block.grad = slope


def walk_with_closure(make, value, gradient, start, shapes, rates, settled):
    """Like `walk`, for a rule that evaluates the objective itself, as long as not `settled(row)`."""
    parameters = [block.requires_grad_() for block in cut(start, shapes)]
    optimizer = make(parameters, rates[0])

    def closure():
        hand_over(parameters, gradient(numbers(parameters)))
        return tensor(value(numbers(parameters)))

    path = [numbers(parameters)]
    for rate in rates:
        if settled(path[-1]):
            break
        optimizer.param_groups[0]["lr"] = rate
        optimizer.step(closure)
        path.append(numbers(parameters))
    return path


def on_landscape(make, step=lambda surface: None):
    """A run of common.case; `step(surface)` gives what `walk` takes under that name."""
    def run(surface, start, rates):
        return walk(make, surface.gradient, start, [[2]], rates, step(surface))
    return run
