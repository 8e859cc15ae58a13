"""One visit to an asset at a time, whichever process of this machine makes it."""

import fcntl
import hashlib
import logging
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

log = logging.getLogger(__name__)


@contextmanager
def alone_at(asset_id: str, file: Path) -> Iterator[None]:
    """Waits until nobody else who uses that file is at the asset, and keeps others away meanwhile.

    A byte of the file stands for each asset (fcntl(2), open file description locks): they end with the process
    and know no deadlock. Where the file cannot be used visits are not kept apart: that is no reason to miss one.
    """
    try:
        handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError as error:
        log.info("%s: %s", file, error.strerror)
        yield
        return
    try:
        _lock(handle, asset_id)
        yield
    finally:
        os.close(handle)


def _lock(handle: int, asset_id: str) -> None:
    digest = hashlib.sha256(asset_id.encode()).digest()
    byte = int.from_bytes(digest[:8], "big") >> 2  # off_t has a sign
    asked = struct.pack("hhqqi", fcntl.F_WRLCK, os.SEEK_SET, byte, 1, 0)
    try:
        fcntl.fcntl(handle, fcntl.F_OFD_SETLKW, asked)
    except OSError as error:  # a file system without locks
        log.info("visits are not kept apart: %s", error.strerror)
