"""One thing done to many: counted, told, once, and taken back where nobody changed it since."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from app import bulk, child_filters, clock, review
from blueprints.bulk import views as bulk_views
from models import (
    AuditEvent,
    BulkAct,
    Change,
    Child,
    Circumstance,
    Movement,
    MovementKind,
    PopulationCheck,
    ReviewItem,
    ReviewState,
    User,
    Village,
    db,
)
from tests.make import Make
from tests.page import Client, Page


@pytest.fixture
def village(make: Make) -> Village:
    return make.village("Thôn Một")


@pytest.fixture
def other(make: Make, village: Village) -> Village:
    return make.village("Thôn Hai")


@pytest.fixture
def children(make: Make, village: Village) -> list[Child]:
    return [make.child(name, village) for name in ("Vàng Thị An", "Lò Văn Bình", "Giàng A Chi")]


@pytest.fixture
def officer(client: Client, make: Make, village: Village) -> User:
    user = make.user("officer")
    client.sign_in(user)
    return user


@pytest.fixture
def collaborator(make: Make, village: Village) -> User:
    return make.user("collaborator", village=village)


def proposal(make: Make, child: Child, by: User, **values: Any) -> ReviewItem:
    return make.save(
        ReviewItem(
            commune_id=child.commune_id, child_id=child.id, submitted_by_id=by.id, submitted_at=clock.now(), **values
        )
    )


def code(record: Any) -> str:
    return f"{record.id}.{record.version}"


def the_act() -> BulkAct:
    return db.session.scalars(select(BulkAct)).one()


def undo(client: Client, key: str = "undo") -> Page:
    return client.send(f"/bulk/{the_act().id}/undo", {"form_key": key})


def ticks(page: Page) -> list[str]:
    return [box["value"] for box in page.soup.select("input[data-tick]")]


class TestReview:
    @pytest.fixture
    def items(self, make: Make, children: list[Child], collaborator: User) -> list[ReviewItem]:
        return [proposal(make, child, collaborator) for child in children]

    def decide(self, client: Client, state: str = "accepted", **values: Any) -> Page:
        """Everything on the page: ticked, looked over, decided."""
        page = client.send("/review/many", {"state": state, "chosen": ticks(client.page("/review/"))})
        return self.confirm(client, page, **values)

    def confirm(self, client: Client, page: Page, **values: Any) -> Page:
        sent = [box["value"] for box in page.soup.select("main input[name=chosen]")]
        return client.send("/review/many", {**page.form(), "chosen": sent, **values})

    def test_all_of_the_page_are_accepted_and_what_they_recorded_counts(
        self, client, make, officer, collaborator, children, items
    ):
        mine = make.circumstance(children[0], confirmed=False, recorded_by_id=collaborator.id)

        page = client.send("/review/many", {"state": "accepted", "chosen": ticks(client.page("/review/"))})
        assert "Sẽ nhận 3 mục" in page.text
        assert {item.state for item in items} == {ReviewState.WAITING}
        shown = db.session.scalars(select(AuditEvent).where(AuditEvent.event == "children_listed")).all()
        assert [event.details["count"] for event in shown] == [3, 3]
        page = self.confirm(client, page)

        assert "Đã làm cho 3 trẻ em" in page.text
        assert {(item.state, item.decided_by_id) for item in items} == {(ReviewState.ACCEPTED, officer.id)}
        assert (mine.confirmed_on, mine.confirmed_by_id) == (clock.today(), officer.id)
        event = db.session.scalars(select(AuditEvent).where(AuditEvent.event == "bulk_done")).one()
        assert event.details == {"kind": "accepted", "count": 3, "left_out": 0}

    def test_a_link_ticks_the_page_where_no_script_does(self, client, officer, items):
        link = client.page("/review/").soup.select_one("a[data-tick-all]")["href"]

        assert len(client.page(link).soup.select("input[data-tick][checked]")) == 3

    def test_many_go_back_with_one_reason(self, client, officer, items):
        page = client.send("/review/many", {"state": "sent_back", "chosen": [code(item) for item in items]})
        refused = self.confirm(client, page, answer="")
        assert (refused.status, set(refused.errors())) == (422, {"answer"})
        self.confirm(client, refused, answer="Thiếu ngày sinh")

        assert {(item.state, item.answer) for item in items} == {(ReviewState.SENT_BACK, "Thiếu ngày sinh")}

    def test_what_changed_after_the_page_was_opened_is_left_and_told(self, client, officer, items):
        page = client.send("/review/many", {"state": "accepted", "chosen": [code(item) for item in items]})
        review.decide(officer, items[0], ReviewState.SENT_BACK, "Sửa lại")
        items[1].submitted_at = clock.now().replace(year=2020)
        db.session.commit()

        page = self.confirm(client, page)

        assert [item.state for item in items] == [ReviewState.SENT_BACK, ReviewState.WAITING, ReviewState.ACCEPTED]
        assert "Đã làm cho 1 trẻ em" in page.text
        assert "Vừa được sửa hoặc quyết định sau khi bạn mở trang Không làm cho 2 trẻ em" in page.text

    def test_what_needs_a_look_of_its_own_is_not_accepted_unseen(
        self, client, make, village, officer, collaborator, children, items
    ):
        proposal(make, children[0], make.user("collaborator", village=village))
        make.circumstance(children[1], "h.1", confirmed=False, recorded_by_id=collaborator.id)
        twin = make.child(children[2].full_name, village)
        fresh = proposal(make, twin, collaborator, is_new=True)

        page = self.decide(client)

        states = {item.child_id: item.state for item in items}
        assert states[children[0].id] is ReviewState.WAITING
        assert "Hai người cùng gửi về trẻ này" in page.text
        assert fresh.state is ReviewState.WAITING
        assert states[children[2].id] is ReviewState.ACCEPTED

    def test_what_is_read_apart_is_looked_at_singly(self, client, make, officer, collaborator, children, items):
        from models import CircumstanceKind, Sensitivity

        kind = db.session.scalars(
            select(CircumstanceKind.code).where(CircumstanceKind.sensitivity == Sensitivity.HIV)
        ).first()
        make.circumstance(children[1], kind, confirmed=False, recorded_by_id=collaborator.id)

        page = self.decide(client)

        assert items[1].state is ReviewState.WAITING
        assert "Cần xem từng mục" in page.text
        assert "Đã làm cho 2 trẻ em" in page.text

    def test_sent_twice_is_done_once(self, client, officer, items):
        page = client.send("/review/many", {"state": "accepted", "chosen": [code(item) for item in items]})

        first, second = self.confirm(client, page), self.confirm(client, page)

        assert first.response.request.path == second.response.request.path == f"/bulk/{the_act().id}"

    def test_undone_all_wait_again_but_what_was_read_since(self, client, make, officer, collaborator, children, items):
        mine = make.circumstance(children[0], confirmed=False, recorded_by_id=collaborator.id)
        self.decide(client)
        review.note_seen(items[2])
        db.session.commit()

        page = undo(client)

        assert [item.state for item in items] == [ReviewState.WAITING, ReviewState.WAITING, ReviewState.ACCEPTED]
        assert (items[0].decided_at, items[0].decided_by_id, mine.confirmed_on) == (None, None, None)
        assert "2 trẻ em trở lại như trước" in page.text
        assert "Giữ nguyên 1 trẻ em" in page.text
        assert "đã hoàn tác rồi" in undo(client, "again").text

    def test_what_was_sent_anew_meanwhile_is_not_doubled(self, client, make, officer, collaborator, children, items):
        self.decide(client)
        proposal(make, children[0], collaborator)

        undo(client)

        waiting = db.session.scalars(select(ReviewItem).where(ReviewItem.state == ReviewState.WAITING)).all()
        assert sorted(item.child_id for item in waiting) == [child.id for child in children]

    def test_nothing_ticked_is_told(self, client, officer, items):
        assert "Chưa chọn mục nào" in client.send("/review/many", {"state": "accepted"}).text

    def test_items_of_another_commune_are_passed_over(self, client, make, officer, items):
        abroad = make.village(commune=make.commune())
        theirs = proposal(make, make.child("Lò Xa", abroad), make.user("collaborator", village=abroad))

        page = client.send("/review/many", {"state": "accepted", "chosen": [code(items[0]), code(theirs)]})
        self.confirm(client, page)

        assert (items[0].state, theirs.state) == (ReviewState.ACCEPTED, ReviewState.WAITING)


class TestChildren:
    def choose(self, client: Client, act: str, children: list[Child]) -> Page:
        return client.page(
            "/bulk/chosen", query_string={"act": act, "child": [one.id for one in children]}, follow_redirects=True
        )

    def send(self, client: Client, page: Page, **values: Any) -> Page:
        sent = [box["value"] for box in page.soup.select("main input[name=chosen]")]
        return client.send(page.response.request.full_path, {**page.form(), "chosen": sent, **values})

    def move(self, client: Client, children: list[Child], other: Village, day: str = "1/6/2026") -> Page:
        page = self.choose(client, "move", children)
        page = self.send(client, page, to_village_id=other.id, happened_on=day)
        return self.send(client, page, step="save")

    def test_the_list_offers_it_to_the_officer_only(self, client, officer, collaborator, children):
        page = client.page("/children/")
        assert ticks(page) == [str(child.id) for child in children]
        assert [button["value"] for button in page.soup.select("button[name=act]")] == [
            "service",
            "move",
            "check",
            "confirm",
            "list",
        ]

        client.sign_in(collaborator)
        assert ticks(client.page("/children/")) == []
        assert client.get("/bulk/move?only=1").status_code == 403

    def test_they_move_together_with_a_day_and_back(self, client, make, officer, village, other, children):
        household = make.household("Vàng Văn Chủ", village)
        children[0].household = household
        db.session.commit()

        page = self.choose(client, "move", children[:2])
        assert "2 trẻ em đã chọn" in page.text
        page = self.send(client, page, to_village_id=other.id, happened_on="1/6/2026")
        assert "Sẽ làm cho 2 trẻ em" in page.text
        assert "Thôn Hai" in page.text
        page = self.send(client, page, step="save")

        assert "Đã làm cho 2 trẻ em" in page.text
        assert [child.village_id for child in children] == [other.id, other.id, village.id]
        assert children[0].household_id is None
        moves = db.session.scalars(select(Movement).where(Movement.kind == MovementKind.MOVED_VILLAGE)).all()
        assert {(one.happened_on, one.from_village_id, one.to_village_id) for one in moves} == {
            (date(2026, 6, 1), village.id, other.id)
        }
        changes = db.session.scalars(select(Change).where(Change.subject_id == children[0].id)).all()
        assert any("village_id" in change.fields for change in changes)

        undo(client)

        assert {child.village_id for child in children} == {village.id}
        assert children[0].household_id == household.id
        assert "vang van chu" in children[0].search_key
        assert db.session.scalars(select(Movement).where(Movement.kind == MovementKind.MOVED_VILLAGE)).all() == []

    def test_who_cannot_move_is_left_out_with_the_reason(self, client, make, officer, village, other, children):
        there = make.child("Lò Đã Ở", other)
        gone = make.child("Lò Đã Đi", village, left_on=date(2026, 1, 1), left_reason="moved_out")
        unborn = make.child("Lò Sơ Sinh", village, born=date(2026, 6, 2))

        page = self.move(client, [children[0], there, gone, unborn], other)

        assert "Đã làm cho 1 trẻ em" in page.text
        for why in ("Đã ở thôn này", "Không còn ở xã", "Sinh sau ngày này"):
            assert f"{why} Không làm cho 1 trẻ em" in page.text
        assert unborn.village_id == village.id

    def test_a_wrong_day_is_told_and_nothing_is_done(self, client, officer, village, other, children):
        page = self.send(client, self.choose(client, "move", children), to_village_id=other.id, happened_on="1/6/2090")

        assert (page.status, set(page.errors())) == (422, {"happened_on"})
        assert {child.village_id for child in children} == {village.id}

    def test_who_was_edited_since_is_not_moved_and_not_taken_back(self, client, officer, village, other, children):
        page = self.send(client, self.choose(client, "move", children), to_village_id=other.id, happened_on="1/6/2026")
        children[0].note = "đã gặp gia đình"
        db.session.commit()
        page = self.send(client, page, step="save")
        assert "Vừa được sửa hoặc quyết định sau khi bạn mở trang Không làm cho 1 trẻ em" in page.text
        children[1].note = "đã nhận nhà mới"
        db.session.commit()

        page = undo(client)

        assert [child.village_id for child in children] == [village.id, other.id, village.id]
        assert "Giữ nguyên 1 trẻ em" in page.text

    def test_a_mark_for_many_and_back(self, client, officer, children):
        children[0].population_check = PopulationCheck.MATCHED
        db.session.commit()
        page = self.send(client, self.choose(client, "check", children), population_check="matched")
        page = self.send(client, page, step="save")

        assert {child.population_check for child in children} == {PopulationCheck.MATCHED}
        assert "Đã ghi như vậy Không làm cho 1 trẻ em" in page.text
        undo(client)
        assert [child.population_check for child in children] == [
            PopulationCheck.MATCHED,
            PopulationCheck.UNCHECKED,
            PopulationCheck.UNCHECKED,
        ]

    def test_circumstances_are_confirmed_and_back(self, client, make, officer, children):
        waiting = make.circumstance(children[0], confirmed=False)
        page = self.choose(client, "confirm", children)
        assert "Sẽ làm cho 1 trẻ em" in page.text

        page = self.send(client, page, step="save")

        assert (waiting.confirmed_on, waiting.confirmed_by_id) == (clock.today(), officer.id)
        assert "Không có hoàn cảnh nào chờ xác nhận Không làm cho 2 trẻ em" in page.text
        undo(client)
        assert db.session.get(Circumstance, waiting.id).confirmed_on is None

    def test_sent_twice_is_done_once(self, client, officer, other, children):
        page = self.send(client, self.choose(client, "move", children), to_village_id=other.id, happened_on="1/6/2026")

        for _time in range(3):
            self.send(client, page, step="save")

        assert the_act().count == 3
        assert len(db.session.scalars(select(Movement)).all()) == 3

    def test_children_of_another_commune_are_passed_over(self, client, make, officer, other, children):
        abroad = make.child("Lò Xa", make.village(commune=make.commune()))

        page = self.move(client, [children[0], abroad], other)

        assert "Đã làm cho 1 trẻ em" in page.text
        assert "Lò Xa" not in page.text

    def test_services_and_lists_take_the_chosen_along(self, client, officer, children):
        page = self.choose(client, "service", children[:2])
        assert "2 trẻ em trong danh sách" in page.text

        page = self.choose(client, "list", children[:2])
        page = client.send(
            page.response.request.full_path, {**page.form(), "name": "Hai cháu", "columns": ["c1", "c2"]}
        )

        assert sorted(row["Họ và tên"] for row in page.rows()) == ["Lò Văn Bình", "Vàng Thị An"]
        assert "2 trẻ em được chọn" in page.text

    def test_nobody_chosen_is_told(self, client, officer, children):
        assert "Chưa chọn trẻ em nào" in self.choose(client, "move", []).text
        assert client.page("/bulk/").soup.select("table") == []

    def test_what_was_done_is_listed_with_its_way_back(self, client, officer, other, children):
        self.move(client, children, other)

        [row] = client.page("/bulk/").rows()
        assert (row["Việc"], row["Số trẻ em"], row["Hoàn tác"]) == ("Chuyển sang thôn khác", "3", "Hoàn tác")
        undo(client)
        [row] = client.page("/bulk/").rows()
        assert row["Hoàn tác"].startswith("đã hoàn tác")


class TestTheWholeList:
    def ticked(self, client: Client, address: str) -> dict[str, str]:
        page = client.page(address)
        form = page.soup.select_one("form[action='/bulk/chosen']")
        hidden = {one["name"]: one["value"] for one in form.select("input[type=hidden]")}
        return hidden | {"act": "move", "whole": form.select_one("input[name=whole]")["value"]}

    def test_one_tick_takes_every_page_of_what_the_list_shows(
        self, client: Client, make: Make, officer: User, village: Village, other: Village
    ) -> None:
        here = {make.child(f"Vàng Thị Một {number}", village).id for number in range(55)}
        make.child("Vàng Thị Một", other)

        asked = self.ticked(client, f"/children/?village={village.id}")
        page = Page(client.get("/bulk/chosen", query_string=asked, follow_redirects=True))

        assert {int(one["value"].split(".")[0]) for one in page.soup.select("input[name=chosen]")} == here

    def test_a_search_narrows_it_too(self, client: Client, make: Make, officer: User, village: Village) -> None:
        found = {make.child(f"Lò Văn Tìm {number}", village).id for number in range(51)}
        make.child("Giàng A Khác", village)
        address = client.post("/children/search", data={"words": "tim"}).location

        page = Page(client.get("/bulk/chosen", query_string=self.ticked(client, address), follow_redirects=True))

        assert {int(one["value"].split(".")[0]) for one in page.soup.select("input[name=chosen]")} == found

    def test_it_is_offered_only_where_there_are_more_pages_and_not_too_many(
        self, client: Client, make: Make, officer: User, village: Village, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for number in range(50):
            make.child(f"Vàng Thị Một {number}", village)
        assert not client.page("/children/").soup.select("input[name=whole]")
        make.child("Vàng Thị Hai", village)
        assert client.page("/children/").soup.select("input[name=whole]")

        for module in (child_filters, bulk, bulk_views):
            monkeypatch.setattr(module, "MOST_CHOSEN", 50)

        assert not client.page("/children/").soup.select("input[name=whole]")
        page = client.page("/bulk/chosen?act=move&whole=1", follow_redirects=True)
        assert "nhiều nhất 50 trẻ em" in page.text
