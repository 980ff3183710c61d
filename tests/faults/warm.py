"""Servers that start fast: forked from a process that has imported everything, and otherwise as `binhchon serve` runs.

For each line of JSON on standard input, `{"port": …, "environment": {…}, "limit": …}`, it forks a server and answers
with the id of its process group. Imports take seconds, and a thousand kills need a thousand starts.
"""

import json
import multiprocessing
import os
import resource
import signal
import sys
from typing import Any

import granian.server  # noqa: F401 -- imported here, once

import app.web.factory  # noqa: F401 -- the same
from app.cli.serve import run_server
from app.config import Settings


def main() -> None:
    """Serve orders until standard input ends."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for what is killed
    multiprocessing.set_start_method("fork")
    for order in sys.stdin:
        child = os.fork()
        if child == 0:
            os.setpgid(0, 0)  # both do it: whoever comes first, its workers are born into the group
            _serve(**json.loads(order))
        os.setpgid(child, child)
        print(child, flush=True)  # noqa: T201 -- the answer


def _serve(port: int, environment: dict[str, str], limit: int | None) -> Any:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.environ.update(environment)
    if limit is not None:  # octets that a file may have; the system refuses to let it grow further
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    try:
        run_server(Settings.from_env(), "127.0.0.1", port)
    finally:
        os._exit(0)
