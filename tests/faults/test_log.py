"""A day's work leaves nobody's data in the log of a service, and every line of it can be read by a program."""

import json
from urllib.parse import quote

from tests.faults.office import Office

NAMES = ("Đặng", "Kín", "Số 1", "0912345678", "canbo", "sai-mat-khau", "127.0.0.1", "chuyện riêng", "Thôn Đông")


def test_a_days_work(office: Office) -> None:
    office.settings["MANGNON_LOG"] = "json"
    office.start()
    village = office.ask("SELECT id FROM villages")[0][0]
    child = office.ask("SELECT id FROM children WHERE full_name = 'Trần Thị Số 1'")[0][0]
    person = office.person()
    stranger = {**person.form("/account/password"), "username": "canbo", "password": "sai-mat-khau"}
    person.send("/sign-in", stranger)
    form = person.new_child(village, "Đặng Thị Kín")
    assert person.send("/children/add", {**form, "phone": "0912345678", "note": "chuyện riêng"})[0] == 303
    person.send("/children/add", {**form, "full_name": "Đặng Kín", "born_on": "32/13"})
    person.send("/children/find", {**form, "words": "Đặng Thị Kín"})
    for page in (
        "/",
        "/children/",
        f"/children/{child}",
        f"/khong-co?q={quote('Kín')}",
        "/dashboard/",
    ):
        person.get(page)
    office.change("ALTER TABLE households RENAME TO no_more")  # and something goes wrong
    person.get("/households/")
    office.change("UPDATE alembic_version SET version_num = '9999'")
    person.send("/children/add", form)
    office.stop()

    lines = [line for line in office.said().splitlines() if not line.startswith("Măng Non chạy")]
    told = [json.loads(line) for line in lines]
    assert next(one["status"] for one in told if one.get("page") == "children.add" and one["method"] == "POST") == 303
    assert any(one["level"] == "error" for one in told)
    assert [line for line in lines for name in NAMES if name in line] == []
