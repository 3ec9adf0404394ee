"""The network benchmark's comparison: one epoch of LeNet in PyTorch on the processor.

60,000 images of 28 × 28 in batches of 256: the network of d2l (PyTorch form), its forward and
backward passes and SGD's update, in single precision, the data in memory and in file order. Run it
on the machine and the cores that `cargo bench --bench laboratory lenet` runs on, with as many
threads as there are cores. Debian's package serves where PyPI's wants CUDA:

    apt-get install python3-torch libopenblas0-pthread
    /usr/bin/python3 benches/lenet_torch.py
"""

import os
import time

import torch
from torch import nn

IMAGES, BATCH, EPOCHS = 60_000, 256, 3


def lenet():
    return nn.Sequential(
        nn.Conv2d(1, 6, kernel_size=5, padding=2),
        nn.ReLU(),
        nn.MaxPool2d(kernel_size=2, stride=2),
        nn.Conv2d(6, 16, kernel_size=5),
        nn.ReLU(),
        nn.MaxPool2d(kernel_size=2, stride=2),
        nn.Flatten(),
        nn.Linear(16 * 5 * 5, 120),
        nn.ReLU(),
        nn.Linear(120, 84),
        nn.ReLU(),
        nn.Linear(84, 10),
    )


def epoch(network, optimizer, images, labels):
    """Every update of one epoch; its seconds."""
    loss_of = nn.CrossEntropyLoss()
    begun = time.perf_counter()
    for first in range(0, IMAGES, BATCH):
        batch = slice(first, first + BATCH)
        optimizer.zero_grad()
        loss_of(network(images[batch]), labels[batch]).backward()
        optimizer.step()
    return time.perf_counter() - begun


def main():
    torch.manual_seed(0)
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    images = torch.rand(IMAGES, 1, 28, 28)
    labels = torch.randint(0, 10, (IMAGES,))
    network = lenet()
    optimizer = torch.optim.SGD(network.parameters(), lr=0.3)
    seconds = [epoch(network, optimizer, images, labels) for _ in range(EPOCHS)]
    each = ", ".join(f"{second:.2f}" for second in seconds)
    print(f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads: {each} s an epoch")


if __name__ == "__main__":
    main()
