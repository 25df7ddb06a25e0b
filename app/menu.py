"""The menu: a few sections, the pages of each; only what the person signed in may open."""

from dataclasses import dataclass
from functools import cache

from flask import request, url_for
from flask_babel import lazy_gettext as _l, lazy_pgettext as _lp, pgettext

from app import access, identity
from app.permissions import PERMISSIONS
from models import Role

#: (section, [(permission, endpoint, label)]) in the order of the menu.
_SECTIONS = (
    (_l("Việc của tôi"), [("home.show", "home.index", _l("Việc của tôi"))]),
    (
        _lp("many", "Trẻ em"),
        [
            ("child.list", "children.index", _l("Danh sách trẻ em")),
            ("household.list", "households.index", _lp("many", "Hộ gia đình")),
            ("child.list", "villages.index", _l("Các thôn")),
            ("import.run", "imports.index", _l("Nhập danh sách")),
            ("child.merge", "duplicates.index", _l("Có thể trùng")),
        ],
    ),
    (_l("Duyệt"), [("review.decide", "review.index", _l("Duyệt"))]),
    (
        _lp("many", "Vụ việc"),
        [
            ("case.list", "cases.index", _l("Danh sách vụ việc")),
            ("concern.list", "cases.concerns", _l("Tin báo")),
            ("care.list", "care.index", _l("Chăm sóc thay thế")),
        ],
    ),
    (
        _l("Hỗ trợ"),
        [
            ("service.list", "services.index", _lp("many", "Dịch vụ")),
            ("provider.list", "services.providers", _lp("many", "Nơi cung cấp")),
            ("entitlement.list", "entitlements.index", _lp("many", "Quyền lợi")),
        ],
    ),
    (
        _l("Số liệu, báo cáo"),
        [
            ("dashboard.show", "dashboard.index", _l("Tổng quan")),
            ("figures.show", "figures.index", _l("Số liệu")),
            ("workbook.download", "workbooks.index", _l("Xuất biểu")),
            ("period_report.list", "reports.index", _lp("many", "Báo cáo")),
            ("sent_figures.show", "superior.index", _l("Biểu các xã gửi")),
        ],
    ),
    (_l("Cài đặt"), [("setting.edit", "admin.index", _l("Cài đặt"))]),
)

#: Pages of a group that stands in no menu → where one comes to them from, the first that one may open.
_UNDER = {"privacy": ("admin.index", "children.index"), "choices": ("children.index",), "bulk": ("children.index",)}


@dataclass(frozen=True)
class Entry:
    """One link: what it says, where it leads, whether it is where the reader is."""

    label: str
    address: str
    is_here: bool
    icon: str = ""


@dataclass(frozen=True)
class Section:
    """A link of the first row, and the pages under it (none when there is but one)."""

    label: str
    address: str
    is_here: bool
    pages: list[Entry]


def sections() -> list[Section]:
    """The menu of the person signed in. A section with one page is that page."""
    user = access.signed_in_user()
    allowed = _allowed(frozenset(user.roles), identity.language(), request.root_path)
    above = _above([endpoint for _label, pages in allowed for endpoint, _text, _address in pages])
    found = []
    for label, pages in allowed:
        here = _here({endpoint: address for endpoint, _text, address in pages}, above)
        entries = [Entry(text, address, endpoint == here) for endpoint, text, address in pages]
        if len(entries) == 1:
            found.append(Section(entries[0].label, entries[0].address, entries[0].is_here, []))
        else:
            found.append(Section(label, entries[0].address, here is not None, entries))
    return found


@cache
def _allowed(roles: frozenset[Role], language: str, root: str) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """[(section, [(endpoint, label, address)])] that these roles may open. The language is that of whoever asks, the root
    where the program is mounted; found once, for every page shows it."""
    found = []
    for label, entries in _SECTIONS:
        pages = [
            (endpoint, str(text), url_for(endpoint))
            for permission, endpoint, text in entries
            if PERMISSIONS[permission] & roles
        ]
        if pages:
            found.append((str(label), pages))
    return found


def _above(mine: list[str]) -> str | None:
    """The entry under which a page lies whose group has none."""
    group = (request.endpoint or "").split(".")[0]
    named = f"{request.args.get('list')}.index"
    if group == "choices" and named in mine:
        return named
    known = _UNDER.get(group, ())
    if (request.view_args or {}).get("child_id"):
        known = known[::-1]
    return next((endpoint for endpoint in known if endpoint in mine), None)


def _here(addresses: dict[str, str], above_it: str | None) -> str | None:
    """The entry the reader is at: the very page, else the one her page lies under, else the first of the same blueprint."""
    if above_it in addresses:
        return above_it
    endpoint = request.endpoint or ""
    if endpoint in addresses:
        return endpoint
    above = [
        one
        for one, address in addresses.items()
        if address != "/" and request.path.startswith(f"{address.rstrip('/')}/")
    ]
    if above:
        return max(above, key=lambda one: len(addresses[one]))
    group = endpoint.split(".")[0]
    return next((one for one in addresses if one.split(".")[0] == group), None)


def tabs() -> list[Entry]:
    """The bar at the foot of a phone, for who walks the village: her tasks, one tap each."""
    user = access.signed_in_user()
    if access.may(user, "review.decide") or not access.may(user, "concern.report"):
        return []
    entries = [
        ("home.show", "home.index", "work", pgettext("tab", "Việc")),
        ("child.list", "children.index", "child", pgettext("tab", "Trẻ em")),
        ("concern.report", "cases.new_concern", "report", pgettext("tab", "Báo tin")),
        ("service.add", "services.index", "gift", pgettext("tab", "Dịch vụ")),
        ("review.answers", "review.answers", "answer", pgettext("tab", "Trả lời")),
    ]
    return [
        Entry(label, url_for(endpoint), request.endpoint == endpoint, icon)
        for permission, endpoint, icon, label in entries
        if access.may(user, permission)
    ]
