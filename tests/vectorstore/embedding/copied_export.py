"""Stands for an export where making the network is not what is tested: `python -m ... LOG SOURCE FILE`.

Copies SOURCE to FILE, slowly enough to meet others, and adds a line to LOG.
"""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path

if __name__ == "__main__":
    log, source, target = map(Path, sys.argv[1:])
    with log.open("a") as stream:
        stream.write("made\n")
    time.sleep(0.3)
    shutil.copyfile(source, target)
