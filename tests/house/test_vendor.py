"""Files written by others are exactly the ones their README lists."""

import hashlib
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
VENDOR = ROOT / "app" / "static" / "vendor"
README = (VENDOR / "README.md").read_text(encoding="utf-8")


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_every_vendored_file_is_listed_with_its_hash():
    listed = dict(re.findall(r"^\| `([^`]+)` \|.*\| `([0-9a-f]{64})` \|", README, re.MULTILINE))

    found = {
        path.relative_to(VENDOR).as_posix(): sha256(path)
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "README.md"
    }

    assert found == listed


def test_axe_is_the_copy_the_readme_names():
    assert f"`{sha256(ROOT / 'tests' / 'browser' / 'axe.min.js')}`" in README


def test_a_folder_is_named_after_the_version_in_its_files():
    versions = {
        folder.name: re.search(r"Bootstrap +v([\d.]+)", (folder / "bootstrap.min.css").read_text(encoding="utf-8"))[1]
        for folder in VENDOR.glob("bootstrap-*")
    }

    assert versions == {folder: folder.removeprefix("bootstrap-") for folder in versions}
