"""What encryption costs: opening a paper, and making the day's backup, each with and without, in turns.

    python -m benchmarks.encryption [RUNS]

No column of a list or a workbook is encrypted, so pages and exports cost nothing more; papers, second factors, drafts,
transfers and backups are. "Without" answers with the content it was given, or makes the backup without a key.
"""

import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any
from unittest import mock

from sqlalchemy import select

from app import attachments, audit, backup_cipher, backups
from app.uploads import Cleaned
from benchmarks import commune
from models import AttachmentSlot, Child, User, db, reach

#: A photo of a paper as phones send it (kB).
PHOTO = 400


def in_turns(runs: int, *ways: Callable[[], Any]) -> list[list[float]]:
    """Milliseconds of each way, one after the other, so that a busy machine disturbs all alike."""
    found: list[list[float]] = [[] for _way in ways]
    for _turn in range(runs):
        for way, took in zip(ways, found, strict=True):
            took += commune.times(way, 1, warm_up=0)
    return found


def line(what: str, goal: str, with_it: list[float], without: list[float]) -> str:
    """One line of the table."""
    ratios = [mine / other for mine, other in zip(with_it, without, strict=True)]
    return f"| {what} | {goal} | {median(with_it):.1f} | {median(without):.1f} | {100 * (median(ratios) - 1):+.0f} % |"


def paper(content: bytes) -> str:
    """The address of a photo kept with a child."""
    with audit.writing():
        user = db.session.scalars(select(User).where(User.username == "canbo")).unique().one()
        child = db.session.scalars(select(Child).where(Child.commune_id == user.commune_id)).first()
        if child is None:
            raise RuntimeError("no child")
        cleaned = Cleaned(content, "image/jpeg", 1600, 1200)
        kept = attachments.add(user, child, AttachmentSlot.BIRTH_CERTIFICATE, None, cleaned)
        db.session.commit()
        return f"/attachments/{kept.id}/content"


def main() -> None:
    """One table."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    content = b"\xff\xd8" + bytes(PHOTO * 1000)
    with commune.made_up(2000) as app:
        with app.app_context():
            address = paper(content)
            db.session.remove()
        client = commune.officer(app)

        def without() -> None:
            with mock.patch.object(attachments, "opened", return_value=content):
                client.get(address)

        if client.get(address).data != content:
            raise RuntimeError("another paper")
        print("| what | goal | with, ms | without, ms | costs |\n|---|---:|---:|---:|---:|")
        print(line(f"a photo of {PHOTO} kB opened", "≤ +20 %", *in_turns(runs, lambda: client.get(address), without)))
        key = Path(app.config["MANGNON_INSTANCE"]) / "backup-key"
        key.write_text(backup_cipher.new_key())

        def back_up(key_file: str, folder: str) -> None:
            app.config["MANGNON_BACKUP_KEY_FILE"] = key_file
            with app.app_context(), reach.declared(reach.INSTALLATION):
                backups.make(Path(folder))

        with tempfile.TemporaryDirectory() as folder:
            ways = partial(back_up, str(key), folder), partial(back_up, "", folder)
            print(line("a backup made and verified", "", *in_turns(max(runs // 5, 3), *ways)))


if __name__ == "__main__":
    main()
