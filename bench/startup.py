"""How long the commands take that a person waits for, from a cold process, in seconds of CPU and on the clock.

python bench/startup.py
"""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

RUNS = 15
SEEDS = Path(__file__).parent.parent / "seeds" / "openai"
COMMANDS = (
    ("a bare Python", [sys.executable, "-c", "pass"]),
    ("orgsim --version", [sys.executable, "-m", "orgsim", "--version"]),
    ("orgsim check, the story", [sys.executable, "-m", "orgsim", "check", str(SEEDS)]),
    ("orgsim replay, the story", [sys.executable, "-m", "orgsim", "replay", str(SEEDS), "--at", "2024-09-26"]),
)


def cost(command: list[str]) -> tuple[float, float]:
    """Seconds of CPU and on the clock of one run."""
    before, start = os.times(), time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)  # noqa: S603
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return used, time.perf_counter() - start


if __name__ == "__main__":
    print("    CPU   clock")
    for name, command in COMMANDS:
        runs = [cost(command) for _ in range(RUNS)]
        cpu, clock = (statistics.median(column) for column in zip(*runs, strict=True))
        print(f"{cpu:7.3f} {clock:7.3f}  {name}")
