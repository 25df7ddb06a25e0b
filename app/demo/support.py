"""Providers of the made-up commune, and what children were given: the plan's programmes, gifts, visits."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from app.demo import names
from app.demo.population import Home, Kid, age
from app.demo.statuses import Staff
from app.demo.store import Store
from models import (
    FundingSource,
    Incident,
    IncidentKind,
    IncidentOutcome,
    IncidentPlace,
    Inspection,
    Programme,
    Provider,
    ProviderKind,
    Service,
    ServiceKind,
    ServiceOutcome,
    clean,
)

_PROVIDERS = (
    ("Trạm Y tế xã", ProviderKind.HEALTH),
    ("Trung tâm Y tế khu vực", ProviderKind.HEALTH),
    ("Bệnh viện Phục hồi chức năng tỉnh", ProviderKind.HEALTH),
    ("Trường Mầm non của xã", ProviderKind.SCHOOL),
    ("Trường Tiểu học của xã", ProviderKind.SCHOOL),
    ("Trường THCS của xã", ProviderKind.SCHOOL),
    ("Trung tâm Công tác xã hội và Bảo trợ xã hội tỉnh", ProviderKind.CARE_FACILITY),
    ("Trung tâm Trợ giúp pháp lý nhà nước", ProviderKind.AUTHORITY),
    ("Hội Chữ thập đỏ xã", ProviderKind.CHARITY),
    ("Nhóm thiện nguyện Hoa Gạo", ProviderKind.CHARITY),
    ("Công ty may Thanh Bình", ProviderKind.ENTERPRISE),
    ("Đoàn Thanh niên xã", ProviderKind.AUTHORITY),
)


@dataclass(frozen=True)
class _Help:
    """One sort of help: what, by whom (place in the list above), paid how."""

    kind: ServiceKind
    description: str
    programme: Programme
    provider: int
    funding: FundingSource
    cost: int = 0
    quantity: str | None = None
    sponsor: str | None = None


_STATE, _FUND, _SPONSOR, _NONE = FundingSource.STATE, FundingSource.FUND, FundingSource.SPONSOR, FundingSource.NONE
_DISABLED = (
    _Help(ServiceKind.HEALTH, "Phục hồi chức năng", Programme.DISABILITY, 2, _STATE, 800_000),
    _Help(ServiceKind.HEALTH, "Khám sàng lọc khuyết tật", Programme.DISABILITY, 1, _STATE),
    _Help(ServiceKind.EDUCATION, "Hỗ trợ học hòa nhập", Programme.DISABILITY, 4, _STATE, 500_000),
)
_ORPHAN = (
    _Help(
        ServiceKind.GIFT,
        "Học bổng cho trẻ em mồ côi",
        Programme.MENTAL_ORPHAN,
        10,
        _SPONSOR,
        1_000_000,
        "1 suất",
        "Công ty may Thanh Bình",
    ),
    _Help(ServiceKind.PSYCHOLOGY, "Tham vấn tâm lý", Programme.MENTAL_ORPHAN, 6, _STATE),
)
_HARMED = (
    _Help(ServiceKind.COUNSELLING, "Tư vấn cho trẻ em và gia đình", Programme.ABUSE, 6, _NONE),
    _Help(ServiceKind.LEGAL, "Trợ giúp pháp lý", Programme.ABUSE, 7, _STATE),
)
_WORKING = (_Help(ServiceKind.EDUCATION, "Vận động trở lại trường", Programme.LABOUR, 5, _NONE),)
_SMALL = (
    _Help(ServiceKind.HEALTH, "Cân, đo, tư vấn dinh dưỡng", Programme.EARLY_YEARS, 0, _STATE),
    _Help(ServiceKind.COUNSELLING, "Tư vấn cha mẹ về những năm đầu đời", Programme.EARLY_YEARS, 3, _NONE),
)
_BIG = (
    _Help(ServiceKind.EDUCATION, "Lớp dạy bơi an toàn", Programme.INJURY, 11, _FUND, 300_000),
    _Help(ServiceKind.OTHER, "Diễn đàn trẻ em của xã", Programme.FRIENDLY_COMMUNE, 11, _STATE),
)
_GIFTS = (
    _Help(ServiceKind.GIFT, "Quà Quốc tế Thiếu nhi 1/6", Programme.ACTION, 8, _FUND, 200_000, "1 suất"),
    _Help(
        ServiceKind.GIFT,
        "Quà Tết Trung thu",
        Programme.ACTION,
        9,
        _SPONSOR,
        150_000,
        "1 suất",
        "Nhóm thiện nguyện Hoa Gạo",
    ),
    _Help(
        ServiceKind.GIFT,
        "Xe đạp đến trường",
        Programme.ACTION,
        10,
        _SPONSOR,
        1_500_000,
        "1 chiếc",
        "Công ty may Thanh Bình",
    ),
)


class Support:
    """Gives services to the children of one commune."""

    def __init__(self, chance: Random, today: date, staff: Staff, store: Store) -> None:
        self.chance = chance
        self.today = today
        self.staff = staff
        self.store = store
        self.providers: list[int] = []

    def add_providers(self) -> list[int]:
        """The providers; their keys in the order of the list above."""
        self.providers = [
            self.store.add(
                Provider,
                name=name,
                name_key=clean.fold(name),
                sort_key=clean.collation_key(name),
                kind=kind,
                phone=names.phone(self.chance),
            )
            for name, kind in _PROVIDERS
        ]
        self._inspect()
        return self.providers

    def _inspect(self) -> None:
        """The care facility and two schools were visited this year; what one visit found is not mended in time."""
        for place, days, findings, mended in (
            (6, 40, "Bếp ăn chưa có lưới chắn côn trùng; sổ theo dõi sức khỏe chưa ghi đủ.", False),
            (3, 75, "Cầu trượt gãy bậc, đã rào lại trong ngày.", True),
            (4, 75, "Đủ điều kiện, không có tồn tại.", None),
        ):
            visited = self.today - timedelta(days=days)
            self.store.add(
                Inspection,
                provider_id=self.providers[place],
                visited_on=visited,
                inspectors="Đoàn kiểm tra liên ngành của xã",
                findings=findings,
                mend_by=visited + timedelta(days=30) if mended is not None else None,
                mended_on=visited + timedelta(days=9) if mended else None,
            )

    def give(self, homes: list[Home]) -> None:
        """Services of the last year and a half: to most children in need, and to some of all."""
        for home in homes:
            for kid in home.here(self.today):
                for help_ in self._fitting(kid):
                    self._service(kid, help_)
                self._incident(kid)

    def _incident(self, kid: Kid) -> None:
        """An accident of this year to a few; by the child's key, so that nothing else of the commune depends on it."""
        if kid.id % 97 != 5:
            return
        kinds, places = list(IncidentKind)[:9], list(IncidentPlace)
        day = self.today - timedelta(days=kid.id % 200)
        self.store.add(
            Incident,
            child_id=kid.id,
            kind=kinds[kid.id // 97 % len(kinds)],
            happened_on=max(day, kid.born_on),
            place=places[kid.id // 97 % len(places)],
            outcome=IncidentOutcome.TREATED,
            note=None,
        )

    def _fitting(self, kid: Kid) -> list[_Help]:
        chance = self.chance
        chosen: list[_Help] = []
        groups = {code[0] for code in kid.kinds}
        for letters, offers in (("d", _DISABLED), ("ac", _ORPHAN), ("im", _HARMED), ("h", _WORKING)):
            if groups & set(letters) and chance.random() < 0.8:
                chosen.append(chance.choice(offers))
        if kid.kinds and chance.random() < 0.5:
            chosen.append(chance.choice(_GIFTS))
        if chance.random() < 0.04:
            chosen.append(chance.choice(_SMALL if age(kid, self.today) < 8 else _BIG))
        return chosen

    def _service(self, kid: Kid, help_: _Help) -> None:
        chance = self.chance
        latest = min(500, (self.today - kid.born_on).days)
        started = self.today - timedelta(days=chance.randrange(0, max(1, latest)))
        is_open = (self.today - started).days < 60 and chance.random() < 0.6
        done = None if is_open else min(self.today, started + timedelta(days=chance.randrange(0, 40)))
        self.store.add(
            Service,
            child_id=kid.id,
            provider_id=self.providers[help_.provider],
            recorded_by_id=self.staff.collaborators[kid.home.village_id],
            kind=help_.kind,
            description=help_.description,
            programme=help_.programme,
            requested_on=max(kid.born_on, started - timedelta(days=chance.randrange(0, 20))),
            due_on=started + timedelta(days=chance.randrange(10, 60)),
            started_on=started,
            done_on=done,
            outcome=ServiceOutcome.OPEN if is_open else ServiceOutcome.DONE,
            quantity=help_.quantity,
            cost=help_.cost or None,
            funding=help_.funding,
            sponsor_name=help_.sponsor,
        )
