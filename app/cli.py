"""The `flask` commands: thin doors to the functions that do the work."""

import importlib

from flask import Flask

#: Modules with a `register(app)` that adds their commands.
COMMANDS = ("app.commands", "app.imports.cli", "app.workbooks.cli", "app.casework_cli")


def init_app(app: Flask) -> None:
    """Add every command."""
    for name in COMMANDS:
        importlib.import_module(name).register(app)
