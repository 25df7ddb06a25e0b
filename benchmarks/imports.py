"""A list of 5,000 rows read into a commune of 10,000 children: preview, then writing; and the district workbook.

    python -m benchmarks.imports [ROWS] [CHILDREN]

Half of the rows are children who are there already, half of these with a new school; memory is the process's peak.
"""

import io
import random
import sys
import time
from datetime import date, timedelta

from openpyxl import Workbook
from sqlalchemy import func, select

from app import access, audit, clock
from app.imports import batches
from app.periods import Period
from app.workbooks import Variant, making
from benchmarks import commune
from benchmarks.search import GIVEN, MIDDLE, SURNAMES
from models import Child, Commune, Sex, User, Village, db

HEADINGS = ("STT", "Họ và tên", "Ngày sinh", "Giới tính", "Thôn", "Họ tên mẹ", "Trường")


def made_list(rows: int, seed: int = 11) -> bytes:
    """The workbook as a commune might send it."""
    chance = random.Random(seed)
    known = db.session.scalars(
        select(Child).where(Child.full_name.is_not(None), Child.left_on.is_(None)).order_by(Child.id).limit(rows // 2)
    ).all()
    villages = db.session.scalars(select(Village.name).order_by(Village.id)).all()
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Danh sách")
    sheet.append(HEADINGS)
    for number in range(rows):
        mother = " ".join(map(chance.choice, (SURNAMES, MIDDLE, MIDDLE, GIVEN)))
        if number < len(known):
            child = known[number]
            school = "Trường Tiểu học Số Hai" if number % 2 else None
            sex = "Nam" if child.sex is Sex.MALE else "Nữ"
            line = [child.full_name, str(child.birth or ""), sex, child.village.name, None, school]
        else:
            name = " ".join(map(chance.choice, (SURNAMES, MIDDLE, MIDDLE, GIVEN)))
            born = date(2013, 1, 1) + timedelta(days=chance.randrange(4500))
            line = [name, f"{born:%d/%m/%Y}", chance.choice(("Nam", "Nữ")), chance.choice(villages), mother, None]
        sheet.append([number + 1, *line])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def timed(name: str, started: float, more: str = "") -> None:
    """Tell one line of the table."""
    took = time.perf_counter() - started
    print(f"| {name} | {took:.1f} s | {commune.peak_memory():.0f} MB | {more} |", flush=True)


def main() -> None:
    rows, children = (*(int(argument) for argument in sys.argv[1:]), *(5_000, 10_000)[len(sys.argv) - 1 :])
    with commune.made_up(children) as app, app.test_request_context("/"):
        print("| step | time | peak memory so far | |\n|---|---:|---:|---|")
        home = db.session.scalars(select(Commune)).one()
        for _round in range(3):
            started = time.perf_counter()
            asked = making.brief(home, Period.of_year(clock.today().year), Variant.CODED)
            made = making.make("district", asked)
            timed("district workbook", started, f"{made.row_count} rows")
        content = made_list(rows)
        timed("(the list made)", time.perf_counter(), f"{len(content) / 1000:.0f} kB")
        user = db.session.scalars(select(User).where(User.username == "canbo")).unique().one()
        started = time.perf_counter()
        found = batches.look_at(user, content, "danh-sach.xlsx")
        timed("preview: read, match, plan", started, str(found.plan.totals))
        db.session.rollback()
        with audit.writing():
            db.session.info.update(user_id=user.id, commune_id=user.commune_id)
            started = time.perf_counter()
            batch = batches.keep(user, content, found)
            db.session.commit()
            timed("preview: kept", started)
            started = time.perf_counter()
            key = batch.id
            looked = batches.look_again(user, batch, batches.decisions_of(batch))
            timed("write: planned anew, no lock", started)
            started = time.perf_counter()
            ready = batches.make_ready(db.session.get_one(User, user.id), key, looked)
            timed("write: rows made ready, no lock", started)
            user = db.session.get_one(User, user.id)
            db.session.rollback()
            started = time.perf_counter()
            batch = access.get_batch(user, key)
            overtaken = batches.is_overtaken(user, looked)
            batches.clear_plan(batch)
            ready.write(user, batch)
            db.session.commit()
            timed("write: with the lock held", started, "overtaken" if overtaken else "done")
        print(f"children now: {db.session.scalar(select(func.count(Child.id)))}")


if __name__ == "__main__":
    main()
