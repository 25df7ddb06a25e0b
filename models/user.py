"""People who sign in, what they may see, and the devices they are signed in on."""

from datetime import datetime
from typing import cast

from flask_babel import lazy_gettext as _l
from flask_login import UserMixin
from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models import clean
from models.base import Base, Timestamped, Versioned
from models.fields import Choice, Sensitivity, field
from models.place import Commune, Village


class Role(Choice):
    """What a person does here; one person may hold several. design.md §2."""

    COLLABORATOR = "collaborator", _l("Cộng tác viên trẻ em")
    OFFICER = "officer", _l("Công chức làm công tác trẻ em")
    LEADER = "leader", _l("Lãnh đạo UBND xã")
    VIEWER = "viewer", _l("Cơ quan cấp trên")
    ADMINISTRATOR = "administrator", _l("Quản trị hệ thống")


class Language(Choice):
    """The language of the pages."""

    VIETNAMESE = "vi", _l("Tiếng Việt")
    ENGLISH = "en", _l("English")


class Theme(Choice):
    """Light or dark pages: a matter of the device, kept in its cookie."""

    SYSTEM = "system", _l("Theo máy")
    LIGHT = "light", _l("Sáng")
    DARK = "dark", _l("Tối")


class User(UserMixin, Timestamped, Versioned, Base):
    """Somebody who signs in."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    commune_id: Mapped[int] = mapped_column(ForeignKey("communes.id"), index=True)
    commune: Mapped[Commune] = relationship(lazy="joined")
    roles_held: Mapped[list["UserRole"]] = relationship(
        back_populates="user", cascade="all, delete-orphan", lazy="selectin"
    )
    villages_held: Mapped[list["UserVillage"]] = relationship(
        back_populates="user", cascade="all, delete-orphan", lazy="selectin"
    )
    password_hash: Mapped[str]
    last_signed_in_at: Mapped[datetime | None]

    username: Mapped[str] = field(
        label=_l("Tên đăng nhập"), required=True, clean=clean.username, max_length=40, unique=True
    )
    full_name: Mapped[str] = field(
        label=_l("Họ và tên"), required=True, clean=clean.person_name, max_length=120, sensitivity=Sensitivity.PERSONAL
    )
    phone: Mapped[str | None] = field(label=_l("Điện thoại"), clean=clean.phone, sensitivity=Sensitivity.CONTACT)
    language: Mapped[Language] = field(label=_l("Ngôn ngữ"), required=True, default=Language.VIETNAMESE)
    is_enabled: Mapped[bool] = field(label=_l("Đang hoạt động"), default=True)
    #: Until when a one-time password given by another person opens the account.
    password_ends_at: Mapped[datetime | None]
    must_change_password: Mapped[bool] = field(
        label=_l("Phải đổi mật khẩu khi đăng nhập"), internal=True, default=False
    )

    #: The key of the signed-in session, set when the user is loaded for a request.
    session_key = ""
    #: Whether an app or a passkey guards the account too; set when the user is loaded for a request.
    has_second_factor = cast(bool | None, None)

    @property
    def is_active(self) -> bool:
        """Flask-Login's word for an account that is not disabled."""
        return self.is_enabled

    @property
    def roles(self) -> frozenset[Role]:
        """The roles held."""
        return frozenset(held.role for held in self.roles_held)

    @property
    def village_ids(self) -> frozenset[int]:
        """The villages a collaborator answers for."""
        return frozenset(held.village_id for held in self.villages_held)

    def get_id(self) -> str:
        """What Flask-Login keeps in the cookie: the session's key, never the user's number."""
        return self.session_key


class UserRole(Base):
    """A role held by a user."""

    __tablename__ = "user_roles"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    user: Mapped[User] = relationship(back_populates="roles_held")
    role: Mapped[Role] = mapped_column(primary_key=True)
    #: None: as long as there has been the account.
    given_at: Mapped[datetime | None]


class UserVillage(Base):
    """A village a collaborator answers for."""

    __tablename__ = "user_villages"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    user: Mapped[User] = relationship(back_populates="villages_held")
    village_id: Mapped[int] = mapped_column(ForeignKey("villages.id"), primary_key=True)
    village: Mapped[Village] = relationship(lazy="joined")


class UserSession(Base):
    """One signed-in device. Sign-out, disabling and a new password end it at once."""

    __tablename__ = "user_sessions"

    #: SHA-256 of the key in the cookie, so the table alone opens nothing.
    key_hash: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    user: Mapped[User] = relationship()
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    device: Mapped[str | None]
    #: The password was right and the second factor is still asked for: opens nothing yet.
    is_waiting: Mapped[bool] = mapped_column(default=False)
    #: The enrolled phone whose PIN opened it.
    phone_id: Mapped[int | None] = mapped_column(ForeignKey("phones.id"), index=True)


class SignInAttempt(Base):
    """A failed sign-in, to slow down guessing; counted per account key and per address, both hashed."""

    __tablename__ = "sign_in_attempts"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_hash: Mapped[str]
    address_hash: Mapped[str]
    at: Mapped[datetime]


Index("ix_sign_in_attempts_account_at", SignInAttempt.account_hash, SignInAttempt.at)
Index("ix_sign_in_attempts_address_at", SignInAttempt.address_hash, SignInAttempt.at)
