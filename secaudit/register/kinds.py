"""The closed lists of the register: kinds of assets, roles of people, agencies, words for secrecy."""

from typing import Final

# What can be logged in to, then the kinds of objects as the evaluation steps of GB/T 28448-2019 have them.
VISITED_KINDS: Final = ("linux",)
LOGINLESS_KINDS: Final = ("middleware", "system-software")
# Words for ``transport:``; plug-ins bring more, and visit assets of any kind.
TRANSPORTS: Final = ("none", "local", "ssh", "bundle")
# of them those that an asset is by itself; the others are looked at together, or where they are registered
OWN_KINDS: Final = (
    "terminal",
    "mobile-terminal",
    "network-device",
    "security-device",
    "virtual-device",
    "gateway",
    "database",
    "middleware",
    "system-software",
    "application",
    "management-platform",
    "machine-room",
)
KINDS: Final = (
    "linux",
    "windows",
    *OWN_KINDS,
    "person",
    "document",
    "design-document",
    "record",
    "other:audit-system",
    "other:bandwidth-controller",
    "other:cabling",
    "other:climate-control",
    "other:controller",
    "other:crypto-component",
    "other:data-security-system",
    "other:development-document",
    "other:door-access",
    "other:dr-centre",
    "other:equipment",
    "other:evaluation-report",
    "other:fire-protection",
    "other:integrity-component",
    "other:intrusion-alarm",
    "other:key-equipment",
    "other:key-processing-system",
    "other:leak-detection",
    "other:mobile-client",
    "other:office",
    "other:power-supply",
    "other:qualification-certificate",
    "other:rack-equipment",
    "other:sensor-node",
    "other:surge-protection",
    "other:topology",
    "other:trusted-component",
    "other:video-surveillance",
)
ROLES: Final = (
    "leader",
    "system-owner",
    "system-administrator",
    "security-administrator",
    "audit-administrator",
    "operations",
    "supplier",
    "other",
)
AGENCIES: Final = (
    "public-security",
    "cac",
    "miit",
    "secrecy",
    "cryptography",
    "state-security",
    "data-bureau",
    "line-ministry",
)
GRADES: Final = (
    "S1A1G1",
    *("S1A2G2", "S2A2G2", "S2A1G2"),
    *("S1A3G3", "S2A3G3", "S3A3G3", "S3A2G3", "S3A1G3"),
    *("S1A4G4", "S2A4G4", "S3A4G4", "S4A4G4", "S4A3G4", "S4A2G4", "S4A1G4"),
)
IMPORTANCE: Final = ("low", "medium", "high")
FILING_STATES: Final = ("filed", "not-filed", "exempt")
# Conclusions of evaluation reports: the template of 2021, then that of 2025.
CONCLUSIONS: Final = ("优", "良", "中", "差", "符合", "基本符合", "不符合")
CRYPTOGRAPHY_CONCLUSIONS: Final = ("符合", "基本符合", "不符合")
DATA_KINDS: Final = ("business", "configuration")
DATA_GRADES: Final = ("general", "important", "core")
PERSONAL: Final = ("none", "personal", "sensitive")
