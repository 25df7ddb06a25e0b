"""The register's pages."""

from datetime import date
from typing import Any, ClassVar

import pytest

from app import clock, register
from app.child_filters import ChildFilters, Orphanhood
from models import (
    Change,
    Child,
    Circumstance,
    Movement,
    PartialDate,
    Poverty,
    Precision,
    RelativeKind,
    RelativeState,
    ReviewItem,
    ReviewState,
    Sex,
    db,
)
from tests.make import Make
from tests.page import Client


def names(page: object) -> list[str]:
    return [row["Họ và tên"] for row in page.rows()]  # type: ignore[attr-defined]


class TestList:
    def test_it_is_in_vietnamese_name_order(self, client: Client, make: Make) -> None:
        village = make.village()
        for name in ("Trần Đức", "Nguyễn Dung", "Lê Thị An", "Bùi Văn An", "Phạm Ân", "Vũ Hòa", "Vũ Hoa"):
            make.child(name, village)

        page = client.sign_in(make.user("officer")).page("/children/")

        assert names(page) == ["Bùi Văn An", "Lê Thị An", "Phạm Ân", "Nguyễn Dung", "Trần Đức", "Vũ Hoa", "Vũ Hòa"]

    @pytest.mark.parametrize(
        "words", ["duc", "ĐỨC", "tran duc", "duc tran", "Đu\u031b\u0301c".replace("u\u031b\u0301", "ứ")]
    )
    def test_search_needs_no_accents_and_no_order(self, client: Client, make: Make, words: str) -> None:
        village = make.village()
        make.child("Trần Văn Đức", village)
        make.child("Nguyễn Văn Hùng", village)

        page = client.sign_in(make.user("officer")).send("/children/search", {"words": words})

        assert names(page) == ["Trần Văn Đức"]

    def test_hoa_finds_both_spellings_of_the_tone(self, client: Client, make: Make) -> None:
        village = make.village()
        make.child("Vũ Thị Hoà", village)
        make.child("Vũ Thị Hòa", village)

        page = client.sign_in(make.user("officer")).send("/children/search", {"words": "hoa"})

        assert len(names(page)) == 2

    def test_search_finds_by_parent_head_and_number(self, client: Client, make: Make) -> None:
        village = make.village()
        child = make.child("Trần Văn Đức", village, personal_id="030218123456")
        make.relative(child, full_name="Đỗ Thị Mến")
        child.household = make.household("Quách Văn Tứ", village)
        db.session.commit()
        client.sign_in(make.user("officer"))

        for words in ("men do", "quach tu", "0302181"):
            assert names(client.send("/children/search", {"words": words})) == ["Trần Văn Đức"]

    def test_the_words_searched_for_never_stand_in_an_address(self, client: Client, make: Make) -> None:
        make.child("Trần Văn Đức")

        response = client.sign_in(make.user("officer")).post("/children/search", data={"words": "Đức"})

        assert response.status_code == 303
        assert "uc" not in response.location.split("search=")[0].lower().replace("/children/", "")
        assert "Đức" not in response.location
        assert "%C4%90" not in response.location

    def test_every_child_is_on_exactly_one_page(self, client: Client, make: Make) -> None:
        village = make.village()
        for number in range(120):
            make.child(f"Trần Văn {'ABCDE'[number % 5]}n {number % 7}", village)
        client.sign_in(make.user("officer"))

        page = client.page("/children/")
        seen = [link["href"] for link in page.soup.select("tbody th a")]
        while page.soup.select_one("a[rel=next]"):
            page = client.page(page.soup.select_one("a[rel=next]")["href"])
            seen += [link["href"] for link in page.soup.select("tbody th a")]

        assert len(seen) == 120
        assert len(set(seen)) == 120

    def test_the_page_before_is_the_page_one_came_from(self, client: Client, make: Make) -> None:
        village = make.village()
        for number in range(70):
            make.child(f"Trần Văn Số {number}", village)
        client.sign_in(make.user("officer"))

        first = client.page("/children/")
        second = client.page(first.soup.select_one("a[rel=next]")["href"])
        back = client.page(second.soup.select_one("a[rel=prev]")["href"])

        assert names(back) == names(first)

    def test_a_sixteen_year_old_leaves_the_list_but_not_the_register(self, client: Client, make: Make) -> None:
        village = make.village()
        today = clock.today()
        make.child("Trần Văn Lớn", village, born=today.replace(year=today.year - 16, day=min(today.day, 28)))
        client.sign_in(make.user("officer"))

        assert client.page("/children/").soup.select("tbody tr") == []
        assert names(client.page("/children/?presence=grown")) == ["Trần Văn Lớn"]


class TestFilters:
    def test_orphans_are_derived_from_the_parents_states(self, make: Make) -> None:
        officer, village = make.user("officer"), make.village()
        both, father = make.child("Trần Văn Hai", village), make.child("Trần Văn Một", village)
        for child, kinds in ((both, ("father", "mother")), (father, ("father",))):
            for kind in kinds:
                make.relative(child, RelativeKind(kind), state=RelativeState.DEAD)

        def found(orphan: Orphanhood) -> list[Child]:
            return list(db.session.scalars(register.children(officer, ChildFilters(orphan=orphan))).unique())

        assert found(Orphanhood.BOTH) == [both]
        assert found(Orphanhood.FATHER) == [father]
        assert found(Orphanhood.MOTHER) == []
        assert len(found(Orphanhood.ANY)) == 2

    def test_only_confirmed_circumstances_in_force_count(self, make: Make) -> None:
        officer, village = make.user("officer"), make.village()
        make.circumstance(make.child("Trần Văn A", village), "d.2")
        make.circumstance(make.child("Trần Văn B", village), "d.2", confirmed=False)
        make.circumstance(make.child("Trần Văn C", village), "d.2", ended_on=clock.today())

        assert register.count_children(officer, ChildFilters(group="d")) == 1
        assert register.count_children(officer, ChildFilters(group="special")) == 1
        assert register.count_children(officer, ChildFilters(group="d.1")) == 0

    def test_a_collaborator_counts_no_child_with_hiv(self, make: Make) -> None:
        village = make.village()
        make.circumstance(make.child("Trần Văn A", village), "đ")

        assert register.count_children(make.user("officer"), ChildFilters(group="đ")) == 1
        assert register.count_children(make.user("collaborator", village=village), ChildFilters(group="đ")) == 0


class TestAdd:
    answers: ClassVar[dict[str, Any]] = {
        "full_name": " Trần  Thị Bình ",
        "sex": "female",
        "born_on": "5/6/2019",
        "birth_registration": "registered",
        "mother_name": "Đỗ Thị Mến",
        "mother_state": "alive",
        "head_name": "Trần Văn Chủ",
        "phone": "0912 345 678",
    }

    def test_a_short_form_makes_child_parents_household_and_movement(self, client: Client, make: Make) -> None:
        village = make.village()
        client.sign_in(make.user("officer"))

        page = client.send("/children/add", self.answers | {"village_id": village.id})

        child = db.session.scalars(db.select(Child)).unique().one()
        assert page.status == 200
        assert (child.full_name, child.sex, child.birth) == (
            "Trần Thị Bình",
            Sex.FEMALE,
            PartialDate(date(2019, 6, 5)),
        )
        assert [relative.full_name for relative in child.relatives] == ["Đỗ Thị Mến"]
        assert (child.household.head_name, child.household.phone) == ("Trần Văn Chủ", "0912345678")
        assert db.session.scalars(db.select(Movement)).one().kind.value == "born"
        assert child.code == "TE-000001"

    def test_what_cannot_be_read_is_said_at_the_field_and_stays_typed(self, client: Client, make: Make) -> None:
        make.village(), make.village()
        client.sign_in(make.user("officer"))

        page = client.send("/children/add", {"full_name": "Trần Bình", "born_on": "31/2/2019", "personal_id": "123"})

        assert page.status == 422
        assert page.errors() == {
            "sex-0": "Chọn giới tính",
            "born_on": "Không có ngày này trong lịch",
            "village_id": "Chọn thôn",
            "personal_id": "Số định danh cá nhân phải có đúng 12 chữ số",
            "birth_registration-0": "Chọn đăng ký khai sinh",
        }
        assert page.soup.select_one("#born_on")["value"] == "31/2/2019"
        assert page.soup.select_one("#full_name")["value"] == "Trần Bình"

    def test_a_likely_duplicate_is_shown_and_a_twin_passes_with_one_click(self, client: Client, make: Make) -> None:
        village = make.village()
        make.child("Trần Thị Bình", village, born=date(2019, 6, 5))
        client.sign_in(make.user("officer"))
        answers = self.answers | {"village_id": village.id}

        first = client.send("/children/add", answers)
        second = client.send("/children/add", answers | {"confirmed": "1"})

        assert first.status == 422
        assert "Trùng họ tên và ngày sinh" in first.text
        assert second.status == 200
        assert db.session.scalar(db.select(db.func.count(Child.id))) == 2

    def test_a_clash_in_another_village_tells_a_collaborator_only_to_ask(self, client: Client, make: Make) -> None:
        own, other = make.village(), make.village()
        make.child("Trần Thị Bình", other, born=date(2019, 6, 5))
        client.sign_in(make.user("collaborator", village=own))

        page = client.send("/children/add", self.answers | {"village_id": own.id})

        assert "Hỏi công chức" in page.text
        assert other.name not in page.soup.select_one(".notice.warning").get_text()

    def test_a_collaborator_cannot_add_to_another_village(self, client: Client, make: Make) -> None:
        own, other = make.village(), make.village()
        client.sign_in(make.user("collaborator", village=own))

        page = client.send("/children/add", self.answers | {"village_id": other.id})

        assert page.status == 422
        assert db.session.scalars(db.select(Child)).unique().all() == []

    def test_a_newborn_without_a_name_is_taken(self, client: Client, make: Make) -> None:
        village = make.village()
        client.sign_in(make.user("officer"))

        answers = self.answers | {"village_id": village.id, "full_name": "", "born_on": ""}
        page = client.send("/children/add", answers)

        assert page.status == 200
        assert "(chưa đặt tên)" in page.soup.select_one("h1").get_text()

    def test_the_same_form_sent_twice_makes_one_child(self, client: Client, make: Make) -> None:
        village = make.village()
        client.sign_in(make.user("officer"))
        answers = self.answers | {"village_id": village.id, "form_key": "khoa-1"}

        first = client.post("/children/add", data=answers)
        second = client.post("/children/add", data=answers)

        assert first.location == second.location
        assert db.session.scalar(db.select(db.func.count(Child.id))) == 1

    def test_the_name_searched_for_is_already_in_the_form(self, client: Client, make: Make) -> None:
        make.village()
        client.sign_in(make.user("officer"))

        found = client.send("/children/new", {"words": "Trần Thị Bình"})
        page = client.page(found.soup.select_one("main a.btn-primary")["href"])

        assert page.soup.select_one("#full_name")["value"] == "Trần Thị Bình"

    def test_a_sibling_gets_the_same_family(self, client: Client, make: Make) -> None:
        village = make.village()
        elder = make.child("Trần Văn Anh", village)
        make.relative(elder, RelativeKind.MOTHER, "Đỗ Thị Mến")
        elder.household = make.household("Trần Văn Chủ", village)
        db.session.commit()
        client.sign_in(make.user("officer"))

        answers = {"full_name": "Trần Văn Em", "sex": "male", "born_on": "2022", "village_id": village.id}
        client.send(f"/children/add?sibling={elder.id}", answers | {"birth_registration": "unknown"})

        younger = db.session.scalars(db.select(Child).where(Child.full_name == "Trần Văn Em")).unique().one()
        assert [relative.full_name for relative in younger.relatives] == ["Đỗ Thị Mến"]
        assert younger.household_id == elder.household_id
        assert younger.birth == PartialDate(date(2022, 12, 31), Precision.YEAR)


class TestEdit:
    def answers(self, child: Child, **changes: object) -> dict[str, object]:
        return {
            "full_name": child.full_name,
            "sex": child.sex.value,
            "born_on": str(child.birth),
            "village_id": child.village_id,
            "residence": "permanent",
            "birth_registration": "unknown",
            "schooling": "unknown",
            "population_check": "unchecked",
            "nationality": "Việt Nam",
            "version": child.version,
        } | changes

    def test_a_change_is_told_in_the_history(self, client: Client, make: Make) -> None:
        child = make.child("Trần Văn An")
        client.sign_in(make.user("officer", full_name="Lê Thị Cán Bộ"))

        page = client.send(f"/children/{child.id}/edit", self.answers(child, full_name="Trần Văn Ân"))

        assert "Trần Văn An" in page.soup.select_one(".timeline del").get_text()
        assert "Lê Thị Cán Bộ" in page.soup.select_one(".timeline").get_text()

    def test_a_birth_date_is_told_as_far_as_it_is_known(self, client: Client, make: Make) -> None:
        child = make.child("Trần Văn An", born=date(2018, 5, 6))
        client.sign_in(make.user("officer"))

        client.send(f"/children/{child.id}/edit", self.answers(child, born_on="2018"))
        child = db.session.scalars(db.select(Child)).unique().one()
        page = client.send(f"/children/{child.id}/edit", self.answers(child, born_on="31/12/2018"))

        told = [item.get_text(" ", strip=True) for item in page.soup.select(".timeline li li")]
        assert [line for line in told if line.startswith("Ngày sinh")] == [
            "Ngày sinh: 2018 → 31/12/2018",
            "Ngày sinh: 06/05/2018 → 2018",
            "Ngày sinh: 06/05/2018",
        ]

    def test_a_stale_form_shows_both_versions_and_keeps_what_was_typed(self, client: Client, make: Make) -> None:
        child = make.child("Trần Văn An")
        stale = self.answers(child, full_name="Trần Văn Của Tôi")
        client.sign_in(make.user("officer"))
        client.send(f"/children/{child.id}/edit", self.answers(child, full_name="Trần Văn Của Người Khác"))

        page = client.send(f"/children/{child.id}/edit", stale)

        assert page.status == 409
        assert page.rows()[0] == {
            "Mục": "Họ và tên",
            "Lúc bạn mở": "–",
            "Đang lưu": "Trần Văn Của Người Khác",
            "Bạn gõ": "Trần Văn Của Tôi",
        }
        assert page.soup.select_one("#full_name")["value"] == "Trần Văn Của Tôi"
        stored = db.session.scalars(db.select(Child)).unique().one()
        assert stored.full_name == "Trần Văn Của Người Khác"

    def test_a_personal_id_belongs_to_one_child(self, client: Client, make: Make) -> None:
        village = make.village()
        make.child("Trần Văn Một", village, personal_id="030218111111")
        child = make.child("Trần Văn Hai", village)
        client.sign_in(make.user("officer"))

        page = client.send(f"/children/{child.id}/edit", self.answers(child, personal_id="030 218 111111"))

        assert page.errors() == {"personal_id": "Số định danh này đã có ở hồ sơ khác trong xã"}

    def test_an_id_of_the_other_sex_or_year_is_a_warning_not_an_error(self, client: Client, make: Make) -> None:
        child = make.child("Trần Văn An", born=date(2018, 5, 6))
        client.sign_in(make.user("officer"))

        page = client.send(f"/children/{child.id}/edit", self.answers(child, personal_id="030317123456"))

        assert page.status == 200
        assert "giới tính nữ" in page.text
        assert "năm sinh 2017" in page.text


class TestReview:
    def test_a_collaborators_change_waits_and_the_answer_comes_back(self, client: Client, make: Make) -> None:
        village = make.village()
        child = make.child("Trần Văn An", village)
        collaborator, officer = make.user("collaborator", village=village), make.user("officer")
        client.sign_in(collaborator)
        client.send(f"/children/{child.id}/edit", TestEdit().answers(child, note="Nhà mới chuyển ra bờ đê"))

        queue = client.sign_in(officer).page("/review/")
        assert "Nhà mới chuyển ra bờ đê" in queue.text
        item = db.session.scalars(db.select(ReviewItem)).one()
        client.send(f"/review/{item.id}/send-back", {"answer": "Ghi rõ số nhà."})

        answers = client.sign_in(collaborator).page("/review/answers")
        assert "Ghi rõ số nhà." in answers.text
        assert "1" in client.page("/").soup.select_one(".tile .figure").get_text()

    def test_what_the_collaborator_sends_after_the_page_was_drawn_is_not_decided_unseen(
        self, client: Client, make: Make
    ) -> None:
        village = make.village()
        child = make.child("Trần Văn An", village)
        collaborator, officer = make.user("collaborator", village=village), make.user("officer")
        client.sign_in(collaborator).send(f"/children/{child.id}/edit", TestEdit().answers(child, note="Một"))
        queue = client.sign_in(officer).page("/review/")
        drawn = queue.soup.select_one("[data-item] [data-key=n] form")
        hidden = {one["name"]: one["value"] for one in drawn.select("input")}
        back = queue.soup.select_one("[data-item] a[data-key=t]")["href"]
        db.session.refresh(child)
        client.sign_in(collaborator).send(f"/children/{child.id}/edit", TestEdit().answers(child, note="Hai"))
        client.sign_in(officer)

        assert "vừa gửi thêm" in client.send(drawn["action"], hidden).text
        sent_back = client.send(back, {"answer": "Ghi rõ số nhà."})

        assert "vừa gửi thêm" in sent_back.text
        assert "Ghi rõ số nhà." in sent_back.text
        assert db.session.scalars(db.select(ReviewItem)).one().state is ReviewState.WAITING
        hidden["version"] = str(db.session.scalars(db.select(ReviewItem)).one().version)
        client.send(drawn["action"], hidden)
        assert db.session.scalars(db.select(ReviewItem)).one().state is ReviewState.ACCEPTED

    def test_accepting_confirms_the_circumstance_a_collaborator_recorded(self, client: Client, make: Make) -> None:
        village = make.village()
        child = make.child("Trần Văn An", village)
        client.sign_in(make.user("collaborator", village=village))
        client.send(f"/children/{child.id}/circumstances/new", {"kind_code": "d.3"})
        officer = make.user("officer")
        assert register.count_children(officer, ChildFilters(group="d")) == 0

        item = db.session.scalars(db.select(ReviewItem)).one()
        client.sign_in(officer).send(f"/review/{item.id}/accept")

        assert register.count_children(officer, ChildFilters(group="d")) == 1
        assert db.session.scalars(db.select(ReviewItem)).one().state is ReviewState.ACCEPTED

    def test_a_collaborator_is_not_offered_and_cannot_record_hiv(self, client: Client, make: Make) -> None:
        village = make.village()
        child = make.child("Trần Văn An", village)
        client.sign_in(make.user("collaborator", village=village))

        page = client.send(f"/children/{child.id}/circumstances/new", {"kind_code": "đ"})

        assert page.status == 422
        assert "HIV" not in page.text
        assert db.session.scalars(db.select(Circumstance)).all() == []

    def test_an_officers_change_waits_for_nobody(self, client: Client, make: Make) -> None:
        child = make.child("Trần Văn An")
        client.sign_in(make.user("officer"))

        client.send(f"/children/{child.id}/edit", TestEdit().answers(child, note="Đúng rồi"))

        assert db.session.scalars(db.select(ReviewItem)).all() == []


class TestMovements:
    def test_moving_out_and_coming_back(self, client: Client, make: Make) -> None:
        child = make.child("Trần Văn An")
        officer = make.user("officer")
        client.sign_in(officer)

        client.send(f"/children/{child.id}/move", {"kind": "moved_out", "happened_on": "1/9/2026", "place": "Hà Nội"})
        assert register.count_children(officer) == 0
        assert register.count_children(officer, on=date(2026, 8, 31)) == 1
        client.send(f"/children/{child.id}/move", {"kind": "returned", "happened_on": "1/10/2026"})

        assert register.count_children(officer) == 1
        kinds = [movement.kind.value for movement in db.session.scalars(db.select(Movement).order_by(Movement.id))]
        assert kinds == ["moved_out", "returned"]

    def test_moving_to_another_village_leaves_the_household_behind(self, client: Client, make: Make) -> None:
        old, new = make.village(), make.village()
        child = make.child("Trần Văn An", old)
        child.household = make.household(village=old)
        db.session.commit()
        client.sign_in(make.user("officer"))

        answers = {"kind": "moved_village", "happened_on": "1/10/2026", "to_village_id": new.id}
        client.send(f"/children/{child.id}/move", answers)

        moved = db.session.scalars(db.select(Child)).unique().one()
        assert (moved.village_id, moved.household_id) == (new.id, None)

    def test_a_day_ahead_of_today_is_refused(self, client: Client, make: Make) -> None:
        child = make.child("Trần Văn An")
        client.sign_in(make.user("officer"))

        page = client.send(f"/children/{child.id}/move", {"kind": "died", "happened_on": "1/1/2099"})

        assert page.errors() == {"happened_on": "Ngày xảy ra ở sau hôm nay"}


def test_disability_kinds_are_kept_in_the_official_order(client: Client, make: Make) -> None:
    child = make.child("Trần Văn An")
    client.sign_in(make.user("officer"))

    answers = {"severity": "severe", "kinds": ["vision", "movement"], "certificate_number": "12/XNKT"}
    page = client.send(f"/children/{child.id}/disabilities/new", answers)

    assert "Vận động, Nhìn" in page.text


def test_an_allowance_for_hiv_is_not_told_to_a_collaborator(client: Client, make: Make) -> None:
    village = make.village()
    child = make.child("Trần Văn An", village)
    client.sign_in(make.user("officer"))
    client.send(f"/children/{child.id}/allowances/new", {"basis": "k3", "monthly_amount": "1.000.000"})

    page = client.sign_in(make.user("collaborator", village=village)).page(f"/children/{child.id}")

    assert "1.000.000" not in page.text
    assert "HIV" not in page.text
    assert db.session.scalar(db.select(db.func.count(Change.id)).where(Change.record_table == "allowances")) == 1


def test_a_household_is_poor_by_the_latest_year_listed(client: Client, make: Make) -> None:
    village = make.village()
    child = make.child("Trần Văn An", village)
    child.household = household = make.household(village=village)
    db.session.commit()
    officer = make.user("officer")
    client.sign_in(officer)

    year = clock.today().year
    client.send(f"/households/{household.id}/status", {"year": year - 1, "status": "poor"})
    assert register.count_children(officer, ChildFilters(poverty=Poverty.POOR)) == 1
    client.send(f"/households/{household.id}/status", {"year": year, "status": "none"})

    assert register.count_children(officer, ChildFilters(poverty=Poverty.POOR)) == 0


def test_a_village_that_ended_is_offered_only_to_records_that_have_it(client: Client, make: Make) -> None:
    ended, living = make.village("Thôn Cũ", active_to=date(2020, 1, 1)), make.village("Thôn Mới")
    child = make.child("Trần Văn An", ended)
    client.sign_in(make.user("officer"))

    def offered(address: str) -> list[str]:
        return [option.get_text() for option in client.page(address).soup.select("#village_id option")[1:]]

    assert offered("/children/add") == [living.name]
    assert offered(f"/children/{child.id}/edit") == [ended.name, living.name]
    page = client.send(f"/children/{child.id}/edit", TestEdit().answers(child, note="Giữ nguyên thôn"))
    assert page.status == 200
