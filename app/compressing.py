"""Answers packed with gzip for browsers that take it: on a village's network the size is the waiting.

Nothing to learn for an attacker who watches sizes (BREACH): he needs answers to requests he makes in the victim's name,
and the session cookie is not sent with those (SameSite=Lax). See docs/decisions/0080.
"""

import gzip
from functools import lru_cache

from flask import Flask, Response, request

#: Below this the packing costs more than it saves.
LEAST_BYTES = 600
_KINDS = frozenset(
    {
        "text/html",
        "text/css",
        "text/javascript",
        "text/plain",
        "application/javascript",
        "application/json",
        "image/svg+xml",
    }
)


def init_app(app: Flask) -> None:
    """Pack what is worth it, last of all."""
    app.after_request(_pack)


def _pack(response: Response) -> Response:
    if response.mimetype not in _KINDS:
        return response
    response.vary.add("Accept-Encoding")
    takes = request.accept_encodings["gzip"] > 0
    if (
        not takes
        or response.status_code != 200
        or request.method == "HEAD"
        or (response.is_streamed and not _is_file())
    ):
        return response
    if "Content-Encoding" in response.headers or "Content-Range" in response.headers:
        return response
    response.direct_passthrough = False
    content = response.get_data()
    if len(content) < LEAST_BYTES:
        return response
    response.set_data(_packed_file(content) if _is_file() else gzip.compress(content, 5, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    if response.headers.get("ETag"):
        response.headers["ETag"] = f"W/{response.headers['ETag'].removeprefix('W/')}"
    return response


def _is_file() -> bool:
    return request.endpoint == "static"


@lru_cache(maxsize=128)
def _packed_file(content: bytes) -> bytes:
    """A static file, packed once and well."""
    return gzip.compress(content, 9, mtime=0)
