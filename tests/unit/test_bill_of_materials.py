"""The list of what the program is made of names every locked package and every vendored file."""

import json
import re

from app import bill_of_materials, config

BILL = json.loads(bill_of_materials.document())


def test_every_locked_package_is_in_it_with_its_version_and_hashes() -> None:
    text = (config.ROOT / "requirements.txt").read_text(encoding="utf-8")
    locked = dict(re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", text, re.MULTILINE))

    found = {part["name"]: part["version"] for part in BILL["components"] if part["type"] == "library"}

    assert found == locked
    assert all(part["hashes"] for part in BILL["components"])


def test_every_vendored_file_is_in_it() -> None:
    folder = config.ROOT / "app/static/vendor"
    files = {
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file() and path.name != "README.md"
    }

    assert {part["name"] for part in BILL["components"] if part["type"] == "file"} == files


def test_no_part_is_named_twice() -> None:
    names = [part["bom-ref"] for part in BILL["components"]]

    assert len(names) == len(set(names))
