"""A file is read item by item: what is not kept takes no room."""

import subprocess
import sys
import textwrap

import pytest

SCRIPT = """
import resource
from orgsim.reading.reader import Reader

class Sink(list):
    '''Keeps nothing.'''
    seen = 0

    def append(self, event):
        self.seen += 1

def size():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

line = "- {{date: 2024-01-01, known: 2024-02-01, event: change-unit, unit: u{0}, name: Unit {0}, note: {1}}}\\n"
data = ("orgsim: ledger/1\\nevents:\\n" + "".join(line.format(i, "x" * 40) for i in range(100_000))).encode()
reader = Reader()
reader.events = Sink()
reader.read_file("small", data[:100_000].rpartition(b"\\n")[0] + b"\\n")
reader.events.seen = 0
before = size()
reader.read_file("large", data)
assert not reader.problems, reader.problems[0]
print(len(data) / 2**20, reader.events.seen, size() - before)
"""


@pytest.mark.slow
def test_streaming_takes_little_room_beside_what_is_kept() -> None:
    """Reading 100,000 events that nobody keeps grows the process by less than 100 MB, the file itself included."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(SCRIPT)], capture_output=True, text=True, timeout=120, check=True
    )
    megabytes, count, grown = done.stdout.split()
    assert int(count) == 100_000
    assert float(megabytes) > 10
    assert float(grown) < 100
