"""Run configurations: JSON files that name every number; `base` names a file whose entries they override."""

from __future__ import annotations

import json
from pathlib import Path


def merge(base: dict, override: dict) -> dict:
    """`base` with the entries of `override` in their place, folder by folder."""
    merged = dict(base)
    for key, value in override.items():
        inner = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = merge(merged[key], value) if inner else value
    return merged


def load_configuration(path: Path) -> dict:
    """The configuration at `path`, with its base resolved."""
    config = json.loads(path.read_text(encoding="utf-8"))
    base = config.pop("base", None)
    return merge(load_configuration(path.parent / base), config) if base else config
