"""A person's own data as a file that a machine can read."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any


def my_data(values: Mapping[str, Any], _stored: Callable[[str], bytes]) -> bytes:
    """The values as JSON, in UTF-8."""
    return json.dumps(values, ensure_ascii=False, indent=2).encode()
