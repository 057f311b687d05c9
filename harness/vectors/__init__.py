"""Vectors put before receivers: real systemd in containers, and adapters."""
