"""Pages, grouped by what people come to do."""

from importlib import import_module

from flask import Flask

#: Each package has `bp` in its `views`.
GROUPS = (
    "account",
    "setup",
    "home",
    "help",
    "dashboard",
    "children",
    "villages",
    "duplicates",
    "households",
    "cases",
    "documents",
    "consents",
    "attachments",
    "privacy",
    "care",
    "services",
    "entitlements",
    "review",
    "bulk",
    "imports",
    "jobs",
    "drafts",
    "choices",
    "workbooks",
    "figures",
    "reports",
    "superior",
    "admin",
)


def register(app: Flask) -> None:
    """Hang every group of pages on the app."""
    for group in GROUPS:
        app.register_blueprint(import_module(f"blueprints.{group}.views").bp)
