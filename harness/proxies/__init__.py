"""Proxies: what went in is compared with what came out."""
