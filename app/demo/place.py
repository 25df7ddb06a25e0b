"""The made-up commune itself: villages, receiving offices, holidays, and the people who sign in."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from app import clock, public_holidays, report_duties
from app.demo import names
from app.demo.statuses import Staff
from models import Commune, OfficeLevel, ReceivingOffice, Role, User, UserRole, UserVillage, Village, db

VILLAGES = 12
#: The day districts were abolished.
_ABOLISHED = date(2025, 7, 1)
_OTHER_COMMUNES = (
    "xã Đồng Lúa", "xã Tre Xanh", "xã Bến Đò", "xã Hoa Gạo", "xã Cầu Đá", "xã Gò Mít", "xã Bãi Ngô", "xã Đầm Sen",
)  # fmt: skip
#: (role, username) of the commune's own sign-ins; collaborators come with their villages.
ACCOUNTS = (
    (Role.ADMINISTRATOR, "quantri"),
    (Role.OFFICER, "canbo"),
    (Role.LEADER, "lanhdao"),
    (Role.COLLABORATOR, "ctv"),
    (Role.VIEWER, "captren"),
)


def make_commune(number: int) -> Commune:
    """Commune number 0 bears the plan's names, further ones names that do not exist."""
    name = "xã Cao Thắng"
    if number:
        name = _OTHER_COMMUNES[(number - 1) % len(_OTHER_COMMUNES)]
        turn = (number - 1) // len(_OTHER_COMMUNES)
        name += f" {turn + 1}" if turn else ""
    commune = Commune(
        name=name,
        code="11278" if number == 0 else None,
        district_name="huyện Thanh Miện",
        province_name="tỉnh Hải Dương",
        plan_reference=f"Kế hoạch ngày 18/3/2024 của UBND {name} thực hiện Chỉ thị 28-CT/TW ngày 25/12/2023",
        signatory_title="CHỦ TỊCH",
        is_demo=True,
    )
    db.session.add(commune)
    db.session.flush()
    _add_offices(commune)
    for year in range(clock.today().year - 1, clock.today().year + 2):
        public_holidays.fill_year(commune.id, year)
    db.session.flush()
    report_duties.fill(commune, clock.today() - timedelta(days=60))
    return commune


def _add_offices(commune: Commune) -> None:
    """Whoever receives reports on a day follows from the dates: a page, a cover asks by today's date."""
    for name, level, valid_from, valid_to in (
        ("Phòng LĐ-TBXH huyện Thanh Miện", OfficeLevel.DISTRICT, None, date(2025, 6, 30)),
        ("Sở Y tế thành phố Hải Phòng", OfficeLevel.PROVINCE, _ABOLISHED, None),
    ):
        db.session.add(
            ReceivingOffice(commune_id=commune.id, name=name, level=level, valid_from=valid_from, valid_to=valid_to)
        )


def make_villages(commune: Commune) -> list[Village]:
    """Thôn 1 to Thôn 12."""
    villages = [
        Village(commune_id=commune.id, commune=commune, name=f"Thôn {number}", position=number)
        for number in range(1, VILLAGES + 1)
    ]
    db.session.add_all(villages)
    db.session.flush()
    return villages


def make_people(
    chance: Random, commune: Commune, villages: Sequence[Village], password_hash: str, number: int
) -> Staff:
    """One sign-in per role, and a collaborator for every village: `ctv` has the first two, then `ctv3`, `ctv4`, …"""
    ending = f"xa{number + 1}" if number else ""
    held = {"ctv": list(villages[:2])}
    accounts = list(ACCOUNTS)
    for position, village in enumerate(villages[2:], start=3):
        accounts.append((Role.COLLABORATOR, f"ctv{position}"))
        held[f"ctv{position}"] = [village]
    found: dict[str, User] = {}
    for role, username in accounts:
        user = User(
            commune=commune,
            username=username + ending,
            full_name=names.woman_name(chance) if chance.random() < 0.6 else names.man_name(chance),
            phone=names.phone(chance),
            password_hash=password_hash,
        )
        user.roles_held = [UserRole(role=role)]
        user.villages_held = [UserVillage(village_id=village.id) for village in held.get(username, [])]
        db.session.add(user)
        found[username] = user
    commune.preparer_name = found["canbo"].full_name
    commune.signatory_name = found["lanhdao"].full_name
    db.session.flush()
    collaborators = {village.id: found[username].id for username, theirs in held.items() for village in theirs}
    return Staff(found["canbo"].id, found["lanhdao"].id, collaborators)
