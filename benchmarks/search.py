"""Search by name and depth of paging, in SQL: 100,000 children in 20 communes on SQLite.

    python -m benchmarks.search [CHILDREN] [COMMUNES]

A search is what the list asks: 51 rows in name order, and the count. A page is what app/paging.py asks.
"""

import random
import sys
from datetime import date
from itertools import islice
from statistics import median

from flask import Flask
from sqlalchemy import insert, select

from app import access, migrating, paging, register, search
from benchmarks import commune
from models import Child, Commune, User, Village, clean, db

SURNAMES = "Nguyễn Trần Lê Phạm Hoàng Vũ Đặng Bùi Đỗ Hồ Ngô Dương".split()
MIDDLE = "Văn Thị Đức Ngọc Minh Thanh Quốc Hồng Xuân Gia".split()
GIVEN = (
    "An Anh Bình Châu Dũng Đạt Giang Hà Hải Hiếu Hoa Huy Khánh Lan Linh Long Mai Nam Nga Phúc Quân Sơn Tú Yến".split()
)
VILLAGES = 8
ASKED = ("an", "nguyen van", "dat", "tran thi", "thi ngoc linh", "yen gia", "khong co ai", "034")


def fill(children: int, communes: int) -> None:
    """Communes of equal size; every child has a mother, for search looks there too."""
    chance = random.Random(7)
    places = []
    for number in range(communes):
        home = Commune(name=f"xã Số {number}", province_name="tỉnh Để Đo", is_demo=True)
        villages = [Village(commune=home, name=f"Thôn {at}", position=at) for at in range(1, VILLAGES + 1)]
        db.session.add_all(villages)
        places.append(villages)
    db.session.flush()
    rows = (_child(chance, places[number % communes], number) for number in range(children))
    while chunk := list(islice(rows, 10_000)):
        db.session.execute(insert(Child), chunk)
    db.session.commit()
    migrating.analyse()


def _child(chance: random.Random, villages: list[Village], number: int) -> dict[str, object]:
    name, mother = (" ".join(map(chance.choice, (SURNAMES, MIDDLE, MIDDLE, GIVEN))) for _person in range(2))
    village = villages[chance.randrange(VILLAGES)]
    personal_id, code = f"034{number:09d}", f"TE-{number:06d}"
    return {
        "commune_id": village.commune_id,
        "village_id": village.id,
        "code": code,
        "full_name": name,
        "personal_id": personal_id,
        "born_on": date.fromordinal(date(2012, 1, 1).toordinal() + number % 4000),
        "sex": chance.choice(("male", "female")),
        "name_key": clean.fold(name),
        "sort_key": clean.name_sort_key(name),
        "search_key": search.child_search_key(name, [mother], None, personal_id, code),
    }


def searches(user: User) -> None:
    """Time the two statements of a search, without making objects of the rows."""
    both = []
    for words in ASKED:
        query = register.children(user, None, words)
        first = query.with_only_columns(Child.id).order_by(Child.sort_key, Child.id).limit(51)
        count = register.count_children(user, None, words)
        rows = commune.times(lambda first=first: db.session.execute(first).all(), 40)
        counts = commune.times(lambda words=words: register.count_children(user, None, words), 40)
        both += rows
        print(f"| {words} | {count} | {commune.told(rows)} | {commune.told(counts)} |")
    print(f"| all, rows only | | {commune.told(both)} | | |")


def depths(app: Flask, user: User) -> None:
    """Time the page at each depth, objects included."""
    query = register.children(user)
    ids = db.session.scalars(query.with_only_columns(Child.id).order_by(Child.sort_key, Child.id)).all()
    firsts: list[float] = []
    for share in (0, 0.1, 0.5, 0.9, 1):
        at = int(share * (len(ids) - paging.PAGE_SIZE - 1))
        with app.test_request_context(f"/?after={ids[at]}" if at else "/"):
            took = commune.times(lambda: (db.session.expunge_all(), paging.page(query, Child, Child.sort_key)), 40)
            db.session.remove()
        firsts = firsts or took
        ratios = f"{median(took) / median(firsts):.2f} | {commune.p95(took) / commune.p95(firsts):.2f}"
        print(f"| {at // paging.PAGE_SIZE + 1} of {len(ids) // paging.PAGE_SIZE} | {commune.told(took)} | {ratios} |")


def main() -> None:
    children, communes = (*(int(argument) for argument in sys.argv[1:]), *(100_000, 20)[len(sys.argv) - 1 :])
    with commune.empty() as app, app.app_context():
        fill(children, communes)
        home = db.session.scalars(select(Commune.id).order_by(Commune.id)).all()[communes // 2]
        user = access.commune_reader(home)
        print("| words | found | rows median ms | p95 | count median ms | p95 |\n|---|---:|---:|---:|---:|---:|")
        searches(user)
        print("\n| page | median ms | p95 ms | median : first page | p95 : first page |\n|---|---:|---:|---:|---:|")
        depths(app, user)


if __name__ == "__main__":
    main()
