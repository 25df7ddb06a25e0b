"""The lists of a workbook of a past period tell each child as it stood on that day, not as it is now."""

import io
from datetime import date, datetime, timedelta
from typing import Any

import openpyxl
import pytest

from app import clock, enrolment
from app.periods import Period
from app.workbooks import Variant, making
from models import (
    BirthRegistration,
    Household,
    HouseholdStatus,
    MovementKind,
    Poverty,
    RelativeKind,
    RelativeState,
    Schooling,
    Service,
    ServiceKind,
    User,
    db,
)
from tests.make import Make

LAST = date(2026, 3, 31)


@pytest.fixture
def officer(make: Make) -> User:
    return make.user("officer")


def book(make: Make, period: str) -> dict[str, list[dict[str, Any]]]:
    """{sheet: its rows by heading} of the coded district workbook."""
    content = making.make("district", making.brief(make.home, Period.read(period), Variant.CODED)).content
    found = {}
    for sheet in openpyxl.load_workbook(io.BytesIO(content)).worksheets[1:]:
        rows = list(sheet.iter_rows(values_only=True))
        head = next(number for number, row in enumerate(rows) if row[0] in ("STT", "Mã", "Chương trình", "Danh mục"))
        found[sheet.title] = [dict(zip(rows[head], row, strict=True)) for row in rows[head + 1 :]]
    return found


def only(rows: list[dict[str, Any]], code: str) -> dict[str, Any]:
    [row] = [row for row in rows if row["Mã trẻ em"] == code]
    return row


def test_what_changed_after_the_day_is_told_as_it_was(
    make: Make, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 2, 2, 9, tzinfo=clock.LOCAL))
    east, west = make.village("Thôn Đông"), make.village("Thôn Tây")
    poor: Household = make.household(village=east)
    make.save(HouseholdStatus(household=poor, year=2026, status=Poverty.POOR))
    child = make.child(
        "Lê Văn Một", east, date(2016, 5, 5), household_id=poor.id, schooling=Schooling.PRIMARY, personal_id=None,
        birth_registration=BirthRegistration.NOT_REGISTERED,
    )  # fmt: skip
    for kind in ("a.1", "d.2"):
        make.circumstance(child, kind, started_on=date(2026, 1, 5))
    father = make.relative(child, RelativeKind.FATHER, state=RelativeState.DEAD)
    mother = make.relative(child, RelativeKind.MOTHER, state=RelativeState.ALIVE)
    make.save(Service(commune_id=make.home.id, child=child, kind=ServiceKind.GIFT, done_on=date(2026, 2, 1)))
    case = make.case(child, village_id=east.id)
    before = book(make, "2026-Q1")

    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 6, 1, 9, tzinfo=clock.LOCAL))
    enrolment.move(officer, child, MovementKind.MOVED_VILLAGE, date(2026, 5, 1), to_village_id=west.id)
    child.household_id, child.schooling = None, Schooling.DROPPED_OUT
    child.personal_id, child.birth_registration = "030216000001", BirthRegistration.REGISTERED
    mother.state, father.full_name = RelativeState.DEAD, "Lê Văn Cha"
    case.closed_at = clock.now()
    for held in child.circumstances:
        if held.kind_code == "d.2":
            held.ended_on = LAST + timedelta(days=9)
    db.session.commit()

    after = book(make, "2026-Q1")

    for sheet in ("TE hoàn cảnh đặc biệt", "TE mồ côi", "Đối chiếu dân cư", "Dịch vụ, hỗ trợ"):
        assert after[sheet] == before[sheet], sheet
    told = only(after["TE hoàn cảnh đặc biệt"], child.code)
    assert (told["Thôn"], told["Diện hộ"], told["Nhóm, tiểu nhóm"]) == ("Thôn Đông", "Hộ nghèo", "a.1; d.2")
    assert only(after["Dịch vụ, hỗ trợ"], child.code)["Thôn"] == "Thôn Đông"
    assert only(after["Vụ việc"], child.code)["Ngày kết thúc"] is None
    now = only(book(make, "2026-06")["TE hoàn cảnh đặc biệt"], child.code)
    assert (now["Thôn"], now["Diện hộ"], now["Nhóm, tiểu nhóm"]) == ("Thôn Tây", None, "a.1")
