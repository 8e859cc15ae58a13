"""Plug-ins that break."""
