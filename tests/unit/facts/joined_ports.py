"""A port as the join of the three views has it, for the facts that look behind ports."""

from secaudit.facts.ports import Port


def port(number: int, process: str = "", exposed: bool = True) -> Port:
    """It listens on every address; nobody looked from outside."""
    return Port(
        "tcp",
        number,
        False,
        "",
        True,
        exposed,
        exposed,
        False,
        ("0.0.0.0",),
        process,
        "not_scanned",
        False,
        "",
    )
