"""An information-security compliance audit toolkit for China's Multi-Level Protection Scheme (MLPS)."""

__version__ = "0.1.0"
