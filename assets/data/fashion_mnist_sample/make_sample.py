"""Takes the balanced sample out of the full Fashion-MNIST files.

Going through each file in its order, an image is taken while its class has fewer than its share
(1,000 of 10,000 for training, 200 of 2,000 for tests). So the first 320 training images are those
of the full file. Usage: make_sample.py FOLDER, as Debian's package dataset-fashion-mnist has it.
"""

import gzip
import struct
import sys
from pathlib import Path

SIZE = 28 * 28


def read(path, header):
    data = gzip.open(path, "rb").read()
    return data[header:]


def write(path, magic, sizes, data):
    header = struct.pack(f">{1 + len(sizes)}I", magic, *sizes)
    with open(path, "wb") as file:
        with gzip.GzipFile(filename="", mode="wb", fileobj=file, compresslevel=9, mtime=0) as packed:
            packed.write(header + data)


def take(folder, name, share):
    images = read(folder / f"{name}-images-idx3-ubyte.gz", 16)
    labels = read(folder / f"{name}-labels-idx1-ubyte.gz", 8)
    counts = [0] * 10
    chosen = []
    for index, label in enumerate(labels):
        if counts[label] < share:
            counts[label] += 1
            chosen.append(index)
    assert counts == [share] * 10
    here = Path(__file__).parent
    pixels = b"".join(images[i * SIZE : (i + 1) * SIZE] for i in chosen)
    write(here / f"{name}-images-idx3-ubyte.gz", 0x803, [len(chosen), 28, 28], pixels)
    write(here / f"{name}-labels-idx1-ubyte.gz", 0x801, [len(chosen)], bytes(labels[i] for i in chosen))
    return chosen


if __name__ == "__main__":
    source = Path(sys.argv[1])
    assert take(source, "train", 1000)[:320] == list(range(320))
    take(source, "t10k", 200)
