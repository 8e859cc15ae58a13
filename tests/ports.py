"""Ports of the loopback that are nobody else's for as long as the tests run."""

import socket

_held: list[socket.socket] = []


def unused_port() -> int:
    """A TCP port where nothing listens. It stays bound: the kernel gives it to no other program, and who binds it
    with SO_REUSEADDR, as servers do, may listen there.
    """
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", 0))
    _held.append(held)
    port: int = held.getsockname()[1]
    return port
