"""The people who sign in: added, changed, disabled, given a new password. Adds and flushes; whoever calls commits."""

import re
import secrets
from collections.abc import Iterable
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import Select, func, select

from app import access, audit, clock, identity, second_factor
from models import Commune, Phone, PhoneCode, Role, User, UserRole, UserVillage, Village, clean, db

#: What may stand in a user name: it is typed on phones, so no accents, capitals or signs.
_USERNAME = re.compile(r"[a-z0-9]{2,40}")
#: Letters and digits that are not taken for one another when read out.
_CLEAR = "abcdefghkmnpqrstuvwxyz23456789"


#: Roles that only an administrator gives, takes or touches.
ABOVE_OFFICERS = frozenset({Role.ADMINISTRATOR, Role.LEADER})
#: A one-time password not used for so long opens nothing.
ONE_TIME_HOURS = 72


def one_time_password() -> str:
    """A random password to be told once and changed at the first sign-in: abcd-efgh-jkmn."""
    groups = ["".join(secrets.choice(_CLEAR) for _letter in range(4)) for _group in range(3)]
    return "-".join(groups)


def username_problem(username: str | None, user: User | None = None) -> str | None:
    """Why a user name cannot be given to this person, in words; None when it can."""
    if username is None or not _USERNAME.fullmatch(username):
        return _("Tên đăng nhập chỉ gồm chữ thường không dấu và chữ số, từ 2 đến 40 ký tự")
    taken = db.session.scalars(select(User.id).where(func.lower(User.username) == username)).first()
    if taken is not None and (user is None or taken != user.id):
        return _("Tên đăng nhập này đã có người dùng")
    return None


def roles_problem(
    giver: User | None, roles: Iterable[Role], villages: Iterable[int], user: User | None = None
) -> str | None:
    """Why somebody may not give these roles, in words; None when she may. `giver` None: the console.

    Only an administrator who is no officer makes administrators and leaders, or takes these roles away; nobody changes
    her own roles, nor is officer and leader at once (NĐ 56/2017 Đ28.4); one such administrator always stays: so an officer
    cannot raise herself, nor anybody lock the installation. See docs/decisions/0062-who-may-touch-a-leader.md.
    """
    wanted, held = set(roles), set(user.roles) if user else set()
    if not wanted:
        return _("Chọn ít nhất một vai trò")
    if Role.COLLABORATOR in wanted and not list(villages):
        return _("Cộng tác viên cần ít nhất một thôn")
    if giver is not None and user is not None and giver.id == user.id and wanted != held:
        return _("Không tự đổi vai trò của mình; nhờ người khác có quyền")
    if giver is not None and ABOVE_OFFICERS & (wanted | held) and not may_manage_administrators(giver):
        return _("Chỉ người quản trị không kiêm công chức mới giao hoặc đổi vai trò quản trị, lãnh đạo")
    if {Role.OFFICER, Role.LEADER} <= wanted and wanted != held:
        return _("Người lập kế hoạch không tự phê duyệt: không giao một người vừa làm công chức vừa làm lãnh đạo")
    if user is not None and is_last_administrator(user) and not _is_free_administrator(wanted):
        return _("Cần giữ lại ít nhất một người quản trị không kiêm công chức")
    return None


def may_manage_administrators(user: User) -> bool:
    """Whether somebody may add, change or disable administrators and leaders."""
    return _is_free_administrator(user.roles)


def _is_free_administrator(roles: Iterable[Role]) -> bool:
    """An administrator who writes no plans that a leader approves."""
    held = set(roles)
    return Role.ADMINISTRATOR in held and Role.OFFICER not in held


def may_change(giver: User, user: User) -> bool:
    """Whether somebody may change this person at all: an officer may not touch an administrator or a leader.

    Who could reset a leader's password, or take her second factor away, could approve her own plans (NĐ 56/2017 Đ28.4).
    """
    return access.may(giver, "user.edit") and (not ABOVE_OFFICERS & user.roles or may_manage_administrators(giver))


def is_last_administrator(user: User) -> bool:
    """Whether nobody else of the commune is an enabled administrator who is no officer."""
    if not _is_free_administrator(user.roles):
        return False
    officers = select(UserRole.user_id).where(UserRole.role == Role.OFFICER)
    others = (
        select(User.id)
        .join(UserRole)
        .where(
            UserRole.role == Role.ADMINISTRATOR,
            User.commune_id == user.commune_id,
            User.is_enabled,
            User.id != user.id,
            User.id.not_in(officers),
        )
    )
    return db.session.scalars(others).first() is None


def add(
    giver: User | None,
    commune: Commune,
    username: str,
    full_name: str,
    roles: Iterable[Role],
    villages: Iterable[Village] = (),
    *,
    phone: str | None = None,
    password: str | None = None,
) -> User:
    """A new person. Without a password of her own she gets none yet: follow with `reset_password`."""
    user = User(
        commune=commune,
        username=username,
        full_name=full_name,
        phone=phone,
        password_hash=identity.hash_password(password or secrets.token_urlsafe(32)),
        must_change_password=password is None,
    )
    _set_roles(user, roles)
    _set_villages(user, {village.id for village in villages})
    db.session.add(user)
    db.session.flush()
    audit.record("user_added", giver, user, commune_id=commune.id, roles=sorted(user.roles))
    return user


def change(giver: User | None, user: User, roles: Iterable[Role], village_ids: Iterable[int]) -> None:
    """Other roles or villages: whoever was signed in with the old ones must sign in again."""
    wanted, villages = set(roles), set(village_ids)
    fields = []
    if wanted != set(user.roles):
        _set_roles(user, wanted)
        fields.append("roles")
    if villages != set(user.village_ids):
        _set_villages(user, villages)
        fields.append("villages")
    if fields:
        identity.end_sessions(user)
    db.session.flush()
    audit.record("user_changed", giver, user, commune_id=user.commune_id, fields=fields or ["details"])


def reset_password(giver: User | None, user: User) -> str:
    """A new one-time password, told once; every device of the person is signed out, her phones, open codes and passkeys end."""
    password = one_time_password()
    user.password_ends_at = clock.now() + timedelta(hours=ONE_TIME_HOURS)
    user.password_hash = identity.hash_password(password)
    user.must_change_password = True
    second_factor.forget_passkeys(user)
    for phone in db.session.scalars(select(Phone).where(Phone.user_id == user.id, Phone.ended_at.is_(None))):
        phone.ended_at = clock.now()
    for code in db.session.scalars(select(PhoneCode).where(PhoneCode.user_id == user.id, PhoneCode.used_at.is_(None))):
        code.used_at = clock.now()
    identity.end_sessions(user)
    db.session.flush()
    audit.record("user_changed", giver, user, commune_id=user.commune_id, fields=["password"])
    return password


def set_enabled(giver: User | None, user: User, *, enabled: bool) -> None:
    """Let a person sign in again, or no longer; what she recorded stays hers."""
    user.is_enabled = enabled
    if not enabled:
        identity.end_sessions(user)
    db.session.flush()
    audit.record("user_changed", giver, user, commune_id=user.commune_id, fields=["is_enabled"])


def _set_roles(user: User, roles: Iterable[Role]) -> None:
    wanted = set(roles)
    kept = [held for held in user.roles_held if held.role in wanted]
    known = {held.role for held in kept}
    user.roles_held = [*kept, *(UserRole(role=role, given_at=clock.now()) for role in Role if role in wanted - known)]


def _set_villages(user: User, village_ids: set[int]) -> None:
    kept = [held for held in user.villages_held if held.village_id in village_ids]
    known = {held.village_id for held in kept}
    user.villages_held = [*kept, *(UserVillage(village_id=key) for key in sorted(village_ids - known))]


def find(username: str) -> User | None:
    """A person by user name, in any commune; for the console only."""
    key = clean.fold(username).replace(" ", "")
    return db.session.scalars(select(User).where(func.lower(User.username) == key)).unique().one_or_none()


def everybody() -> Select[User]:
    """Everybody of every commune; for the console only."""
    return select(User).order_by(User.commune_id, User.username)


def communes() -> Select[Commune]:
    """Every commune of the installation; for the console only."""
    return select(Commune).order_by(Commune.id)


def villages_of(commune: Commune, name: str) -> Select[Village]:
    """The villages of this name in a commune; for the console only."""
    return select(Village).where(Village.commune_id == commune.id, Village.name_key == clean.fold(name))
