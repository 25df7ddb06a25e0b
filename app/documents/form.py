"""What a form to print is: one instance per form, in a file of its own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from app.documents import words
from models import Choice, Commune


class Circulation(Choice):
    """Whom a paper is given to: its level and scope, as each paper must say (NĐ 56/2017/NĐ-CP Đ24.3)."""

    FORM = "form", _l("Theo nơi nhận ghi trong mẫu")
    DOSSIER = "dossier", _l("Lưu hồ sơ, chỉ nhóm phụ trách")
    AUTHORITY = "authority", _l("Cơ quan có thẩm quyền giải quyết vụ việc")
    PROVIDER = "provider", _l("Cơ sở cung cấp dịch vụ cho trẻ em")
    FAMILY = "family", _l("Trẻ em, cha mẹ, người chăm sóc không phải người gây tổn hại")


#: What the foot of the paper says for each; always Vietnamese.
_LEVELS: dict[Circulation, tuple[str, str]] = {
    Circulation.DOSSIER: ("Bảo mật; lưu hồ sơ vụ việc", "chỉ nhóm phụ trách vụ việc; không sao chép, phổ biến"),
    Circulation.AUTHORITY: (
        "Bảo mật; có thông tin của trẻ em",
        "cơ quan có thẩm quyền giải quyết vụ việc; không chuyển cho nơi khác",
    ),
    Circulation.PROVIDER: (
        "Bảo mật; có thông tin của trẻ em",
        "cơ sở cung cấp dịch vụ ghi trong giấy, để giúp trẻ em; không chuyển cho nơi khác",
    ),
    Circulation.FAMILY: (
        "Bảo mật; có thông tin của trẻ em",
        "trẻ em, cha, mẹ hoặc người chăm sóc không phải người gây tổn hại; không phổ biến",
    ),
}


@dataclass(frozen=True)
class Form:
    """One official form, filled from a case (or a placement, a carer: anything with a number) and one of its records."""

    #: In the address, in the file's name: "mau-05".
    code: str
    #: Our template under templates/; a commune's own one has the same file name.
    template: str
    title: Any
    #: The articles it follows.
    source: str
    #: How secret it is and who may be given it; NĐ 56/2017/NĐ-CP Đ24.3 asks each paper to say so.
    level: str
    scope: str
    #: The records of a case that this form prints, oldest first.
    records: Callable[[Any], Sequence[Any]]
    #: The date of the paper; None leaves it to be written by hand.
    dated: Callable[[Any], date | None]
    #: What its template may print, beside what every template may (`shared`).
    context: Callable[[Any, Any], Mapping[str, Any]]

    @property
    def file_name(self) -> str:
        """The template's file name."""
        return self.template.rpartition("/")[2]


def shared(
    form: Form, case: Any, record: Any, commune: Commune, circulation: Circulation = Circulation.FORM
) -> dict[str, Any]:
    """What the head, the foot and the signature of every form print."""
    level, scope = _LEVELS.get(circulation, (form.level, form.scope))
    titles = [part.strip() for part in (commune.signatory_title or "CHỦ TỊCH").replace("–", "\n").splitlines()]
    place = words.place_of(commune.name)
    return {
        "commune": {"name": commune.name, "capitals": commune.name.upper(), "province": commune.province_name},
        "paper": {
            "place_and_date": f"{place}, {words.day_words(form.dated(record))}",
            "level": level,
            "scope": scope,
            "case_number": case.number,
        },
        "signature": {"titles": titles, "name": commune.signatory_name or ""},
    }
