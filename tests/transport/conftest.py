"""One real SSH server for all tests of transports."""

from collections.abc import Iterator

import pytest

from tests.transport.sshd import Sshd, running_sshd


@pytest.fixture(scope="session")
def sshd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    """A real sshd whose log counts what was opened."""
    with running_sshd(tmp_path_factory.mktemp("sshd")) as server:
        yield server
