"""Builders: plain functions with fixed defaults, so that a failure repeats."""

from datetime import date, datetime
from typing import Any

from app import clock, identity, saving
from models import (
    Case,
    Child,
    Circumstance,
    Commune,
    Household,
    IntakeReport,
    PartialDate,
    Relative,
    RelativeKind,
    RelativeState,
    ReportState,
    Role,
    Sex,
    User,
    UserRole,
    UserVillage,
    Village,
    db,
)

#: Hashed once: Argon2 is slow by design.
PASSWORD = "măng non mọc thẳng"
_PASSWORD_HASH = identity.hash_password(PASSWORD)


class Make:
    """Makes records in the test's session."""

    def __init__(self) -> None:
        self._commune: Commune | None = None
        self._count = 0

    def _next(self) -> int:
        self._count += 1
        return self._count

    def save(self, record: Any) -> Any:
        """Add a record and flush."""
        db.session.add(record)
        db.session.commit()
        return record

    @property
    def home(self) -> Commune:
        """The commune used when none is named."""
        if self._commune is None:
            self._commune = self.commune("xã Cao Thắng")
        return self._commune

    def commune(self, name: str = "xã Bên", **values: Any) -> Commune:
        """A commune."""
        commune: Commune = self.save(Commune(name=name, province_name="tỉnh Hải Dương", **values))
        return commune

    def village(self, name: str | None = None, commune: Commune | None = None, **values: Any) -> Village:
        """A village."""
        number = self._next()
        village: Village = self.save(
            Village(commune=commune or self.home, name=name or f"Thôn {number}", position=number, **values)
        )
        return village

    def user(self, *roles: str, village: Village | None = None, commune: Commune | None = None, **values: Any) -> User:
        """Somebody with these roles."""
        number = self._next()
        values.setdefault("username", f"nguoi{number}")
        values.setdefault("full_name", f"Trần Thị Số {number}")
        user = User(
            commune=commune or (village.commune if village else self.home), password_hash=_PASSWORD_HASH, **values
        )
        user.roles_held = [UserRole(role=Role(role)) for role in roles]
        if village is not None:
            user.villages_held = [UserVillage(village_id=village.id)]
        return self.save(user)  # type: ignore[no-any-return]

    def household(self, head_name: str = "Nguyễn Văn Chủ", village: Village | None = None, **values: Any) -> Household:
        """A household."""
        village = village or self.village()
        return self.save(  # type: ignore[no-any-return]
            Household(
                commune_id=village.commune_id, village=village, village_id=village.id, head_name=head_name, **values
            )
        )

    def child(
        self,
        full_name: str | None = "Nguyễn Văn An",
        village: Village | None = None,
        born: PartialDate | date | None = date(2018, 5, 6),
        sex: Sex = Sex.MALE,
        **values: Any,
    ) -> Child:
        """A child who lives here."""
        village = village or self.village()
        code = values.pop("code", None) or saving.child_code(village.commune_id)
        child = Child(
            commune_id=village.commune_id,
            village=village,
            village_id=village.id,
            full_name=full_name,
            sex=sex,
            **values,
        )
        child.code = code
        child.birth = PartialDate(born) if isinstance(born, date) else born
        return self.save(child)  # type: ignore[no-any-return]

    def relative(
        self,
        child: Child,
        kind: RelativeKind = RelativeKind.MOTHER,
        full_name: str | None = "Trần Thị Bình",
        state: RelativeState = RelativeState.ALIVE,
        **values: Any,
    ) -> Relative:
        """A relative of a child."""
        return self.save(  # type: ignore[no-any-return]
            Relative(commune_id=child.commune_id, child=child, kind=kind, full_name=full_name, state=state, **values)
        )

    def circumstance(
        self, child: Child, kind_code: str = "d.2", *, confirmed: bool = True, **values: Any
    ) -> Circumstance:
        """A circumstance, confirmed unless told otherwise."""
        return self.save(  # type: ignore[no-any-return]
            Circumstance(
                commune_id=child.commune_id,
                child=child,
                kind_code=kind_code,
                confirmed_on=clock.today() if confirmed else None,
                **values,
            )
        )

    def report(self, by: User, child: Child | None = None, at: datetime | None = None, **values: Any) -> IntakeReport:
        """A concern sent to the officer."""
        at = at or clock.now()
        values.setdefault("happened", "Nghe trẻ khóc nhiều đêm.")
        values.setdefault("state", ReportState.SENT)
        return self.save(  # type: ignore[no-any-return]
            IntakeReport(
                commune_id=by.commune_id,
                reported_by=by,
                child=child,
                received_at=at,
                sent_at=at,
                **values,
            )
        )

    def case(self, child: Child | None = None, report: IntakeReport | None = None, **values: Any) -> Case:
        """An open case."""
        commune_id = child.commune_id if child else (report.commune_id if report else self.home.id)
        opened_by = values.pop("opened_by", None) or self.user("officer")
        values.setdefault("received_at", clock.now())
        return self.save(  # type: ignore[no-any-return]
            Case(
                commune_id=commune_id,
                number=saving.case_number(commune_id),
                opened_at=clock.now(),
                opened_by_id=opened_by.id,
                child=child,
                report=report,
                **values,
            )
        )
