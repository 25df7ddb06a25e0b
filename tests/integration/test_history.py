"""What changed, who changed it, told in words to those who may know."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from app import access, history, visible_history
from models import (
    Allowance,
    AllowanceBasis,
    Case,
    Change,
    ChangeAction,
    Child,
    Circumstance,
    PartialDate,
    Precision,
    Sex,
    User,
    db,
)
from tests.make import Make


def told(user: User, child: Child) -> list[tuple[str, list[tuple[str, str, str]]]]:
    changes = db.session.scalars(visible_history.visible_changes(user, "children", child.id)).all()
    return [(entry.what, entry.lines) for entry in history.told(changes, user)]


def by(user: User) -> None:
    db.session.info.update(user_id=user.id, commune_id=user.commune_id)


def test_a_new_record_tells_what_it_began_with(make: Make) -> None:
    officer = make.user("officer")
    by(officer)
    child = make.child("Nguyễn Văn An", sex=Sex.MALE)

    change = db.session.scalars(select(Change).where(Change.record_table == "children")).one()

    assert change.action is ChangeAction.CREATED
    assert change.by_user_id == officer.id
    assert change.fields["full_name"] == [None, "Nguyễn Văn An"]
    assert (change.subject_table, change.subject_id) == ("children", child.id)


def test_a_change_is_told_in_words_with_choices_dates_and_names(make: Make) -> None:
    officer = make.user("officer")
    by(officer)
    child = make.child("Nguyễn Văn An", village=make.village("Thôn Đông"), sex=Sex.UNKNOWN)
    west = make.village("Thôn Tây")
    child.sex = Sex.MALE
    child.birth = PartialDate(date(2018, 12, 31), Precision.YEAR)
    child.village = west
    db.session.commit()

    what, lines = told(officer, child)[0]

    assert what == "Sửa · Trẻ em"
    assert ("Giới tính", "Không biết", "Nam") in lines
    assert ("Thôn", "Thôn Đông", "Thôn Tây") in lines
    assert ("Ngày sinh", "06/05/2018", "2018") in lines


def test_a_blank_and_a_yes_are_told_in_words(make: Make) -> None:
    officer = make.user("officer")
    user = make.user("collaborator", phone="0912345678")
    user.phone = None
    user.is_enabled = False
    db.session.commit()
    change = db.session.scalars(select(Change).where(Change.record_table == "users").order_by(Change.id.desc())).first()

    assert history.described(change, officer) == [
        ("Điện thoại", "0912345678", "–"),
        ("Đang hoạt động", "Có", "Không"),
    ]


def test_the_password_is_in_no_history(make: Make) -> None:
    user = make.user("collaborator")
    user.password_hash = "argon2-neu"
    db.session.commit()

    assert "argon2" not in str(db.session.scalars(select(Change.fields)).all())


def test_saving_the_same_is_no_change(make: Make) -> None:
    child = make.child("Nguyễn Văn An")
    count = len(db.session.scalars(select(Change.id)).all())
    child.full_name = "Nguyễn Văn An"
    db.session.commit()

    assert len(db.session.scalars(select(Change.id)).all()) == count


def test_changes_of_relatives_belong_to_the_child(make: Make) -> None:
    officer = make.user("officer")
    child = make.child()
    relative = make.relative(child, full_name="Trần Thị Bình")
    db.session.delete(relative)
    db.session.commit()

    assert [what for what, _lines in told(officer, child)] == ["Xóa · Người thân", "Thêm · Người thân", "Thêm · Trẻ em"]


def test_a_rolled_back_change_leaves_none(make: Make) -> None:
    child = make.child("Nguyễn Văn An")
    nested = db.session.begin_nested()
    child.full_name = "Nguyễn Văn Bình"
    db.session.flush()
    nested.rollback()

    assert "Bình" not in str(db.session.scalars(select(Change.fields)).all())


class TestWhatACollaboratorMayNotKnow:
    @pytest.fixture
    def child(self, make: Make) -> Child:
        return make.child(village=make.village())

    @pytest.fixture
    def collaborator(self, make: Make, child: Child) -> User:
        return make.user("collaborator", village=child.village)

    @pytest.fixture
    def officer(self, make: Make) -> User:
        return make.user("officer")

    @pytest.mark.parametrize("code", ["đ.1", "e.1", "g.1", "l.1", "k.2"])
    def test_secret_groups(self, make: Make, child: Child, collaborator: User, officer: User, code: str) -> None:
        kind = db.session.scalars(access.visible_kinds(officer)).all()
        code = code if code in {k.code for k in kind} else code.split(".")[0]
        before = told(collaborator, child)
        make.circumstance(child, code)

        assert told(collaborator, child) == before
        assert len(told(officer, child)) == len(before) + 1

    def test_a_secret_group_entered_by_mistake_and_deleted(self, make: Make, child: Child, collaborator: User) -> None:
        before = told(collaborator, child)
        circumstance = make.circumstance(child, self.secret_code())
        db.session.delete(circumstance)
        db.session.commit()

        assert told(collaborator, child) == before

    def test_a_secret_group_corrected_to_an_ordinary_one(
        self, make: Make, child: Child, collaborator: User, officer: User
    ) -> None:
        circumstance = make.circumstance(child, self.secret_code())
        circumstance.kind_code = "d.2"
        db.session.commit()

        assert "HIV" not in str(told(collaborator, child))
        assert "HIV" in str(told(officer, child))

    def test_an_allowance_paid_for_hiv(self, make: Make, child: Child, collaborator: User, officer: User) -> None:
        before = told(collaborator, child)
        allowance = make.save(Allowance(commune_id=child.commune_id, child_id=child.id, basis=AllowanceBasis.K3))
        assert told(collaborator, child) == before
        allowance.basis = AllowanceBasis.K6
        db.session.commit()

        assert "HIV" not in str(told(collaborator, child))
        assert "HIV" in str(told(officer, child))

    def test_notes_of_a_case(self, make: Make, child: Child, collaborator: User, officer: User) -> None:
        case: Case = make.case(child, note="ghi chép mật", perpetrator="hàng xóm", collaborator_id=collaborator.id)

        def of_case(user: User) -> str:
            changes = db.session.scalars(visible_history.visible_changes(user, "cases", case.id)).all()
            return str([entry.lines for entry in history.told(changes, user)])

        assert "ghi chép mật" in of_case(officer)
        assert not [word for word in ("ghi chép mật", "hàng xóm") if word in of_case(collaborator)]

    def secret_code(self) -> str:
        from models import CircumstanceKind, Sensitivity

        query = select(CircumstanceKind.code).where(CircumstanceKind.sensitivity == Sensitivity.HIV)
        return db.session.scalars(query.order_by(CircumstanceKind.code)).first()


def test_another_commune_reads_nothing(make: Make) -> None:
    child = make.child()
    stranger = make.user("officer", commune=make.commune())

    assert db.session.scalars(visible_history.visible_changes(stranger, "children", child.id)).all() == []


def test_every_recorded_model_has_a_name_people_know(make: Make) -> None:
    named: dict[str, Any] = history.record_names()
    of_people = {Child, Circumstance, Allowance, Case}

    assert {model.__tablename__ for model in of_people} <= set(named)
