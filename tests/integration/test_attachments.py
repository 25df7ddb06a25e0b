"""Papers: cleaned by content, encrypted, added once, shown to who may know of them, put aside, erased."""

import hashlib
import io
import zlib
from datetime import timedelta

import pytest
from PIL import Image

from app import attachments, audit, clock, erasing, merging, teamwork, uploads
from models import Attachment, AttachmentSlot, AuditEvent, BreakGlass, db
from models.teamwork import CaseMember

HTML = b"<html><script>alert(1)</script></html>"


def picture(kind: str = "JPEG", size: tuple[int, int] = (300, 200), **options: object) -> bytes:
    made = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(made, kind, **options)
    return made.getvalue()


def photographed(**tags: object) -> bytes:
    """A photo as a phone makes it: lying on its side, and telling where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "MayAnhCuaToi"
    exif.get_ifd(0x8825).update({1: "N", 2: (21.0, 1.0, 42.0), 3: "E", 4: (105.0, 51.0, 15.0)})
    return picture(exif=exif, comment=b"ghi chu kin", **tags)


def pdf(inside: bytes = b"") -> bytes:
    return b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" + inside + b"\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def png_bomb(side: int) -> bytes:
    """A PNG of a few kilobytes that says it has so many pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")

    header = side.to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(1_000_000)))
        + chunk(b"IEND", b"")
    )


@pytest.fixture
def officer(make):
    return make.user("officer")


@pytest.fixture
def child(make):
    return make.child()


def send(client, address: str, content: bytes, name: str = "an.jpg", **typed: str):
    form = client.page(address).form() | {"slot": "birth_certificate", **typed}
    return client.send(address, {**form, "file": (io.BytesIO(content), name)}, content_type="multipart/form-data")


def add_to(client, child, content: bytes, name: str = "an.jpg", **typed: str):
    return send(client, f"/children/{child.id}/attachments/new", content, name, **typed)


def kept() -> list[Attachment]:
    return list(db.session.scalars(db.select(Attachment).order_by(Attachment.id)))


def events(name: str) -> int:
    return db.session.scalar(db.select(db.func.count()).where(AuditEvent.event == name))


class TestWhatIsTaken:
    def test_a_photo_is_kept_upright_small_and_without_its_place(self, client, officer, child):
        client.sign_in(officer)
        sent = photographed(size=(3000, 1500))
        assert Image.open(io.BytesIO(sent)).getexif().get_ifd(0x8825)

        add_to(client, child, sent)

        [one] = kept()
        shown = client.get(f"/attachments/{one.id}/content").data
        opened = Image.open(io.BytesIO(shown))
        assert (opened.format, opened.size, one.width, one.height) == ("JPEG", (1000, 2000), 1000, 2000)
        assert (dict(opened.getexif()), opened.info.get("comment"), opened.info.get("icc_profile")) == ({}, None, None)
        assert b"Exif" not in shown
        assert b"MayAnhCuaToi" not in shown
        assert (one.size, one.sha256) == (len(shown), hashlib.sha256(shown).hexdigest())

    def test_a_transparent_drawing_stands_on_white(self):
        made = io.BytesIO()
        Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(made, "PNG")

        cleaned = uploads.clean(made.getvalue())

        assert cleaned.content_type == "image/jpeg"
        assert Image.open(io.BytesIO(cleaned.content)).getpixel((20, 20)) == (255, 255, 255)

    def test_what_hangs_behind_a_picture_is_gone(self):
        cleaned = uploads.clean(picture() + HTML + b"PK\x03\x04")

        assert HTML not in cleaned.content
        assert b"PK\x03\x04" not in cleaned.content

    def test_a_pdf_keeps_its_pages_and_loses_the_places_of_its_photos(self):
        photo = photographed()
        xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><exif:GPSLatitude>21,1N</exif:GPSLatitude></x:xmpmeta>"
        sent = pdf(b"stream\n" + photo + b"\nendstream\n" + xmp)

        cleaned = uploads.clean(sent)

        assert (cleaned.content_type, len(cleaned.content)) == ("application/pdf", len(sent))
        assert b"MayAnhCuaToi" not in cleaned.content
        assert b"GPSLatitude" not in cleaned.content
        inside = cleaned.content[cleaned.content.index(b"\xff\xd8\xff") :]
        assert dict(Image.open(io.BytesIO(inside)).getexif()) == {}

    @pytest.mark.parametrize(
        ("name", "content", "why"),
        [
            ("trống", b"", "trống"),
            ("trang web mang tên ảnh", HTML, "Chỉ nhận"),
            ("SVG", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "Chỉ nhận"),
            ("GIF", b"GIF89a" + HTML, "Chỉ nhận"),
            ("ảnh bị cắt", picture(size=(900, 900))[:9000], "tệp hỏng"),
            ("trang web có đầu JPEG", b"\xff\xd8\xff\xe0" + HTML, "tệp hỏng"),
            ("bom nén 400 triệu điểm", png_bomb(20_000), "điểm ảnh"),
            ("bom nén 64 triệu điểm", png_bomb(8_000), "điểm ảnh"),
            ("ảnh vẽ đi vẽ lại", picture() + b"\xff\xda" * 100, "tệp hỏng"),
            ("HEIC", b"\0\0\0\x18ftypheic" + bytes(50), "HEIC"),
            ("lớn quá", b"\xff\xd8\xff" + bytes(uploads.MOST_BYTES), "MB"),
            ("PDF lớn quá", b"%PDF-1.4" + bytes(uploads.MOST_PDF_BYTES), "MB"),
            ("PDF bị cắt", b"%PDF-1.4\n1 0 obj", "bị cắt"),
            ("PDF có mã", pdf(b"<< /S /JavaScript /JS (app.alert(1)) >>"), "mã chạy được"),
            ("PDF có mã viết tránh", pdf(b"<< /S /J#61vaScr#69pt >>"), "mã chạy được"),
            ("PDF mở chương trình", pdf(b"<< /S /Launch /F (cmd.exe) >>"), "mã chạy được"),
            ("PDF mang tệp khác", pdf(b"<< /Type /EmbeddedFile >>"), "mã chạy được"),
        ],
    )
    def test_anything_else_is_refused_at_once_in_one_sentence(self, app, name, content, why):
        begun = clock.now()
        with app.test_request_context(), pytest.raises(uploads.Refused, match=why):
            uploads.clean(content)

        assert clock.now() - begun < timedelta(seconds=1.5), name

    def test_another_file_under_the_same_key_is_a_conflict(self, client, officer, child):
        address = f"/children/{child.id}/attachments/new"
        sent = {**client.sign_in(officer).page(address).form(), "slot": "birth_certificate"}
        one, other = (io.BytesIO(picture(size=size)) for size in ((30, 20), (20, 30)))

        answers = [client.post(address, data={**sent, "file": (file, "a.jpg")}) for file in (one, other)]

        assert [answer.status_code for answer in answers] == [303, 409]

    def test_a_refused_file_is_told_at_its_field_and_nothing_typed_is_lost(self, client, officer, child):
        client.sign_in(officer)

        page = add_to(client, child, HTML, note="mặt sau")

        assert page.status == 422
        assert page.errors() == {"file": "Chỉ nhận ảnh JPEG, PNG hoặc tệp PDF"}
        assert (page.form()["note"], page.form()["slot"]) == ("mặt sau", "birth_certificate")
        assert kept() == []

    def test_a_form_without_a_file_or_kind_is_told(self, client, officer, child):
        client.sign_in(officer)

        page = client.send(f"/children/{child.id}/attachments/new", {"form_key": "một"})

        assert set(page.errors()) == {"slot"}

    def test_one_child_has_no_more_than_so_many(self, client, officer, child, monkeypatch):
        monkeypatch.setattr(attachments, "MOST", 1)
        client.sign_in(officer)
        add_to(client, child, picture())

        page = add_to(client, child, picture())

        assert "giấy tờ ở đây" in page.errors()["file"]
        assert len(kept()) == 1


class TestOnce:
    def test_the_same_photo_sent_from_two_forms_is_kept_once(self, client, officer, child):
        client.sign_in(officer)
        sent = picture()
        add_to(client, child, sent)
        add_to(client, child, sent)

        assert len(kept()) == 1

    def test_the_same_form_sent_twice_is_answered_the_same(self, client, officer, child):
        client.sign_in(officer)
        address, sent = f"/children/{child.id}/attachments/new", picture()
        form = client.page(address).form() | {"slot": "decision"}
        answers = [
            client.post(address, data={**form, "file": (io.BytesIO(sent), "a.jpg")}).headers["Location"]
            for _ in range(2)
        ]

        assert answers == [f"/children/{child.id}/attachments"] * 2
        assert len(kept()) == 1


class TestAtRest:
    def test_the_database_holds_neither_the_picture_nor_its_key(self, client, officer, child):
        client.sign_in(officer)
        add_to(client, child, pdf(b"Lo Thi Kin Dao"), "a.pdf")

        row = db.session.execute(db.select(*Attachment.__table__.columns)).one()

        assert not any(b"Lo Thi Kin Dao" in value for value in row if isinstance(value, bytes))
        assert len({row.sealed_key, row.content}) == 2

    def test_a_content_moved_to_another_row_does_not_open(self, client, make, officer, child):
        client.sign_in(officer)
        add_to(client, child, pdf(b"mot"), "a.pdf")
        add_to(client, child, pdf(b"hai"), "a.pdf")
        one, other = kept()
        one.content, one.sealed_key = other.content, other.sealed_key

        with pytest.raises(attachments.Unreadable):
            attachments.opened(one)

    def test_another_key_of_the_installation_opens_nothing_and_says_so(self, client, app, officer, child, monkeypatch):
        client.sign_in(officer)
        add_to(client, child, picture())
        [one] = kept()
        one.sealed_key = one.sealed_key[:-6] + "AAAAAA"
        db.session.commit()

        page = client.page(f"/attachments/{one.id}/content", follow_redirects=True)

        assert "khóa của máy đã đổi" in page.soup.get_text()


class TestServing:
    def test_a_picture_is_shown_and_can_run_nothing(self, client, officer, child):
        client.sign_in(officer)
        add_to(client, child, picture(), name="Nguyễn Văn An.jpg")
        [one] = kept()

        answer = client.get(f"/attachments/{one.id}/content")

        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Disposition"] == f'inline; filename="giay-to-{one.id}.jpg"'
        assert "attachment" in client.get(f"/attachments/{one.id}/content?download=1").headers["Content-Disposition"]

    def test_a_pdf_is_only_ever_taken_along(self, client, officer, child):
        client.sign_in(officer)
        add_to(client, child, pdf(HTML), name="a.html")
        [one] = kept()

        answer = client.get(f"/attachments/{one.id}/content")

        assert (answer.mimetype, answer.headers["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
        assert answer.headers["Content-Disposition"] == f'attachment; filename="giay-to-{one.id}.pdf"'
        assert client.page(f"/attachments/{one.id}").soup.select_one("main img") is None

    @pytest.mark.parametrize("slot", ["decision", "hiv"])
    def test_who_opened_it_is_told_with_the_childs_record(self, client, officer, child, slot):
        client.sign_in(officer)
        add_to(client, child, picture(), slot=slot)
        client.get(f"/attachments/{kept()[0].id}/content")

        assert (events("attachment_added"), events("attachment_read")) == (1, 1)
        assert "Mở giấy tờ đính kèm" in client.page(f"/children/{child.id}/readers").text


class TestWhoMayKnow:
    @pytest.mark.parametrize("slot", ["hiv", "sexual_abuse", "forensic", "offence"])
    def test_a_collaborator_knows_of_no_paper_that_reveals(self, client, make, officer, slot):
        village = make.village()
        child = make.child(village=village)
        client.sign_in(officer)
        add_to(client, child, picture(), slot=slot, note="giấy kín")
        [one] = kept()
        client.sign_in(make.user("collaborator", village=village))

        listed = client.page(f"/children/{child.id}/attachments")
        form = client.page(f"/children/{child.id}/attachments/new")

        assert "giấy kín" not in listed.text + client.page(f"/children/{child.id}").text
        assert listed.soup.select("main table") == []
        assert slot not in [option["value"] for option in form.soup.select("select option")]
        assert client.get(f"/attachments/{one.id}").status_code == 404
        assert client.get(f"/attachments/{one.id}/content").status_code == 404

    @pytest.mark.parametrize("slot", ["hiv", "sexual_abuse", "forensic"])
    def test_they_stand_on_no_list_with_others_but_are_read_apart(self, client, officer, child, slot):
        client.sign_in(officer)
        add_to(client, child, picture(), slot="decision")
        add_to(client, child, picture(), slot=slot, note="giấy kín")

        pages = [client.page(f"/children/{child.id}{part}").text for part in ("", "/attachments", "/timeline")]

        assert [page for page in pages if "giấy kín" in page] == []
        assert "giấy kín" in client.page(f"/children/{child.id}/read-apart").text

    def test_a_collaborator_cannot_choose_what_she_was_not_offered(self, client, make):
        village = make.village()
        client.sign_in(make.user("collaborator", village=village))

        page = add_to(client, make.child(village=village), picture(), slot="hiv")

        assert (page.status, kept()) == (422, [])

    def test_papers_of_a_case_are_for_its_team(self, client, make, officer, child):
        case = make.case(child)
        client.sign_in(officer)
        db.session.add(CaseMember(commune_id=case.commune_id, case_id=case.id, user_id=officer.id))
        db.session.commit()
        send(client, f"/cases/{case.id}/attachments/new", picture(), slot="record", note="biên bản kín")
        [one] = kept()
        assert one.note in client.page(f"/cases/{case.id}/attachments").text
        assert one.note not in client.page(f"/children/{child.id}/attachments").text

        outsider = make.user("officer")
        client.sign_in(outsider)
        refused = client.get(f"/attachments/{one.id}/content")

        assert (refused.status_code, refused.headers["Location"]) == (303, f"/cases/{case.id}")
        db.session.add(
            BreakGlass(
                commune_id=case.commune_id, case_id=case.id, user_id=outsider.id, reason="trực đêm",
                at=clock.now(), until=clock.now() + timedelta(hours=teamwork.LOOK_HOURS),
            )
        )  # fmt: skip
        db.session.commit()
        assert client.get(f"/attachments/{one.id}/content").status_code == 200

    def test_a_collaborator_of_the_case_does_not_get_its_papers(self, client, make, officer):
        village = make.village()
        child, reporter = make.child(village=village), make.user("collaborator", village=village)
        case = make.case(child, make.report(reporter, child))
        client.sign_in(officer)
        send(client, f"/cases/{case.id}/attachments/new", picture(), slot="record")
        [one] = kept()
        client.sign_in(reporter)

        assert client.get(f"/cases/{case.id}").status_code == 200
        assert client.get(f"/attachments/{one.id}").status_code == 404


class TestAside:
    def test_the_officer_puts_a_paper_aside_and_back(self, client, officer, child):
        client.sign_in(officer)
        add_to(client, child, picture(), note="nhầm trẻ")
        [one] = kept()

        client.send(f"/attachments/{one.id}/remove")
        assert "Đã bỏ" in client.page(f"/children/{child.id}/attachments").text
        client.send(f"/attachments/{one.id}/restore")

        assert kept()[0].removed_at is None
        assert (events("attachment_removed"), events("attachment_restored")) == (1, 1)

    def test_a_collaborator_puts_aside_only_what_she_added(self, client, make, officer):
        village = make.village()
        child = make.child(village=village)
        client.sign_in(officer)
        add_to(client, child, picture())
        client.sign_in(make.user("collaborator", village=village))
        add_to(client, child, picture())
        hers, own = kept()

        assert client.post(f"/attachments/{hers.id}/remove").status_code == 403
        client.send(f"/attachments/{own.id}/remove")

        assert [one.removed_at is None for one in kept()] == [True, False]
        assert client.get(f"/attachments/{own.id}").status_code == 404

    def test_a_merge_takes_the_papers_along_without_doubling_one(self, make, officer):
        one, other = make.child("Lò Thị Một"), make.child("Lò Thị Hai")
        same, more = uploads.clean(picture()), uploads.clean(picture())
        slot = AttachmentSlot.DECISION
        attachments.add(officer, one, slot, None, same)
        attachments.add(officer, other, slot, None, same)
        attachments.add(officer, other, slot, None, more)

        merging.merge(officer, one, other, {})

        assert sorted(paper.sha256 for paper in attachments.of_child(officer, one)) == sorted(
            [same.sha256, more.sha256]
        )

    def test_erasing_a_child_leaves_no_paper_of_it_or_of_its_cases(self, make, officer, child):
        case, other = make.case(child), make.child("Bé Khác")
        for owner in (child, case, other):
            attachments.add(officer, owner, AttachmentSlot.RECORD, None, uploads.clean(picture()))

        erasing.erase_children([child.id])
        db.session.expire_all()

        assert [paper.child_id for paper in kept()] == [other.id]
        assert audit.broken_links() == []
