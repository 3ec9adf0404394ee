"""Running a rule of torch.optim, update by update."""

import torch

torch.set_default_dtype(torch.float64)

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


def hand_over(parameters, slopes):
    """Sets the gradients."""
    shapes = [block.shape for block in parameters]
    for block, slope in zip(parameters, cut(slopes, shapes)):
        block.grad = slope


def plainly(optimizer, objective, row):
    """One update."""
    optimizer.step()


def by(make, step=plainly):
    """A run of golden_files.case, made by the reference `make(parameters, rate)`.

    `step(optimizer, objective, row)` is an update at a flat row.
    """
    def run(objective, start, shapes, rates):
        parameters = [block.requires_grad_() for block in cut(start, shapes)]
        optimizer = make(parameters, rates[0])
        path = [numbers(parameters)]
        for rate in rates:
            for group in optimizer.param_groups:
                group["lr"] = rate
            hand_over(parameters, objective.gradient(path[-1]))
            step(optimizer, objective, path[-1])
            path.append(numbers(parameters))
        return path
    return run


def by_itself(make, steps, least):
    """Like `by`, for a rule that evaluates the objective itself.

    It ends after `steps` updates, or before where the objective is below `least`, because
    rounding errors are all that is left there.
    """
    def run(objective, start, shapes, rates):
        parameters = [block.requires_grad_() for block in cut(start, shapes)]
        optimizer = make(parameters, rates[0])

        def closure():
            hand_over(parameters, objective.gradient(numbers(parameters)))
            return tensor(objective.value(numbers(parameters)))

        path = [numbers(parameters)]
        for rate in rates[:steps]:
            if objective.value(path[-1]) < least:
                break
            optimizer.param_groups[0]["lr"] = rate
            optimizer.step(closure)
            path.append(numbers(parameters))
        return path
    return run
