"""What the program is made of besides our own code, as a CycloneDX list: made from requirements.txt and the vendored files."""

import json
import re
from typing import Any

from app import config

_PACKAGE = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)(?:\s*;\s*([^\\\n]+?))?\s*(?:\\)?$", re.MULTILINE)
_VENDORED = re.compile(r"^\| `([^`]+)` \| ([^|]+?) \| ([^|]+?) \| ([^|]+?) \| `([0-9a-f]{64})` \|", re.MULTILINE)


def document() -> str:
    """The list as JSON (CycloneDX 1.5); the same input gives the same text."""
    components = [*_packages(), *_vendored()]
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "mangnon", "bom-ref": "mangnon"}},
        "components": components,
        "dependencies": [{"ref": "mangnon", "dependsOn": [component["bom-ref"] for component in components]}],
    }
    return json.dumps(bill, indent=1, ensure_ascii=False) + "\n"


def _packages() -> list[dict[str, Any]]:
    """The locked packages, those of them needed on some systems only marked optional."""
    text = (config.ROOT / "requirements.txt").read_text(encoding="utf-8")
    found = []
    for block in re.split(r"\n(?=\S)", text):
        match = _PACKAGE.search(block)
        if match is None or block.startswith("#"):
            continue
        name, version, marker = match.groups()
        address = f"pkg:pypi/{name.lower()}@{version}"
        hashes = sorted(re.findall(r"--hash=sha256:([0-9a-f]{64})", block))
        found.append(
            {
                "type": "library",
                "bom-ref": address,
                "name": name,
                "version": version,
                "purl": address,
                "scope": "optional" if marker else "required",
                "hashes": [{"alg": "SHA-256", "content": value} for value in hashes],
            }
        )
    return found


def _vendored() -> list[dict[str, Any]]:
    """Files of the front end written by others, copied into app/static/vendor."""
    text = (config.ROOT / "app/static/vendor/README.md").read_text(encoding="utf-8")
    return [
        {
            "type": "file",
            "bom-ref": f"file:{path}",
            "name": path,
            "version": version,
            "licenses": [{"license": {"id": licence}}],
            "hashes": [{"alg": "SHA-256", "content": digest}],
            "description": name,
        }
        for path, name, version, licence, digest in _VENDORED.findall(text)
    ]
