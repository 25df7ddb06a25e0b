"""The examples for running it as a service name settings there are, and what systemd understands."""

import os
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


def _nginx(text: str) -> dict[str, str]:
    return dict(
        re.findall(r"^\s*(client_max_body_size|proxy_set_header X-Forwarded-For|error_page \d+) (\S+);", text, re.M)
    )


def test_the_program_itself_says_of_nearly_every_file_that_it_is_too_large() -> None:
    largest = next(setting.default for setting in config.SETTINGS if setting.name == "MANGNON_UPLOAD_MB")
    nginx, caddy = ((FOLDER / name).read_text(encoding="utf-8") for name in ("nginx.conf", "Caddyfile"))

    assert int(_nginx(nginx)["client_max_body_size"].removesuffix("m")) > largest
    too_large = re.compile(re.search(r"header_regexp Content-Length (\S+)", caddy)[1])
    assert not too_large.search(str(largest * 1024 * 1024 + 100_000))
    assert [bool(too_large.search(str(size))) for size in (25_999_999, 26_000_000, 30_000_000, 10**9)] == [
        False,
        *[True] * 3,
    ]
    assert int(re.search(r"max_size (\d+)MB", caddy)[1]) > 26
    for text in (nginx, caddy):
        assert "Tệp gửi lên quá lớn" in text
        assert "Hệ thống chưa trả lời" in text
        assert f"nhỏ hơn {largest} MB" in text


def test_the_proxies_say_themselves_who_asks_and_send_no_form_twice() -> None:
    nginx, caddy = ((FOLDER / name).read_text(encoding="utf-8") for name in ("nginx.conf", "Caddyfile"))

    assert _nginx(nginx)["proxy_set_header X-Forwarded-For"] == "$remote_addr"
    assert "header_up X-Forwarded-For {remote_host}" in caddy
    assert "proxy_next_upstream" not in nginx  # its default passes on no POST
    assert "lb_retry_match" not in caddy


def test_nginx_understands_its_file(tmp_path: Path) -> None:
    if shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") is None:
        pytest.skip("no nginx here")
    text = (FOLDER / "nginx.conf").read_text(encoding="utf-8")
    # What needs a certificate and the ports of a server is left out; the rest is read by nginx itself.
    text = re.sub(r"^\s*ssl_certificate.*$", "", text, flags=re.M).replace("listen 443 ssl;", "listen 8443;")
    whole = tmp_path / "nginx.conf"
    own = f"pid {tmp_path}/pid; error_log stderr;"
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    folders = " ".join(f"{kind}_temp_path {tmp_path}/{kind};" for kind in kinds)
    text = text.replace("listen 80;", "listen 8080;")
    whole.write_text(f"{own} events {{}} http {{ access_log off; {folders} {text} }}", encoding="utf-8")

    done = _run("nginx", "-t", "-q", "-p", str(tmp_path), "-c", str(whole))

    assert done.returncode == 0, done.stderr


def test_caddy_understands_its_file(tmp_path: Path) -> None:
    if shutil.which("caddy") is None:
        pytest.skip("no Caddy here")

    done = _run("caddy", "adapt", "--adapter", "caddyfile", "--config", str(FOLDER / "Caddyfile"), home=tmp_path)

    assert done.returncode == 0, done.stderr


def _run(*command: str, home: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": f"{os.environ['PATH']}:/usr/sbin", **({"HOME": str(home)} if home else {})}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd here")
    unit = tmp_path / "mangnon.service"
    told = (FOLDER / "mangnon.service").read_text(encoding="utf-8")
    unit.write_text(re.sub("ExecStart=.*", f"ExecStart={shutil.which('true')}", told), encoding="utf-8")

    done = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr.strip()) == (0, "")
