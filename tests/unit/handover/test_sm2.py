"""SM2 against the published example."""

import pytest

from secaudit.handover import sm2

pytest.importorskip("tongsuopy")

# GB/T 32918.5-2017, annex A.2: the recommended curve, identifier 1234567812345678, message "message digest"
PUBLIC = bytes.fromhex(
    "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
R = bytes.fromhex("F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3")
S = bytes.fromhex("B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA")
HEAD = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d034200") + b"\x04"


def der(*numbers: bytes) -> bytes:
    """A SEQUENCE of positive INTEGERs (X.690, 8.3 and 8.9)."""
    parts = [b"\x00" + number if number[0] & 0x80 else number for number in numbers]
    content = b"".join(bytes([2, len(part)]) + part for part in parts)
    return bytes([0x30, len(content)]) + content


def test_the_published_signature_is_taken_and_no_other() -> None:
    key = sm2.public_key_in(b"certificate " + HEAD + PUBLIC + b" more")
    assert key is not None
    assert key.made(der(R, S), b"message digest")
    assert not key.made(der(R, S), b"message digesT")
    assert not key.made(der(S, R), b"message digest")
    assert not key.made(der(R, S[:-1] + b"\xab"), b"message digest")
    assert not key.made(b"", b"message digest")
