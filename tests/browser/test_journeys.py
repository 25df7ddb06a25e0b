"""What people come to do, done by keyboard, on a phone, at the office, and with scripts off."""

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import OFFICE, PHONE, House, Visit
from tests.browser.test_pages import violations
from tests.make import PASSWORD


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_signing_in_by_keyboard_alone(visit: Visit, house: House) -> None:
    page = visit()
    page.goto("/sign-in")
    press(page, "Tab")
    expect(page.locator(":focus")).to_have_text("Đến nội dung chính")
    page.get_by_label("Tên đăng nhập").focus()
    page.keyboard.type("officer")
    press(page, "Tab")
    page.keyboard.type(PASSWORD)
    press(page, "Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Việc của tôi")
    assert page.url == house.address + "/"


def test_a_wrong_password_leads_the_focus_to_the_summary(visit: Visit) -> None:
    page = visit()
    page.goto("/sign-in")
    page.get_by_label("Tên đăng nhập").fill("officer")
    page.get_by_label("Mật khẩu").fill("không phải thế")
    press(page, "Enter")

    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    expect(page.get_by_label("Tên đăng nhập")).to_have_value("officer")
    summary.get_by_role("link").click()
    expect(page.get_by_label("Tên đăng nhập")).to_be_focused()
    expect(page).to_have_title(re.compile(r"^Lỗi: "))


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts on", "scripts off"])
def test_a_collaborator_finds_a_child_without_accents(visit: Visit, scripts: bool) -> None:
    page = visit("collaborator", PHONE, scripts=scripts)
    page.goto("/children/")
    box = page.get_by_role("searchbox")
    box.fill("duc minh")
    box.press("Enter")

    expect(page.get_by_role("main")).to_contain_text("Nguyễn Minh Đức")
    expect(page.get_by_role("main")).not_to_contain_text("Phạm Thùy Dương")
    assert "duc" not in page.url


def test_the_list_narrows_as_one_types(visit: Visit) -> None:
    page = visit("collaborator", PHONE)
    page.goto("/children/")
    page.get_by_role("searchbox").press_sequentially("hoa", delay=30)

    expect(page.get_by_role("main")).not_to_contain_text("Lê Văn Phước")
    expect(page.get_by_role("main")).to_contain_text("Trần Thị Hoà")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts on", "scripts off"])
def test_a_collaborator_adds_a_child(visit: Visit, scripts: bool) -> None:
    name = f"Đỗ Thị {'Một' if scripts else 'Hai'}"
    page = visit("collaborator", PHONE, scripts=scripts)
    page.goto("/children/add")
    page.get_by_label("Họ và tên", exact=False).first.fill(name)
    page.get_by_label("Nữ").check()
    page.get_by_label("Ngày sinh").fill("5/6/2019")
    page.get_by_label("Đã đăng ký").check()
    page.locator("main form button[type=submit]").last.click()

    expect(page.get_by_role("main")).to_contain_text(name)
    assert re.search(r"/children/\d+$", page.url)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts on", "scripts off"])
def test_a_collaborator_reports_a_concern_in_three_screens(visit: Visit, scripts: bool) -> None:
    page = visit("collaborator", PHONE, scripts=scripts)
    page.goto("/cases/concerns/new")
    for _screen in range(3):
        place, happened = page.locator("[name=place]"), page.locator("[name=happened]")
        if place.count():
            place.fill("Cạnh đình làng")
        if happened.count():
            happened.fill("Trẻ khóc nhiều đêm, có vết bầm.")
        page.locator("main form button[type=submit]").last.click()
        page.wait_for_load_state()

    expect(page.get_by_role("main")).to_contain_text("Đã gửi")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts on", "scripts off"])
def test_a_collaborator_logs_a_visit_and_reads_the_answer(visit: Visit, house: House, scripts: bool) -> None:
    page = visit("collaborator", PHONE, scripts=scripts)
    page.get_by_role("navigation", name="Việc thường làm").get_by_role("link", name="Trẻ em").click()
    page.get_by_role("link", name="Lê Văn Phước").click()
    page.get_by_role("link", name="Ghi thăm hỏi, dịch vụ").first.click()
    page.locator("[name=description]").fill("Thăm nhà, trẻ khỏe")
    page.locator("main form button[type=submit]").last.click()
    expect(page.get_by_role("main")).to_contain_text("Thăm nhà, trẻ khỏe")

    page.get_by_role("navigation", name="Việc thường làm").get_by_role("link", name="Trả lời").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Công chức trả lời")


def test_the_officer_reviews_a_concern_and_opens_a_case(visit: Visit, house: House) -> None:
    page = visit("officer", OFFICE)
    page.goto(f"/cases/concerns/{house.open_report_id}")
    page.locator("form[action$='open-case'] button").click()

    expect(page.get_by_role("main")).to_contain_text(re.compile(r"VV-\d{4}-\d{4}"))
    assert re.search(r"/cases/\d+$", page.url)


def test_an_error_while_editing_keeps_what_was_typed(visit: Visit, house: House) -> None:
    page = visit("officer", OFFICE)
    page.goto(f"/children/{house.child_id}/edit")
    page.get_by_label("Ngày sinh").fill("31/2/2019")
    page.get_by_label("Ghi chú").fill("gõ rất lâu mới xong")
    page.locator("main form button[type=submit]").last.click()

    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.get_by_label("Ngày sinh")).to_have_value("31/2/2019")
    expect(page.get_by_label("Ghi chú")).to_have_value("gõ rất lâu mới xong")


def test_two_officers_edit_one_child_and_the_second_sees_both_versions(visit: Visit, house: House) -> None:
    first, second = visit("officer"), visit("officer")
    for page in (first, second):
        page.goto(f"/children/{house.child_id}/edit")
    first.get_by_label("Ghi chú").fill("người thứ nhất")
    first.locator("main form button[type=submit]").last.click()
    first.wait_for_url(re.compile(r"/children/\d+$"))
    second.get_by_label("Ghi chú").fill("người thứ hai")
    second.locator("main form button[type=submit]").last.click()

    summary = second.locator(".error-summary")
    expect(summary).to_contain_text("người thứ nhất")
    expect(summary).to_contain_text("người thứ hai")
    expect(second.get_by_label("Ghi chú")).to_have_value("người thứ hai")


def test_the_officer_downloads_the_workbook_for_the_superior_office(visit: Visit) -> None:
    page = visit("officer")
    page.goto("/workbooks/district")
    with page.expect_download() as waited:
        page.locator("main form button[type=submit]").last.click()

    assert waited.value.suggested_filename.endswith(".xlsx")
    assert waited.value.path().read_bytes()[:2] == b"PK"


def test_the_leader_approves_a_plan(visit: Visit, house: House) -> None:
    officer = visit("officer")
    officer.goto(f"/cases/{house.case_id}")
    officer.locator("form[action$='/submit'] button").first.click()
    officer.wait_for_load_state()

    page = visit("leader")
    page.goto(f"/cases/{house.case_id}/plan/{house.plan_id}/decision")
    page.get_by_label("Đã phê duyệt").check()
    page.locator("main form button[type=submit]").last.click()

    page.wait_for_url(re.compile(r"/cases/\d+$"))
    expect(page.get_by_role("main")).to_contain_text("phê duyệt")


def test_signing_out_leaves_nothing_behind_the_back_button(visit: Visit) -> None:
    page = visit("officer")
    page.goto("/children/")
    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url(re.compile("/sign-in"))
    page.go_back()

    expect(page.get_by_role("heading", level=1)).to_have_text("Đăng nhập")


def test_the_menu_opens_on_a_phone(visit: Visit) -> None:
    page = visit("collaborator", PHONE)
    button = page.get_by_role("button", name="Menu")
    button.click()

    expect(button).to_have_attribute("aria-expanded", "true")
    page.get_by_role("navigation", name="Chính").get_by_role("link", name="Danh sách trẻ em").click()
    expect(page).to_have_url(re.compile("/children/$"))


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts on", "scripts off"])
def test_leaving_at_once_leaves_nothing_behind(visit: Visit, house: House, scripts: bool) -> None:
    page = visit("collaborator", PHONE, scripts=scripts)
    page.goto(f"/children/{house.child_id}")
    page.get_by_role("button", name="Thoát nhanh").click()

    page.wait_for_url("**/calendar")
    expect(page).to_have_title(re.compile(r"^Lịch tháng \d\d/\d{4}$"))
    page.goto("/children/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Đăng nhập")


def test_escape_three_times_leaves_at_once(visit: Visit, house: House) -> None:
    page = visit("officer")
    page.goto(f"/cases/{house.case_id}")
    page.wait_for_load_state("networkidle")
    press(page, "Escape", "Escape", "Escape")

    page.wait_for_url("**/calendar")
    page.go_back()
    expect(page.get_by_role("main")).not_to_contain_text("VV-")


def test_a_half_written_form_is_offered_again(visit: Visit) -> None:
    page = visit("officer", PHONE)
    page.goto("/children/add")
    with page.expect_response(re.compile("/drafts/keep")):
        page.get_by_label("Họ và tên", exact=False).first.fill("Đặng Thị Dở Dang")
    page.goto("/children/")
    page.goto("/children/add")
    expect(page.get_by_label("Họ và tên", exact=False).first).to_have_value("")

    page.get_by_role("link", name="Điền lại để viết tiếp").click()
    expect(page.get_by_label("Họ và tên", exact=False).first).to_have_value("Đặng Thị Dở Dang")
    assert "Dang" not in page.url

    page.get_by_role("button", name="Bỏ bản nháp").click()
    expect(page.get_by_role("main")).to_contain_text("Đã bỏ bản nháp")
    expect(page.get_by_role("link", name="Điền lại để viết tiếp")).to_have_count(0)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts on", "scripts off"])
def test_a_photo_of_a_paper_is_shrunk_on_the_phone_before_it_is_sent(
    visit: Visit, house: House, tmp_path: Path, scripts: bool
) -> None:
    photo = tmp_path / "IMG_0001.jpg"
    Image.effect_noise((3600, 2400), 40).convert("RGB").save(photo, quality=95)
    page = visit("collaborator", PHONE, scripts=scripts)
    page.goto(f"/children/{house.child_id}")
    page.get_by_role("link", name="Giấy tờ, ảnh chụp").click()
    page.get_by_role("link", name="Thêm giấy tờ").click()
    page.get_by_label("Ảnh hoặc tệp PDF").set_input_files(photo)
    if scripts:
        expect(page.get_by_role("status").last).to_contain_text("Đã thu nhỏ ảnh trên máy")
        sent = page.evaluate("document.getElementById('file').files[0].size")
        assert sent < photo.stat().st_size / 2
    page.get_by_label("Loại giấy tờ").select_option("birth_certificate")
    page.get_by_role("button", name="Lưu").click()
    page.get_by_role("link", name="Giấy khai sinh").first.click()

    expect(page.locator("main img")).to_have_js_property("naturalWidth", 2000)


def test_a_photo_chosen_before_the_script_came_is_shrunk_too(visit: Visit, house: House, tmp_path: Path) -> None:
    photo = tmp_path / "IMG_0002.jpg"
    Image.effect_noise((2400, 1600), 40).convert("RGB").save(photo, quality=95)
    page = visit("collaborator", PHONE)
    late: list[Route] = []
    page.route("**/shrink.js*", lambda route: late.append(route))
    page.goto(f"/children/{house.child_id}/attachments/new")
    page.get_by_label("Ảnh hoặc tệp PDF").set_input_files(photo)
    while not late:
        page.wait_for_timeout(50)
    late[0].continue_()

    expect(page.get_by_role("status").last).to_contain_text("Đã thu nhỏ ảnh trên máy")


def test_the_officer_decides_by_one_key(visit: Visit, house: House) -> None:
    collaborator, officer = visit("collaborator", PHONE), visit("officer")
    collaborator.goto("/children/")
    listed = collaborator.locator("table.list tbody a")
    addresses = [listed.nth(number).get_attribute("href") for number in (5, 6)]
    for address, note in zip(addresses, ("ghi ở nhà " + "TE13" * 12, "ghi ở trường"), strict=True):
        collaborator.goto(f"{address}/edit")
        collaborator.get_by_label("Ghi chú").fill(note)
        collaborator.locator("main form button[type=submit]").last.click()
        collaborator.wait_for_url(re.compile(r"/children/\d+$"))
    officer.goto("/review/")
    officer.wait_for_load_state("networkidle")
    items = officer.locator("[data-item]")
    before = items.count()
    one = items.filter(has_text="ghi ở nhà")
    expect(one).to_contain_text("Trước")
    officer.set_viewport_size(PHONE)
    assert officer.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    officer.set_viewport_size(OFFICE)
    one.get_by_role("link").first.focus()
    press(officer, "n")

    expect(items).to_have_count(before - 1)
    expect(items.first.get_by_role("link").first).to_be_focused()
    press(officer, "t")
    officer.wait_for_url("**/send-back*")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts on", "scripts off"])
def test_the_officer_marks_a_page_of_children_and_takes_it_back(visit: Visit, scripts: bool) -> None:
    page = visit("officer", PHONE, scripts=scripts)
    page.goto("/children/")
    page.get_by_role("link", name="Chọn cả trang").click()
    ticks = page.locator("input[data-tick]")
    expect(page.locator("input[data-tick]:checked")).to_have_count(ticks.count())
    if scripts:
        expect(page.locator("[data-ticked]")).to_have_text(f"đã chọn {ticks.count()}")
    page.get_by_role("button", name="Ghi đối chiếu dân cư").click()
    page.get_by_label("Khớp", exact=True).check()
    page.get_by_role("button", name="Xem lại trước khi ghi").click()
    expect(page.get_by_role("heading", name="Sẽ làm cho 50 trẻ em")).to_be_visible()
    page.get_by_role("button", name="Ghi cho 50 trẻ em").click()
    expect(page.get_by_role("heading", name="Đã làm cho 50 trẻ em")).to_be_visible()
    if scripts:
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    page.get_by_role("button", name="Hoàn tác").click()

    expect(page.get_by_role("main")).to_contain_text("50 trẻ em trở lại như trước")


def test_the_officer_ticks_by_one_key_and_accepts_many(visit: Visit) -> None:
    collaborator, officer = visit("collaborator", PHONE), visit("officer")
    collaborator.goto("/children/")
    listed = collaborator.locator("table.list tbody a")
    addresses = [listed.nth(number).get_attribute("href") for number in (8, 9)]
    for address in addresses:
        collaborator.goto(f"{address}/edit")
        collaborator.get_by_label("Ghi chú").fill("gặp ở chợ")
        collaborator.locator("main form button[type=submit]").last.click()
        collaborator.wait_for_url(re.compile(r"/children/\d+$"))
    officer.goto("/review/")
    officer.wait_for_load_state("networkidle")
    items = officer.locator("[data-item]").filter(has_text="gặp ở chợ")
    for number in range(2):
        items.nth(number).get_by_role("link").first.focus()
        press(officer, "c")
    expect(officer.locator("[data-ticked]")).to_have_text("đã chọn 2")
    officer.get_by_role("button", name="Nhận các mục đã chọn").click()
    assert violations(officer) == []
    officer.get_by_role("button", name="Nhận 2 mục").click()
    expect(officer.get_by_role("heading", name="Đã làm cho 2 trẻ em")).to_be_visible()
    officer.get_by_role("button", name="Hoàn tác").click()
    officer.get_by_role("link", name="Về hàng chờ duyệt").click()

    expect(officer.locator("[data-item]").filter(has_text="gặp ở chợ")).to_have_count(2)


def test_a_long_list_is_typed_into_without_accents(visit: Visit, house: House) -> None:
    page = visit("officer")
    page.goto(f"/children/{house.child_id}/edit")
    page.wait_for_load_state("networkidle")
    box = page.get_by_role("combobox", name="Dân tộc")
    box.fill("kho me")
    expect(page.locator(".pick-list:visible li")).to_have_count(1)
    press(page, "Enter")
    expect(box).to_have_value("Khơ-me")
    box.fill("không có dân tộc này")
    press(page, "Tab")
    expect(box).to_have_value("Khơ-me")
    box.fill("")
    press(page, "ArrowDown", "Tab")
    expect(box).to_have_value("Kinh")
    box.fill("kho me")
    press(page, "Tab")
    expect(box).to_have_value("Khơ-me")
    page.locator("main form button[type=submit]").last.click()

    page.wait_for_url(re.compile(r"/children/\d+$"))
    expect(page.get_by_role("main")).to_contain_text("Khơ-me")
