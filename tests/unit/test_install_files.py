"""The examples for running it as a service name settings there are, and what systemd understands."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from app import config

FOLDER = Path(__file__).parents[2] / "docs" / "install"


def test_they_name_only_settings_there_are() -> None:
    known = {setting.name for setting in config.SETTINGS}
    files = [*FOLDER.iterdir(), FOLDER.parents[1] / ".env.example", FOLDER.parent / "van-hanh.md"]

    named = {name for file in files for name in re.findall(r"\bMANGNON_[A-Z_]+\b", file.read_text(encoding="utf-8"))}

    assert named - known == set()


def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd here")
    unit = tmp_path / "mangnon.service"
    told = (FOLDER / "mangnon.service").read_text(encoding="utf-8")
    unit.write_text(re.sub("ExecStart=.*", f"ExecStart={shutil.which('true')}", told), encoding="utf-8")

    done = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr.strip()) == (0, "")
