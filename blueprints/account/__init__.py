"""Signing in and out, one's own password, devices, second factor and language."""

from flask import Blueprint

bp = Blueprint("account", __name__)
