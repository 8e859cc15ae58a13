"""SSH algorithms that are refused unless an asset or jump host opts in, best first: the closed list."""

from typing import Final

# Chosen-plaintext attacks on CBC (RFC 4253 9.3.1); 64-bit blocks of 3DES.
CIPHERS: Final = ("aes256-cbc", "aes192-cbc", "aes128-cbc", "3des-cbc")
# SHA-1 and MD5, with tags cut to 96 bits.
MACS: Final = ("hmac-sha1", "hmac-sha1-96", "hmac-md5", "hmac-md5-96")
WEAK_ALGORITHMS: Final = (*CIPHERS, *MACS)
# What old hosts may offer and nothing here speaks any more.
GONE: Final = (
    "diffie-hellman-group1-sha1",
    "diffie-hellman-group14-sha1",
    "diffie-hellman-group-exchange-sha1",
    "ssh-rsa",
    "ssh-dss",
    "arcfour",
    "arcfour128",
    "arcfour256",
    "blowfish-cbc",
    "cast128-cbc",
)
