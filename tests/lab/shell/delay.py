"""Two network devices joined by a pipe that holds every frame: ``delay.py MS DEVICE DEVICE``, MS there and back.

For machines whose kernel has no sch_netem. The devices (tap, netdevice(7)) live as long as this program.
"""

import fcntl
import os
import select
import struct
import sys
import time
from collections import deque

# linux/if_tun.h
TUNSETIFF = 0x400454CA
IFF_TAP_NO_PI = 0x0002 | 0x1000
FRAME_BYTES = 65_536


def opened(device: str) -> int:
    """A new tap device of that name: what is read from it was sent through it."""
    tap = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(tap, TUNSETIFF, struct.pack("16sH22x", device.encode(), IFF_TAP_NO_PI))
    return tap


def frames(tap: int) -> list[bytes]:
    """The frames that wait on a device."""
    found: list[bytes] = []
    try:
        while True:
            found.append(os.read(tap, FRAME_BYTES))
    except OSError:  # no more, or the device is down
        return found


def join(here: int, there: int, hold_s: float) -> None:
    """Carry frames both ways, each ``hold_s`` late, for ever; one that finds its device down is lost."""
    other = {here: there, there: here}
    held: deque[tuple[float, int, bytes]] = deque()
    while True:
        wait_s = max(held[0][0] - time.monotonic(), 0) if held else None
        for tap in select.select([here, there], [], [], wait_s)[0]:
            due = time.monotonic() + hold_s
            held.extend((due, other[tap], frame) for frame in frames(tap))
        while held and held[0][0] <= time.monotonic():
            _due, tap, frame = held.popleft()
            try:
                os.write(tap, frame)
            except OSError:
                continue


if __name__ == "__main__":
    milliseconds, near, far = sys.argv[1:]
    join(opened(near), opened(far), float(milliseconds) / 2000)
