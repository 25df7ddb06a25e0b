"""What people sign in with besides a password: authenticator app, recovery codes, passkeys, enrolled phones."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base
from models.user import User


class SecondFactor(Base):
    """The secret shared with somebody's authenticator app, encrypted (app/sealing.py)."""

    __tablename__ = "second_factors"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    user: Mapped[User] = relationship()
    sealed_secret: Mapped[str]
    confirmed_at: Mapped[datetime]
    #: The half minute of the last code taken, so that none is taken twice.
    last_step: Mapped[int]


class RecoveryCode(Base):
    """A code to be used once when the authenticator app is lost; only a keyed hash is kept."""

    __tablename__ = "recovery_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    user: Mapped[User] = relationship()
    code_hash: Mapped[str]
    used_at: Mapped[datetime | None]


class Passkey(Base):
    """A key pair whose private half never leaves somebody's device (WebAuthn)."""

    __tablename__ = "passkeys"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    user: Mapped[User] = relationship()
    credential: Mapped[str] = mapped_column(unique=True)
    public_key: Mapped[str]
    sign_count: Mapped[int]
    device: Mapped[str | None]
    added_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class PhoneCode(Base):
    """A code made by the officer with which a collaborator enrols her phone; used once, within the hour."""

    __tablename__ = "phone_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    user: Mapped[User] = relationship(foreign_keys=[user_id])
    made_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    code_hash: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Phone(Base):
    """An enrolled phone: a random key in its cookie, and a PIN checked here."""

    __tablename__ = "phones"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    user: Mapped[User] = relationship()
    key_hash: Mapped[str] = mapped_column(unique=True)
    pin_hash: Mapped[str]
    failures: Mapped[int] = mapped_column(default=0)
    device: Mapped[str | None]
    enrolled_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
