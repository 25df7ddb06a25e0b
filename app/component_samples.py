"""What the page of components shows them with: everybody and everything invented, long names and empty places among them."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from wtforms.fields.choices import SelectChoice

from app import clock
from app.dashboard import Bar, Chart
from app.forms import (
    BaseForm,
    ChecksField,
    ChoiceField,
    Conflict,
    DateField,
    NumberField,
    PartialDateField,
    RadiosField,
    Required,
    TextAreaField,
    TextField,
)
from app.history import Entry
from app.paging import Page
from models import LeftOut, PartialDate, Poverty, Precision, Sex

LONG = "Nguyễn Hoàng Phương Thuỳ Dương Ưỡng Nghiễn, xã Chiềng Khừa Mường Lạn, tỉnh Để Thử"


class SampleForm(BaseForm):
    """One field of each kind."""

    full_name = TextField("Họ và tên", description="Như trên giấy khai sinh.", validators=[Required()])
    note = TextAreaField("Ghi chú")
    born_on = PartialDateField("Ngày sinh", precision="born_precision", validators=[Required()])
    decided_on = DateField("Ngày quyết định")
    amount = NumberField("Số tiền")
    sex = RadiosField("Giới tính", choices=[SelectChoice(sex.value, sex.label) for sex in Sex], validators=[Required()])
    standing = ChoiceField(
        "Diện hộ", choices=[SelectChoice("", "–"), *(SelectChoice(one.value, one.label) for one in Poverty)]
    )
    days = ChecksField("Ngày đến", choices=[SelectChoice("mon", "Thứ hai"), SelectChoice("tue", "Thứ ba")])


def forms() -> dict[str, SampleForm]:
    """The form as it is opened, filled in, with errors, and after somebody else saved."""
    found = {
        name: SampleForm(formdata=None, prefix=name, meta={"csrf": False})
        for name in ("empty", "full", "wrong", "stale")
    }
    full = found["full"]
    full.full_name.data, full.note.data, full.sex.data = LONG, f"{LONG}\n{LONG}", Sex.FEMALE.value
    full.born_on.data, full.amount.data, full.days.data = (
        PartialDate(date(2019, 12, 31), Precision.YEAR),
        1_250_000,
        ["tue"],
    )
    wrong = found["wrong"]
    wrong.validate()
    wrong.add_error("note", "Viết ngắn hơn, nhiều nhất 200 ký tự")
    found["stale"].conflicts = [
        Conflict("Họ và tên", "Trần Thị Hòa", "Trần Thị Hoà", LONG),
        Conflict("Ngày sinh", "–", "2019", "05/06/2019"),
    ]
    return found


def children() -> list[Any]:
    """A child of a long name, and one without."""
    village = SimpleNamespace(name="Thôn Đông")
    return [
        SimpleNamespace(id=1, full_name=LONG, birth=PartialDate(date(2019, 6, 5)), village=village),
        SimpleNamespace(id=2, full_name=None, birth=None, village=village),
    ]


def charts() -> list[Chart]:
    """Of one series, of two, and without figures."""
    return [
        Chart("one", "Một dãy", ("Số trẻ em",), (Bar("a. Trẻ em mồ côi cả cha và mẹ", (10,)), Bar(LONG, (0,)))),
        Chart(
            "two",
            "Hai dãy",
            ("Đúng hạn", "Quá hạn"),
            (Bar("Thôn Đông", (7, 12)), Bar("Thôn Tây", (0, 1))),
            "Chú thích.",
        ),
        Chart("none", "Chưa có gì", ("Số trẻ em",), ()),
    ]


def samples() -> dict[str, Any]:
    """All that the page shows, by the names it uses."""
    today = clock.today()
    return {
        "forms": forms(),
        "long": LONG,
        "chosen": children(),
        "left_out_by": {LeftOut.STALE: children(), LeftOut.CONFLICT: children()[:1]},
        "charts": charts(),
        "spans": [
            SimpleNamespace(started_on=today - timedelta(days=400), ended_on=today),
            SimpleNamespace(started_on=today, ended_on=None),
            SimpleNamespace(started_on=None, ended_on=today),
        ],
        "middle": Page([], 1, 2),
        "kept_ones": [
            SimpleNamespace(id=1, name=LONG, filters={"sex": "male"}),
            SimpleNamespace(id=2, name="Nữ", filters={"sex": "female"}),
        ],
        "entries": [
            Entry(
                "Sửa · Trẻ em", clock.now(), LONG, [("Họ và tên", "Trần Hoà", LONG), ("Ngày sinh", "–", "05/06/2019")]
            ),
            Entry("Thêm · Trẻ em", clock.now(), None, [], is_added=True),
        ],
    }
