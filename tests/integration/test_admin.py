"""Settings and people: who may change what, and what follows from it."""

from datetime import date

import pytest
from sqlalchemy import func, select

from app import audit, audit_log, clock, identity, people, places
from models import (
    AuditEvent,
    CalendarDay,
    CircumstanceKind,
    DayKind,
    OfficeLevel,
    Passkey,
    PhoneCode,
    ReceivingOffice,
    Role,
    SecondFactor,
    User,
    UserSession,
    Village,
    db,
)
from tests.make import Make
from tests.page import Client

PAGES = (
    "",
    "commune",
    "villages",
    "offices",
    "offices/new",
    "calendar",
    "risks",
    "risks/new",
    "people",
    "people/new",
    "health",
)


@pytest.fixture
def officer(make: Make) -> User:
    return make.user("officer")


@pytest.fixture
def administrator(make: Make) -> User:
    return make.user("administrator")


# ── Who gets in ────────────────────────────────────────────────────────────


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", ["officer", "administrator"])
def test_officer_and_administrator_open_the_settings(client: Client, make: Make, page: str, role: str) -> None:
    make.village()

    assert client.sign_in(make.user(role)).get(f"/settings/{page}").status_code == 200


@pytest.mark.parametrize("page", [*PAGES, "audit"])
@pytest.mark.parametrize("role", ["collaborator", "leader", "viewer"])
def test_others_do_not(client: Client, make: Make, page: str, role: str) -> None:
    user = make.user(role, village=make.village())

    assert client.sign_in(user).get(f"/settings/{page}").status_code == 403


def test_only_the_administrator_reads_the_audit_trail(client: Client, officer: User, administrator: User) -> None:
    assert client.sign_in(officer).get("/settings/audit").status_code == 403
    assert client.sign_in(administrator).get("/settings/audit").status_code == 200


@pytest.mark.parametrize("address", ["/children/", "/households/", "/cases/"])
def test_the_administrator_sees_no_children(client: Client, make: Make, administrator: User, address: str) -> None:
    make.child("Lò Thị Kín")

    assert client.sign_in(administrator).get(address).status_code == 403


# ── The commune and its places ─────────────────────────────────────────────


def test_the_communes_details_are_changed(client: Client, officer: User) -> None:
    page = client.sign_in(officer).send(
        "/settings/commune",
        {
            "name": "xã Thanh Miện",
            "province_name": "thành phố Hải Phòng",
            "signatory_title": "CHỦ TỊCH",
            "version": officer.commune.version,
        },
    )

    assert page.status == 200
    db.session.refresh(officer.commune)
    assert (officer.commune.name, officer.commune.signatory_title) == ("xã Thanh Miện", "CHỦ TỊCH")
    assert db.session.scalars(select(AuditEvent.event)).all() == ["setting_changed"]


def test_a_stale_form_is_told_and_keeps_what_was_typed(client: Client, officer: User) -> None:
    form = {"name": "xã Mới", "province_name": "tỉnh Hải Dương", "version": officer.commune.version}
    client.sign_in(officer).send("/settings/commune", {**form, "name": "xã Khác"})

    page = client.send("/settings/commune", form)

    assert page.status == 409
    assert "xã Khác" in page.text
    assert page.soup.select_one("#name")["value"] == "xã Mới"


def test_villages_are_added_from_a_pasted_list(client: Client, officer: User, make: Make) -> None:
    make.village("Thôn 1")

    client.sign_in(officer).send("/settings/villages", {"villages": "1. Thôn 2\n2) Thôn 3"})

    villages = db.session.scalars(select(Village).order_by(Village.position))
    assert [village.name for village in villages] == ["Thôn 1", "Thôn 2", "Thôn 3"]


def test_a_village_twice_is_refused(client: Client, officer: User, make: Make) -> None:
    make.village("Thôn Đoài")

    page = client.sign_in(officer).send("/settings/villages", {"villages": "thôn  đoài"})

    assert page.errors() == {"villages": "Xã đã có thôn đoài"}


def test_a_village_is_renamed_and_merged(client: Client, officer: User, make: Make) -> None:
    old, new = make.village("Thôn 1"), make.village("Thôn 2")
    client.sign_in(officer)

    client.send(
        f"/settings/villages/{old.id}",
        {"name": "Thôn Một", "active_to": "30/6/2025", "merged_into_id": new.id, "version": old.version},
    )

    db.session.refresh(old)
    assert (old.name, old.active_to, old.merged_into_id) == ("Thôn Một", date(2025, 6, 30), new.id)
    assert not places.is_in_use(old, clock.today())


def test_a_merged_village_needs_the_day(client: Client, officer: User, make: Make) -> None:
    old, new = make.village("Thôn 1"), make.village("Thôn 2")

    page = client.sign_in(officer).send(
        f"/settings/villages/{old.id}", {"name": "Thôn 1", "merged_into_id": new.id, "version": old.version}
    )

    assert page.errors() == {"active_to": "Ghi ngày sáp nhập"}


def test_a_receiving_office_is_added_with_its_dates(client: Client, officer: User) -> None:
    client.sign_in(officer).send(
        "/settings/offices/new", {"name": "Sở Y tế", "level": "province", "valid_from": "1/7/2025"}
    )

    office = db.session.scalars(select(ReceivingOffice)).one()
    assert (office.name, office.level, office.valid_from) == ("Sở Y tế", OfficeLevel.PROVINCE, date(2025, 7, 1))
    assert places.receives_today(office)


def test_an_office_cannot_end_before_it_begins(client: Client, officer: User) -> None:
    page = client.sign_in(officer).send(
        "/settings/offices/new",
        {"name": "Sở", "level": "province", "valid_from": "1/7/2025", "valid_to": "30/6/2025"},
    )

    assert page.errors() == {"valid_to": "Ngày kết thúc ở trước ngày bắt đầu"}


def test_settings_of_another_commune_are_not_found(client: Client, officer: User, make: Make) -> None:
    stranger = make.commune()
    office = make.save(ReceivingOffice(commune_id=stranger.id, name="Sở bên"))
    day = make.save(CalendarDay(commune_id=stranger.id, day=date(2026, 1, 1), kind=DayKind.HOLIDAY, name="Tết"))
    village = make.village("Thôn bên", stranger)
    person = make.user("collaborator", village=village)
    client.sign_in(officer)

    for address in (f"offices/{office.id}", f"villages/{village.id}", f"people/{person.id}"):
        assert client.get(f"/settings/{address}").status_code == 404
    assert client.post(f"/settings/calendar/{day.id}/delete").status_code == 404
    assert client.post(f"/settings/people/{person.id}/password").status_code == 404


# ── Calendar ───────────────────────────────────────────────────────────────


def test_a_year_is_filled_once_and_days_changed_by_hand_stay(client: Client, officer: User, make: Make) -> None:
    make.save(CalendarDay(commune_id=officer.commune_id, day=date(2026, 9, 2), kind=DayKind.HOLIDAY, name="Lễ của xã"))
    client.sign_in(officer)

    client.send("/settings/calendar/fill", {"year": "2026"})
    client.send("/settings/calendar/fill", {"year": "2026"})

    days = {day.day: (day.kind, day.name) for day in db.session.scalars(select(CalendarDay))}
    assert days[date(2026, 9, 2)] == (DayKind.HOLIDAY, "Lễ của xã")
    assert days[date(2026, 2, 17)][0] is DayKind.HOLIDAY
    assert days[date(2026, 8, 22)][0] is DayKind.WORKING
    assert db.session.scalar(select(func.count(CalendarDay.id))) == len(days)


def test_a_day_is_added_and_deleted(client: Client, officer: User) -> None:
    form = {"day": "24/11/2026", "kind": "holiday", "name": "Ngày Văn hóa Việt Nam"}
    page = client.sign_in(officer).send("/settings/calendar?year=2026", form)
    day = db.session.scalars(select(CalendarDay)).one()
    assert page.rows()[0]["Tên ngày"] == "Ngày Văn hóa Việt Nam"

    twice = client.send("/settings/calendar?year=2026", form)
    assert twice.errors() == {"day": "Lịch đã có ngày này"}

    client.send(f"/settings/calendar/{day.id}/delete")
    assert db.session.scalar(select(func.count(CalendarDay.id))) == 0


# ── Risks ──────────────────────────────────────────────────────────────────


def test_a_risk_is_added_renamed_and_put_aside(client: Client, officer: User) -> None:
    client.sign_in(officer).send("/settings/risks/new", {"wording": "Hay bỏ nhà đi", "is_active": "y"})
    risk = db.session.scalars(select(CircumstanceKind).where(CircumstanceKind.commune_id == officer.commune_id)).one()
    assert (risk.group_code, risk.is_active) == ("r", True)

    client.send(f"/settings/risks/{risk.code}", {"wording": "Bỏ nhà đi", "version": risk.version})

    db.session.refresh(risk)
    assert (risk.wording, risk.is_active) == ("Bỏ nhà đi", False)


def test_a_risk_somebody_else_has_renamed_meanwhile_is_told(client: Client, officer: User) -> None:
    client.sign_in(officer)
    hers = {**client.page("/settings/risks/r.poor").form(), "wording": "Hộ khó khăn"}
    client.send("/settings/risks/r.poor", {**hers, "form_key": "khác", "wording": "Hộ nghèo, cận nghèo"})

    page = client.send("/settings/risks/r.poor", hers)

    assert page.status == 409
    assert (page.rows()[0]["Đang lưu"], page.rows()[0]["Bạn gõ"]) == ("Hộ nghèo, cận nghèo", "Hộ khó khăn")


def test_shared_risks_are_changed_only_while_there_is_one_commune(client: Client, officer: User, make: Make) -> None:
    client.sign_in(officer)
    assert client.get("/settings/risks/r.poor").status_code == 200

    make.commune()

    assert client.get("/settings/risks/r.poor").status_code == 404
    assert client.get("/settings/risks").status_code == 200


def test_a_group_of_the_law_is_no_risk(client: Client, officer: User) -> None:
    assert client.sign_in(officer).get("/settings/risks/a.1").status_code == 404


# ── People ─────────────────────────────────────────────────────────────────


def test_a_collaborator_is_added_and_signs_in_with_the_password_shown_once(
    client: Client, officer: User, make: Make
) -> None:
    village = make.village("Thôn 3")

    page = client.sign_in(officer).send(
        "/settings/people/new",
        {"full_name": "Đào Thị Mới", "username": "ctv3", "roles": "collaborator", "villages": village.id},
    )

    user = people.find("ctv3")
    assert user is not None
    assert (user.full_name, user.roles, user.village_ids) == ("Đào Thị Mới", {Role.COLLABORATOR}, {village.id})
    assert user.must_change_password
    password = page.soup.select("dd")[2].get_text()
    assert identity.check_password("ctv3", password) is user
    assert password not in client.page("/settings/people").text


@pytest.mark.parametrize(
    ("answers", "errors"),
    [
        (
            {"username": "Trần Vân"},
            {"username": "Tên đăng nhập chỉ gồm chữ thường không dấu và chữ số, từ 2 đến 40 ký tự"},
        ),
        ({"username": "nguoi1"}, {"username": "Tên đăng nhập này đã có người dùng"}),
        ({"roles": "collaborator"}, {"roles-0": "Cộng tác viên cần ít nhất một thôn"}),
        ({"full_name": ""}, {"full_name": "Nhập họ và tên"}),
    ],
)
def test_what_cannot_be_a_user_is_refused(
    client: Client, officer: User, answers: dict[str, str], errors: dict[str, str]
) -> None:
    form = {"full_name": "Trần Thị Vân", "username": "van", "roles": "viewer"}

    page = client.sign_in(officer).send("/settings/people/new", {**form, **answers})

    assert page.errors() == errors
    assert people.find("van") is None


def test_the_summary_of_errors_follows_the_page(client: Client, officer: User) -> None:
    page = client.sign_in(officer).send("/settings/people/new", {"full_name": "", "username": "", "roles": []})

    assert list(page.errors()) == ["full_name", "username", "roles-0"]


def test_other_roles_end_the_sessions(client: Client, officer: User, make: Make) -> None:
    first, second = make.village("Thôn 1"), make.village("Thôn 2")
    collaborator = make.user("collaborator", village=first)
    client.sign_in(collaborator)
    client.sign_in(officer)

    client.send(
        f"/settings/people/{collaborator.id}",
        {
            "full_name": collaborator.full_name,
            "roles": "collaborator",
            "villages": [first.id, second.id],
            "version": collaborator.version,
        },
    )

    db.session.expire_all()
    assert collaborator.village_ids == {first.id, second.id}
    open_sessions = select(func.count(UserSession.key_hash)).where(
        UserSession.user_id == collaborator.id, UserSession.ended_at.is_(None)
    )
    assert db.session.scalar(open_sessions) == 0


def test_a_new_name_alone_ends_no_session(client: Client, officer: User, make: Make) -> None:
    colleague = make.user("viewer")
    client.sign_in(colleague)

    client.sign_in(officer).send(
        f"/settings/people/{colleague.id}",
        {"full_name": "Vũ Văn Khác", "roles": "viewer", "version": colleague.version},
    )

    db.session.expire_all()
    assert colleague.full_name == "Vũ Văn Khác"
    assert (
        db.session.scalar(select(func.count()).select_from(UserSession).where(UserSession.ended_at.is_not(None))) == 0
    )


def test_an_officer_cannot_make_an_administrator(client: Client, officer: User) -> None:
    page = client.sign_in(officer).send(
        "/settings/people/new", {"full_name": "Vũ Văn Lên", "username": "len", "roles": "administrator"}
    )

    assert page.status == 422
    assert people.find("len") is None


def test_an_administrator_makes_another(client: Client, administrator: User) -> None:
    client.sign_in(administrator).send(
        "/settings/people/new", {"full_name": "Vũ Văn Hai", "username": "hai", "roles": "administrator"}
    )

    found = people.find("hai")
    assert found is not None
    assert found.roles == {Role.ADMINISTRATOR}


@pytest.mark.parametrize("action", ["", "/password", "/disable", "/enable"])
def test_an_officer_cannot_touch_an_administrator(
    client: Client, officer: User, administrator: User, action: str
) -> None:
    before = administrator.password_hash

    assert client.sign_in(officer).post(f"/settings/people/{administrator.id}{action}").status_code == 403

    db.session.refresh(administrator)
    assert (administrator.password_hash, administrator.is_enabled) == (before, True)


def test_nobody_changes_her_own_roles(client: Client, officer: User) -> None:
    page = client.sign_in(officer).send(
        f"/settings/people/{officer.id}",
        {"full_name": officer.full_name, "roles": ["officer", "leader"], "version": officer.version},
    )

    assert page.status == 422
    db.session.expire_all()
    assert officer.roles == {Role.OFFICER}


def test_the_last_administrator_stays(client: Client, make: Make, administrator: User) -> None:
    assert people.is_last_administrator(administrator)
    make.user("administrator", "officer")
    assert people.is_last_administrator(administrator)
    second = make.user("administrator")
    assert not people.is_last_administrator(administrator)
    client.sign_in(second).send(f"/settings/people/{administrator.id}/disable")

    client.send(f"/settings/people/{second.id}/disable")

    db.session.expire_all()
    assert (administrator.is_enabled, second.is_enabled) == (False, True)


def test_a_disabled_person_is_out_at_once_and_comes_back(client: Client, officer: User, make: Make) -> None:
    colleague = make.user("viewer")

    client.sign_in(officer).send(f"/settings/people/{colleague.id}/disable")
    db.session.expire_all()
    assert not colleague.is_enabled
    assert client.sign_in(colleague).get("/").status_code == 303

    client.sign_in(officer).send(f"/settings/people/{colleague.id}/enable")
    db.session.expire_all()
    assert colleague.is_enabled


def test_a_password_is_reset_and_shown_once(client: Client, officer: User, make: Make) -> None:
    colleague = make.user("viewer")

    page = client.sign_in(officer).send(f"/settings/people/{colleague.id}/password")

    password = page.soup.select("dd")[2].get_text()
    assert identity.check_password(colleague.username, password) is colleague
    assert colleague.must_change_password


# ── Audit ──────────────────────────────────────────────────────────────────


def test_every_event_has_words_in_the_trail(make: Make) -> None:
    assert set(audit_log.event_words()) == set(audit.EVENTS)
    assert set(audit_log.detail_names()) == set().union(*audit.EVENTS.values()) - {"children"}


def test_the_trail_tells_who_did_what_newest_first_and_names_no_child(
    client: Client, make: Make, officer: User, administrator: User
) -> None:
    child = make.child("Lò Thị Kín")
    audit.record("child_read", officer, child)
    audit.record("signed_out", officer)
    db.session.commit()

    page = client.sign_in(administrator).page("/settings/audit")

    rows = page.rows()
    assert [row["Việc"] for row in rows[:2]] == ["Đăng xuất", "Xem hồ sơ trẻ em"]
    assert rows[1]["Bản ghi"] == f"Trẻ em {child.id}"
    assert rows[1]["Người làm"] == officer.full_name
    assert "Kín" not in page.text


def test_the_trail_has_pages_and_a_filter(client: Client, officer: User, administrator: User) -> None:
    for _time in range(60):
        audit.record("signed_out", officer)
    audit.record("password_changed", officer)
    db.session.commit()
    client.sign_in(administrator)

    first = client.page("/settings/audit")
    older = client.page(first.soup.select_one("a[rel=next]")["href"])
    back = client.page(older.soup.select_one("a[rel=prev]")["href"])
    only = client.page("/settings/audit?event=password_changed")

    assert (len(first.rows()), len(older.rows())) == (50, 11)
    assert back.rows() == first.rows()
    assert [row["Việc"] for row in only.rows()] == ["Đổi mật khẩu"]


def test_another_communes_trail_is_not_shown(client: Client, make: Make, administrator: User) -> None:
    audit.record("signed_in", make.user("officer", commune=make.commune(), full_name="Lò Văn Bên"))
    db.session.commit()

    assert "Lò Văn Bên" not in client.sign_in(administrator).page("/settings/audit").text


@pytest.mark.parametrize("button", ["password", "disable", "second-factor/remove"])
def test_an_officer_cannot_take_a_leaders_place(client, make, officer, button):
    leader = make.user("leader")
    before = leader.password_hash
    make.save(SecondFactor(user_id=leader.id, sealed_secret="x", confirmed_at=clock.now(), last_step=0))

    answer = client.sign_in(officer).post(f"/settings/people/{leader.id}/{button}", data={"form_key": "k"})

    db.session.expire_all()
    assert answer.status_code == 403
    assert (leader.password_hash, leader.is_enabled) == (before, True)
    assert db.session.get(SecondFactor, leader.id) is not None


def test_an_officer_cannot_take_a_leaders_role(client, make, officer):
    leader = make.user("leader")

    client.sign_in(officer).post(
        f"/settings/people/{leader.id}",
        data={"full_name": leader.full_name, "roles": "viewer", "version": leader.version, "form_key": "k"},
    )

    db.session.expire_all()
    assert leader.roles == {Role.LEADER}


def test_a_new_password_ends_passkeys_and_open_phone_codes(client, make, officer):
    village = make.village()
    colleague = make.user("collaborator", village=village)
    make.save(
        Passkey(
            user_id=colleague.id, credential="c", public_key="k", sign_count=0, device="máy lạ", added_at=clock.now()
        )
    )  # fmt: skip
    make.save(PhoneCode(user_id=colleague.id, made_by_id=officer.id, code_hash="h", expires_at=clock.now()))

    client.sign_in(officer).send(f"/settings/people/{colleague.id}/password")

    db.session.expire_all()
    assert db.session.scalars(select(Passkey)).all() == []
    assert db.session.scalars(select(PhoneCode.used_at)).one() is not None


def test_an_officer_cannot_make_a_leader_whose_password_she_knows(client, make, officer):
    client.sign_in(officer)
    page = client.page("/settings/people/new")

    client.send(
        "/settings/people/new", {**page.form(), "full_name": "Vũ Văn Giả", "username": "gia", "roles": "leader"}
    )

    assert db.session.scalars(select(User).where(User.username == "gia")).unique().all() == []


class TestOfficerAndAdministratorInOne:
    """She writes plans and keeps the accounts: she must not come by a leader's account (NĐ 56/2017 Đ28.4)."""

    @pytest.fixture
    def both(self, make: Make, administrator: User) -> User:
        return make.user("officer", "administrator")

    @pytest.mark.parametrize("whose", ["leader", "administrator"])
    @pytest.mark.parametrize("button", ["", "/password", "/disable", "/enable", "/second-factor/remove"])
    def test_she_touches_no_leader_and_no_administrator(self, client, make, both, whose, button):
        other = make.user(whose)
        before = other.password_hash

        answer = client.sign_in(both).post(f"/settings/people/{other.id}{button}", data={"form_key": "k"})

        db.session.expire_all()
        assert answer.status_code == 403
        assert (other.password_hash, other.is_enabled) == (before, True)

    @pytest.mark.parametrize("role", ["leader", "administrator"])
    def test_she_makes_none_whose_password_she_would_know(self, client, make, both, role):
        client.sign_in(both)
        page = client.page("/settings/people/new")
        offered = [box["value"] for box in page.soup.select("input[name=roles]")]

        client.send("/settings/people/new", {**page.form(), "full_name": "Vũ Giả", "username": "gia", "roles": role})

        assert people.find("gia") is None
        assert role not in offered

    def test_she_still_keeps_the_others(self, client, make, both):
        colleague = make.user("collaborator", village=make.village())
        before = colleague.password_hash

        client.sign_in(both).send(f"/settings/people/{colleague.id}/password")

        db.session.expire_all()
        assert colleague.password_hash != before

    def test_the_last_administrator_is_not_made_an_officer_too(self, client, make, administrator):
        giver = None  # the console may not either

        assert "không kiêm công chức" in people.roles_problem(
            giver, {Role.ADMINISTRATOR, Role.OFFICER}, [], administrator
        )


def test_nobody_is_made_officer_and_leader_at_once(client, make, administrator):
    leader = make.user("leader")

    page = client.sign_in(administrator).send(
        f"/settings/people/{leader.id}",
        {"full_name": leader.full_name, "roles": ["leader", "officer"], "version": leader.version},
    )

    db.session.expire_all()
    assert "không tự phê duyệt" in page.errors()["roles-0"]
    assert leader.roles == {Role.LEADER}


class TestEndsAtOnce:
    """Whatever takes somebody's rights is true for the devices she is signed in on, at their next request."""

    def out(self, app, user, act) -> tuple[int, int]:
        """What her two devices are answered before and after."""
        devices = [app.test_client().sign_in(user) for _ in range(2)]
        before = {device.get("/account").status_code for device in devices}
        act()
        return before, {device.get("/account").status_code for device in devices}

    @pytest.mark.parametrize("button", ["password", "disable", "second-factor/remove"])
    def test_by_a_button_of_the_administrator(self, app, client, make, administrator, button):
        user = make.user("officer")
        make.save(SecondFactor(user_id=user.id, sealed_secret="x", confirmed_at=clock.now(), last_step=0))
        client.sign_in(administrator)

        assert self.out(app, user, lambda: client.send(f"/settings/people/{user.id}/{button}", {"form_key": "k"})) == (
            {200},
            {303},
        )

    @pytest.mark.parametrize("change", ["roles", "villages"])
    def test_by_other_roles_or_villages(self, app, client, make, administrator, change):
        here, there = make.village(), make.village()
        user = make.user("collaborator", village=here)
        wanted = {"roles": ["viewer"] if change == "roles" else ["collaborator"], "villages": [there.id]}
        form = {"full_name": user.full_name, "version": user.version, **wanted}
        client.sign_in(administrator)

        assert self.out(app, user, lambda: client.send(f"/settings/people/{user.id}", form)) == ({200}, {303})

    def test_by_ending_all_other_devices(self, app, make):
        user = make.user("viewer")
        mine = app.test_client().sign_in(user)

        assert self.out(app, user, lambda: mine.post("/account/devices/end-all")) == ({200}, {303})
        assert mine.get("/account").status_code == 200
