"""The whole suite in one command: make test (or make test-quick, lint, types, browser).

Every part runs even when an earlier one failed; a summary follows, then each pytest run's own closing lines.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests import postgres

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
CODE = ["app", "models", "blueprints", "migrations", "run.py"]


class Part:
    """One part of the suite: how to run it, and what came of it."""

    def __init__(self, name: str, work: Callable[[], tuple[bool, str]]) -> None:
        self.name = name
        self.work = work
        self.passed = False
        self.seconds = 0.0
        self.closing = ""  # what pytest says at the end

    def run(self) -> None:
        """Do it, and note how it went."""
        started = time.monotonic()
        try:
            self.passed, self.closing = self.work()
        except (OSError, RuntimeError) as problem:
            print(problem, file=sys.stderr, flush=True)
        self.seconds = time.monotonic() - started


class Check(Part):
    """A part that uses one processor, so that two run at once; what it says is shown when its turn comes."""

    said = ""

    def run(self) -> None:
        """The same; a check closes with nothing but what it says."""
        super().run()
        self.said, self.closing = self.closing, ""


def tool(*command: str) -> Callable[[], tuple[bool, str]]:
    """A check by one program of our environment."""

    def run() -> tuple[bool, str]:
        whole = [str(BIN / command[0]), *command[1:]]
        done = subprocess.run(whole, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        return done.returncode == 0, done.stdout

    return run


def pytest_on(*arguments: str, on_postgres: bool = False, faults: str = "short") -> Callable[[], tuple[bool, str]]:
    """A part that is a pytest run, on a PostgreSQL server of its own if asked."""

    def run() -> tuple[bool, str]:
        if not on_postgres:
            return watch_pytest(arguments, {"FAULTS": faults})
        with postgres.cluster() as url:
            return watch_pytest(arguments, {"TEST_DATABASE_URL": url})

    return run


def watch_pytest(arguments: tuple[str, ...], settings: dict[str, str]) -> tuple[bool, str]:
    """Run pytest, showing what it prints; give whether it passed, and its lines from the summary of failures on."""
    # A database named in the developer's own shell is none of the tests' business.
    environment = {
        name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "TEST_DATABASE_URL")
    }
    command = [sys.executable, "-m", "pytest", *arguments, *(["--color=yes"] if sys.stdout.isatty() else [])]
    failures: list[str] = []
    closing = ""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**environment, **settings}) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            if failures or "= short test summary info =" in line:
                failures.append(line)
            if re.search(r"\bin \d+\.\d+s\b", line):
                closing, failures = "".join(failures) or line, []
    return process.returncode == 0, closing


def audit() -> tuple[bool, str]:
    """Fail on known vulnerabilities; a vulnerability service out of reach is said, and passes."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "audit.json"
        fixed = ["--require-hashes", "--disable-pip", "--progress-spinner=off", "--timeout=15"]
        command = [str(BIN / "pip-audit"), *fixed, "--format=json", f"--output={report}", "-r", "requirements-dev.txt"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if not report.exists():
            why = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            offline = re.search(
                r"ConnectionError|ConnectTimeout|ReadTimeout|HTTPError|ServiceError|timed out", done.stderr
            )
            sentence = f"Not audited: the vulnerability service cannot be reached ({why[:160]})."
            return bool(offline), f"{sentence}\n" if offline else done.stderr
        found = json.loads(report.read_text(encoding="utf-8"))["dependencies"]
    skipped = [package["name"] for package in found if "skip_reason" in package]
    if len(skipped) == len(found):
        return True, "Not audited: the vulnerability service has no answer for any of these packages.\n"
    told = [
        f"{package['name']} {package['version']}: {known['id']}, fixed in {known['fix_versions'] or 'no version'}\n"
        for package in found
        for known in package.get("vulns", ())
    ]
    vulnerable = sum(bool(package.get("vulns")) for package in found)
    told.append(f"{len(found) - len(skipped)} packages audited, {vulnerable} with known vulnerabilities.\n")
    if skipped:
        told.append(f"Not audited: {', '.join(skipped)}.\n")
    return vulnerable == 0, "".join(told)


LINT: list[Part] = [
    Check("ruff check", tool("ruff", "check")),
    Check("ruff format", tool("ruff", "format", "--check")),
    Check("import-linter", tool("lint-imports", "--no-cache")),
    # ruff has looked at the same rules in full; bandit's own view of what weighs more.
    Check("bandit", tool("bandit", "-q", "-r", "-ll", "-ii", "-c", "pyproject.toml", *CODE)),
]
TYPES: list[Part] = [Check("mypy", tool("mypy"))]
AUDIT: list[Part] = [Check("pip-audit", audit)]
QUICK = [Part("pytest, SQLite", pytest_on("tests/unit", "tests/house", "tests/integration", "-n", "2"))]
#: Without what is marked as the same on any database: refusals before any record is read, papers, words.
POSTGRES = [
    Part("pytest, PostgreSQL", pytest_on("tests/integration", "-n", "2", "-m", "not any_database", on_postgres=True))
]
BROWSER = [Part("pytest, browser", pytest_on("tests/browser", "-n", "2"))]
#: Each role's day once more, served from PostgreSQL as the bound role.
DAYS = (
    "tests/browser/test_walks.py",
    "tests/browser/test_journeys.py",
    "-k",
    "walk or decide or adds_a or approves or workbook",
)
BROWSER_POSTGRES = [Part("browser, PostgreSQL", pytest_on(*DAYS, on_postgres=True))]
#: Real processes killed, disks full, clocks put back; a third of their time is waiting. In short as a part of everything; at length by itself.
FAULTS = [Part("pytest, faults", pytest_on("tests/faults", "-n", "3"))]
FAULTS_AT_LENGTH = [Part("pytest, faults", pytest_on("tests/faults", "-n", "2", faults="long"))]
PARTS = {
    "all": [*LINT, *TYPES, *AUDIT, *QUICK, *POSTGRES, *BROWSER, *BROWSER_POSTGRES, *FAULTS],
    "check": [*LINT, *TYPES, *QUICK],
    "lint": LINT,
    "types": TYPES,
    "quick": QUICK,
    "postgres": POSTGRES,
    "browser": BROWSER,
    "days": BROWSER_POSTGRES,
    "faults": FAULTS_AT_LENGTH,
}


def missing_programs(parts: list[Part]) -> list[str]:
    """The Debian packages these parts need and this machine lacks."""
    needed = {
        "postgresql": (POSTGRES + BROWSER_POSTGRES, postgres.binaries()),
        "pgbouncer": (POSTGRES, postgres.bouncer()),
        "chromium": (BROWSER + BROWSER_POSTGRES, shutil.which("chromium")),
    }
    return [package for package, (users, found) in needed.items() if not found and any(one in parts for one in users)]


def install(packages: list[str]) -> None:
    """Install Debian packages if we may; otherwise end with one sentence saying which are missing."""
    sentence = f"Please install {' and '.join(packages)} first: sudo apt-get install {' '.join(packages)}"
    may_sudo = (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    )
    if not shutil.which("apt-get") or not (os.getuid() == 0 or may_sudo):
        sys.exit(sentence)
    print(f"Installing {' and '.join(packages)} …", flush=True)
    apt = [*([] if os.getuid() == 0 else ["sudo", "-n"]), "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    for step in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        done = subprocess.run([*apt, *step], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{done.stderr.strip()}\n{sentence}")


def main(arguments: list[str]) -> int:
    """Run the parts asked for; 0 when every one passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="?", default="all", choices=PARTS)
    parts = PARTS[parser.parse_args(arguments).what]
    os.chdir(ROOT)
    if packages := missing_programs(parts):
        install(packages)

    with ThreadPoolExecutor(2) as pool:
        checks = {part: pool.submit(part.run) for part in parts if isinstance(part, Check)}
        for part in parts:
            if isinstance(part, Check):
                checks[part].result()
                print(f"\n── {part.name}\n{part.said}", end="", flush=True)
            else:
                print(f"\n── {part.name}", flush=True)
                part.run()

    if len(parts) > 1:
        print("\n── Summary")
        for part in parts:
            print(f"{'passed' if part.passed else 'FAILED'}  {part.name:20} {part.seconds:6.1f} s")
        print("".join(f"\n{part.name}\n{part.closing}" for part in parts if part.closing), end="", flush=True)
    return 0 if all(part.passed for part in parts) else 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
