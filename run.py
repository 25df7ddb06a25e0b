"""Serve Măng Non: `python run.py [--demo] [--host H] [--port P]`; also `run:app` for another WSGI server."""

from typing import Any

from app.serving import application, main


def __getattr__(name: str) -> Any:
    """`run:app`, made when a server asks for it, so that `python run.py` makes only its own."""
    if name == "app":
        return application()
    raise AttributeError(name)


if __name__ == "__main__":
    main()
