"""A new secret key: papers and apps open again, nothing twice, and what was forged stays found."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from app import attachments, audit, rekeying, sealing, second_factor, uploads
from models import Attachment, AttachmentSlot, AuditHead, SecondFactor, User, db
from tests.make import Make

NEW = "another key, another key, another key, another key"


@pytest.fixture
def officer(make: Make) -> User:
    user = make.user("officer")
    paper = uploads.Cleaned(b"%PDF-1.4 giay %%EOF", "application/pdf")
    attachments.add(user, make.child(), AttachmentSlot.DECISION, None, paper)
    sealed = sealing.seal("JBSWY3DPEHPK3PXP", second_factor.SEALED_FOR)
    make.save(SecondFactor(user_id=user.id, sealed_secret=sealed, confirmed_at=user.created_at, last_step=0))
    return user


@pytest.fixture
def old_key(app: Flask, officer: User, monkeypatch: pytest.MonkeyPatch) -> str:
    """The key of before; from now on another one is in use."""
    old = app.config["SECRET_KEY"]
    monkeypatch.setitem(app.config, "SECRET_KEY", NEW)
    return old


def test_papers_apps_and_chains_follow_the_new_key(officer: User, old_key: str) -> None:
    paper = db.session.scalars(select(Attachment)).one()
    with pytest.raises(attachments.Unreadable):
        attachments.opened(paper)
    assert second_factor.is_unreadable(officer)
    assert audit.cut_chains() != []

    done = rekeying.reseal(old_key)

    assert (done.papers, done.apps, done.lost) == (1, 1, 0)
    assert attachments.opened(paper) == b"%PDF-1.4 giay %%EOF"
    assert not second_factor.is_unreadable(officer)
    assert audit.cut_chains() == []
    assert rekeying.reseal(old_key) == rekeying.Resealed(0, 0, 0, 0)


def test_an_end_that_was_forged_is_not_signed(officer: User, old_key: str) -> None:
    db.session.execute(update(AuditHead).values(count=99))

    rekeying.reseal(old_key)

    assert audit.cut_chains() == [officer.commune_id]


def test_a_wrong_old_key_changes_nothing_and_says_how_much_is_lost(app: Flask, old_key: str, tmp_path: Path) -> None:
    before = db.session.scalars(select(Attachment.sealed_key)).one()

    done = rekeying.reseal("not the one, not the one, not the one, not the one")

    assert done == rekeying.Resealed(0, 0, 0, 2)
    assert db.session.scalars(select(Attachment.sealed_key)).one() == before
