"""A messy list of 3,000 rows read in and written, against django-import-export with the same rows tidy, in the same run.

    python -m benchmarks.import_beside PEER_PYTHON [ROWS] [CHILDREN] [ROUNDS]

Ours gets the list as communes send it: a title above, headings of its own, names in capitals or with stray spaces, dates in five
ways, villages without their word; it checks every cell, finds who is there already and who is likely the same, shows what would
change, and writes with history and audit trail. The peer gets clean rows in its own columns and does none of that. Both: what the
person is shown, then the writing; each round on a fresh copy.
"""

import csv
import io
import json
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from openpyxl import Workbook
from sqlalchemy import func, select

from app import access, audit, create_app
from app.imports import batches, reading
from benchmarks import commune
from benchmarks.search import GIVEN, MIDDLE, SURNAMES
from models import Child, Precision, Sex, User, Village, db

THEIRS = Path(__file__).with_name("django_import.py")
GOALS = {"django-import-export": "≥ 2 ×", "django-import-export, bulk": ""}


class Line(NamedTuple):
    """One child of the list."""

    name: str
    born: Any
    sex: str
    village: str
    mother: str
    school: str


def lines(rows: int) -> list[Line]:
    """Half new; half there already, every second of them at another school now."""
    chance = random.Random(11)
    query = select(Child).where(
        Child.full_name.is_not(None),
        Child.left_on.is_(None),
        Child.born_precision == Precision.DAY,
        Child.sex != Sex.UNKNOWN,
    )
    known = db.session.scalars(query.order_by(Child.id).limit(rows // 2)).all()
    found = [
        Line(
            child.full_name or "",
            child.born_on or date.min,
            str(child.sex.value),
            child.village.name,
            "",
            "Trường Tiểu học Số Hai" if number % 2 else child.school_name or "",
        )
        for number, child in enumerate(known)
    ]
    villages = db.session.scalars(select(Village.name).order_by(Village.id)).all()
    while len(found) < rows:
        name, mother = (" ".join(map(chance.choice, (SURNAMES, MIDDLE, MIDDLE, GIVEN))) for _person in range(2))
        born = date(2013, 1, 1) + timedelta(days=chance.randrange(4500))
        found.append(Line(name, born, chance.choice(("male", "female")), chance.choice(villages), mother, ""))
    return found


def workbook(rows: Sequence[Sequence[Any]]) -> bytes:
    """One sheet."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Danh sách")
    for row in rows:
        sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def tidy(found: list[Line]) -> bytes:
    """As the peer wants it."""
    headings = ("full_name", "born_on", "sex", "village", "mother", "school")
    return workbook([headings, *(line._replace(born=line.born.isoformat()) for line in found)])


def messy(found: list[Line]) -> bytes:
    """As a commune sends it."""
    dates = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d")
    rows: list[Sequence[Any]] = [
        ("UBND XÃ BẢN MẪU",), ("DANH SÁCH TRẺ EM (bịa, để đo)",), (),
        ("TT", "Họ và tên trẻ", "Ngày, tháng, năm sinh", "Nam/Nữ", "Thôn, bản", "Họ tên mẹ", "Trường đang học"),
    ]  # fmt: skip
    for number, line in enumerate(found):
        name = (line.name, line.name.upper(), f" {line.name.replace(' ', '  ')} ")[number % 3]
        born = line.born if number % 5 == 4 else f"{line.born:{dates[number % 5]}}"
        sex = {"male": ("Nam", "nam", "NAM"), "female": ("Nữ", "nữ", "Nu")}[line.sex][number % 3]
        village = (line.village, line.village.removeprefix("Thôn ").upper(), f"{line.village} ")[number % 3]
        rows.append((number + 1, name, born, sex, village, line.mother or None, line.school or None))
    rows.append((None, "Tổng cộng", len(found)))
    return workbook(rows)


def ours(database: Path, content: bytes) -> tuple[float, dict[str, int]]:
    """Seconds, and the rows by what became of them: shown to the person, then written as the worker does."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(database, Path(folder) / "mangnon.sqlite3")
        app = create_app({"MANGNON_INSTANCE": folder, "DATABASE_URL": "", "SECRET_KEY": "x" * 40})
        with app.test_request_context("/"):
            user = db.session.scalars(select(User).where(User.username == "canbo")).unique().one()
            before = db.session.scalar(select(func.count(Child.id))) or 0
            db.session.rollback()
            reading.forget()
            started = time.perf_counter()
            found = batches.look_at(user, content, "danh-sach.xlsx")
            db.session.rollback()
            with audit.writing():
                db.session.info.update(user_id=user.id, commune_id=user.commune_id)
                key = batches.keep(user, content, found).id
                db.session.commit()
                batch = access.get_batch(user, key)
                looked = batches.look_again(user, batch, batches.decisions_of(batch))
                ready = batches.make_ready(user, key, looked)
                db.session.rollback()
                batch = access.get_batch(user, key)
                batches.clear_plan(batch)
                ready.write(user, batch)
                db.session.commit()
            took = time.perf_counter() - started
            totals = {**found.plan.totals, "more": (db.session.scalar(select(func.count(Child.id))) or 0) - before}
            db.session.remove()
            db.engine.dispose()
    return took, totals


def theirs(python: str, children: Path, content: Path, *more: str) -> tuple[float, dict[str, int]]:
    """The same of the peer."""
    Path(f"{children}.sqlite3").unlink(missing_ok=True)
    command = [python, str(THEIRS), str(children), str(content), *more]
    told = json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)
    return told["seconds"], {name: count for name, count in told["totals"].items() if count}


def main() -> None:
    """Take turns, then tell the medians."""
    python = sys.argv[1]
    given = [int(one) for one in sys.argv[2:]]
    rows, children, rounds = (*given, *(3_000, 10_000, 3)[len(given) :])
    took: dict[str, list[float]] = {}
    told: dict[str, dict[str, int]] = {}
    with commune.made_up(children) as app, tempfile.TemporaryDirectory() as folder:
        database = Path(app.config["MANGNON_INSTANCE"]) / "mangnon.sqlite3"
        clean, there = Path(folder) / "list.xlsx", Path(folder) / "children.csv"
        with app.app_context():
            found = lines(rows)
            columns = (Child.full_name, Child.born_on, Child.sex, Village.name, Child.school_name)
            with there.open("w", encoding="utf-8", newline="") as file:
                query = select(*columns).join(Village, Village.id == Child.village_id)
                csv.writer(file).writerows(
                    (name or "", born or "", sex.value, village, school or "")
                    for name, born, sex, village, school in db.session.execute(query)
                )
            db.session.remove()
        with sqlite3.connect(database) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        clean.write_bytes(tidy(found))
        content = messy(found)
        for _round in range(rounds):
            for name, work in (
                ("ours", lambda: ours(database, content)),
                ("django-import-export", lambda: theirs(python, there, clean)),
                ("django-import-export, bulk", lambda: theirs(python, there, clean, "bulk")),
            ):
                seconds, told[name] = work()
                took.setdefault(name, []).append(seconds)
    print("| reader | seconds | beside ours | goal | rows |\n|---|---:|---:|---:|---|")
    for name, values in took.items():
        ratio = median(other / mine for mine, other in zip(took["ours"], values, strict=True))
        print(f"| {name} | {median(values):.2f} | {ratio:.2f} × | {GOALS.get(name, '')} | {told[name]} |")


if __name__ == "__main__":
    main()
