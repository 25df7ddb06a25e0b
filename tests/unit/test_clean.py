"""Typed, pasted and imported text becomes one stored form."""

import unicodedata
from datetime import date, datetime

import pytest
from hypothesis import given, strategies as st

from models import PartialDate, Precision, Unclean, clean

any_text = st.text(max_size=60)
#: Letters, marks and spaces as Vietnamese lists have them, composed and decomposed.
vietnamese = st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyAĂĐƠ \u0300\u0309\u0303\u0301\u0323\u00a0-.'", max_size=40)


class TestText:
    @pytest.mark.parametrize(
        ("typed", "stored"),
        [
            ("  Nguyễn   Văn\tAn \n", "Nguyễn Văn An"),
            ("Nguye\u0302\u0303n", "Nguyễn"),
            ("Ðỗ Ɖức ðen", "Đỗ Đức đen"),
            ("a\u200bb\ufeffc\u00add", "abcd"),
            ("một\u00a0hai\u202fba", "một hai ba"),
            ("a\x00b\x07", "ab"),
            ("a\ufffeb\uffff", "ab"),
            ("   ", None),
            ("\u200b", None),
            ("", None),
            (None, None),
            (42, "42"),
        ],
    )
    def test_forms(self, typed: object, stored: str | None) -> None:
        assert clean.text(typed) == stored

    @given(any_text)
    def test_cleaning_twice_is_cleaning_once(self, typed: str) -> None:
        once = clean.text(typed)

        assert clean.text(once) == once

    @given(any_text)
    def test_it_is_nfc_on_one_line_without_outer_spaces(self, typed: str) -> None:
        stored = clean.text(typed)

        if stored is not None:
            assert unicodedata.is_normalized("NFC", stored)
            assert stored == stored.strip() != ""
            assert not set("\n\r\t\x00\u00a0\u200b") & set(stored)

    @given(any_text)
    def test_it_can_always_be_stored_as_utf_8(self, typed: str) -> None:
        (clean.multiline(typed) or "").encode()


class TestMultiline:
    @pytest.mark.parametrize(
        ("typed", "stored"),
        [
            ("\r\n một \r\n\r\n hai  ba \r\n", "một\n\nhai ba"),
            ("  \n \n", None),
            (None, None),
        ],
    )
    def test_lines_stay(self, typed: object, stored: str | None) -> None:
        assert clean.multiline(typed) == stored

    @given(any_text)
    def test_cleaning_twice_is_cleaning_once(self, typed: str) -> None:
        once = clean.multiline(typed)

        assert clean.multiline(once) == once


class TestNames:
    @pytest.mark.parametrize("typed", ["12", "?", "--", "…"])
    def test_a_name_has_a_letter(self, typed: str) -> None:
        with pytest.raises(Unclean, match="name_without_letters"):
            clean.person_name(typed)

    def test_capitals_and_spelling_stay(self) -> None:
        assert clean.person_name(" NGUYỄN  thị hoà ") == "NGUYỄN thị hoà"

    @pytest.mark.parametrize(
        ("typed", "stored"),
        [(" Lan.Anh ", "lan.anh"), ("Đức", "duc"), ("can_bo-1", "can_bo-1"), ("", None), ("hoa\u0300", "hoa")],
    )
    def test_a_user_name_is_plain(self, typed: str, stored: str | None) -> None:
        assert clean.username(typed) == stored

    @pytest.mark.parametrize("typed", ["lan anh", "lan@xa.vn", "-lan", "лан", "a/b", "../x"])
    def test_other_letters_and_spaces_are_refused(self, typed: str) -> None:
        with pytest.raises(Unclean, match="username_not_plain"):
            clean.username(typed)


class TestFold:
    @pytest.mark.parametrize(
        ("name", "key"),
        [
            ("Đức", "duc"), ("ĐỨC", "duc"), ("ðức", "duc"), ("Ðức", "duc"),
            ("Hòa", "hoa"), ("Hoà", "hoa"), ("Hoa\u0300", "hoa"), ("ho\u0300a", "hoa"),
            ("Phương", "phuong"), ("Thơ", "tho"), ("Tho\u031b", "tho"), ("Ưng", "ung"),
            ("Nguyễn  Thị-Ánh (Tí)", "nguyen thi anh ti"), ("K'Brơih", "k brơih".replace("ơ", "o")),
            ("", ""), (None, ""), ("…", ""),
        ],
    )  # fmt: skip
    def test_keys(self, name: str | None, key: str) -> None:
        assert clean.fold(name) == key

    @given(vietnamese)
    def test_composed_and_decomposed_are_equal(self, name: str) -> None:
        keys = {clean.fold(unicodedata.normalize(form, name)) for form in ("NFC", "NFD", "NFKC", "NFKD")}

        assert len(keys) == 1

    @given(any_text)
    def test_folding_twice_is_folding_once(self, name: str) -> None:
        once = clean.fold(name)

        assert clean.fold(once) == once
        assert set(once) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ")

    def test_tones_tell_apart_where_asked(self) -> None:
        assert clean.tone_key("Hoà") == clean.tone_key("HÒA") == clean.tone_key("Ho\u0300a")
        assert len({clean.tone_key(word) for word in ("Hoa", "Hòa", "Hóa", "Hoả", "Hõa", "Họa")}) == 6


class TestOrder:
    @pytest.mark.parametrize(
        "words",
        [
            ["a", "à", "ả", "ã", "á", "ạ", "ă", "ằ", "â", "ầ", "b"],
            ["d", "da", "đ", "đa", "e", "ê", "i", "o", "ô", "ơ", "u", "ư", "v", "x", "y"],
            ["Hoa", "Hòa", "Hoà", "Hoan", "Hoàn", "Hoàng", "Học"],
            ["Dung", "Dũng", "Dương", "Đạt", "Đức"],
            ["Thôn 1", "Thôn 2", "Thôn 10", "Thôn Bãi", "Thôn Đông", "Thôn Tây"],
        ],
    )
    def test_letters_come_before_tones(self, words: list[str]) -> None:
        assert sorted(set(words), key=clean.collation_key) in (words, _equal_swapped(words))

    def test_people_stand_by_given_name_then_surname_and_middle_names(self) -> None:
        names = ["Trần Văn An", "Nguyễn Thị Ánh", "Lê Văn Bình", "Nguyễn Văn Bình", "Đỗ Thị Dung", "Bùi Văn Đức",
                 "Đặng Văn Đức", "Mai", "Lê Ơn"]  # fmt: skip

        assert sorted(set(names), key=clean.name_sort_key) == names

    def test_the_nameless_come_last(self) -> None:
        assert max(["Vũ Thị Yến", None, "Y Xuân"], key=clean.name_sort_key) is None

    def test_capitals_do_not_matter(self) -> None:
        assert clean.name_sort_key("NGUYỄN VĂN AN") == clean.name_sort_key("Nguyễn Văn An")

    @given(any_text)
    def test_keys_are_plain_ascii_so_every_database_sorts_alike(self, name: str) -> None:
        assert clean.name_sort_key(name).isascii()
        assert clean.collation_key(name).isascii()

    @given(vietnamese)
    def test_the_unicode_form_does_not_matter(self, name: str) -> None:
        nfc, nfd = (unicodedata.normalize(form, name) for form in ("NFC", "NFD"))

        assert clean.collation_key(nfc) == clean.collation_key(nfd)

    @given(st.lists(st.sampled_from("aàảãáạăằẳẵắặâầđeêioôơuưy"), min_size=1, max_size=4), st.integers(0, 3))
    def test_a_tone_never_outweighs_a_letter(self, letters: list[str], position: int) -> None:
        word = "".join(letters)
        longer = word + "b"

        assert clean.collation_key(word) < clean.collation_key(longer)


def _equal_swapped(words: list[str]) -> list[str]:
    """Hòa and Hoà are one word in two spellings: either may come first."""
    swapped = list(words)
    if "Hòa" in swapped:
        first, second = swapped.index("Hòa"), swapped.index("Hoà")
        swapped[first], swapped[second] = swapped[second], swapped[first]
    return swapped


class TestNumbers:
    @pytest.mark.parametrize(
        ("typed", "stored"),
        [
            ("030215001234", "030215001234"), ("030 215 001 234", "030215001234"), ("'030215001234", "030215001234"),
            ("030.215.001.234", "030215001234"), ("", None), (None, None),
        ],
    )  # fmt: skip
    def test_a_personal_id_has_twelve_digits(self, typed: str | None, stored: str | None) -> None:
        assert clean.personal_id(typed) == stored

    @pytest.mark.parametrize("typed", ["30215001234", "0302150012345", "03021500123a", "٠٣٠٢١٥٠٠١٢٣٤", "x"])
    def test_anything_else_is_refused_and_never_mended(self, typed: str) -> None:
        with pytest.raises(Unclean, match="personal_id_not_12_digits"):
            clean.personal_id(typed)

    @pytest.mark.parametrize(
        ("typed", "stored"),
        [
            ("0912 345 678", "0912345678"), ("+84912345678", "0912345678"), ("84 912 345 678", "0912345678"),
            ("(0220) 3 767 123", "02203767123"), ("0084912345678", "0912345678"), ("", None),
        ],
    )  # fmt: skip
    def test_a_phone_number_begins_with_nought(self, typed: str, stored: str | None) -> None:
        assert clean.phone(typed) == stored

    @pytest.mark.parametrize("typed", ["912345678", "09123", "không có", "091234567890"])
    def test_other_numbers_are_refused(self, typed: str) -> None:
        with pytest.raises(Unclean, match="phone_not_readable"):
            clean.phone(typed)


DAY = PartialDate(date(2015, 3, 5))


class TestDates:
    @pytest.mark.parametrize(
        "typed",
        ["5/3/2015", "05/03/2015", "05.03.2015", "5-3-15", "5-3-2015", "05032015", "050315", "2015-03-05", "'05/03/2015",
         "5 3 2015", "5\\3\\2015", "ngày 5 tháng 3 năm 2015", "Ngày 05 Tháng 03 Năm 2015", "sinh ngày 5/3/2015",
         " 5 / 3 / 2015 ", "5,3,2015", date(2015, 3, 5), datetime(2015, 3, 5, 7, 30)],  # noqa: DTZ001
    )  # fmt: skip
    def test_a_day_is_read_day_first(self, typed: object) -> None:
        assert clean.partial_date(typed) == DAY

    @pytest.mark.parametrize(
        "typed", ["3/2015", "03/2015", "03.2015", "tháng 3/2015", "tháng 3 năm 2015", "2015-03", "032015"]
    )
    def test_a_month_stands_for_its_last_day(self, typed: str) -> None:
        assert clean.partial_date(typed) == PartialDate(date(2015, 3, 31), Precision.MONTH)

    @pytest.mark.parametrize("typed", ["2015", "năm 2015", "Nam 2015", "sinh năm 2015", "'2015"])
    def test_a_year_stands_for_its_last_day(self, typed: str) -> None:
        assert clean.partial_date(typed) == PartialDate(date(2015, 12, 31), Precision.YEAR)

    @pytest.mark.parametrize("typed", ["khoảng 2015", "~2015", "ước 2015", "khoảng năm 2015"])
    def test_a_guess_stays_a_guess(self, typed: str) -> None:
        assert clean.partial_date(typed) == PartialDate(date(2015, 12, 31), Precision.ESTIMATED)

    @pytest.mark.parametrize(
        "typed", ["31/2/2015", "29/2/2015", "5/13/2015", "0/5/2015", "32/1/2015", "5/3/1850", "13/2015"]
    )
    def test_a_day_that_never_was_is_refused(self, typed: str) -> None:
        with pytest.raises(Unclean, match="date_impossible"):
            clean.partial_date(typed)

    @pytest.mark.parametrize("typed", ["hôm qua", "5/3/2015/1", "5/3/215", "12345", "x/3/2015", "5//2015", "٥/٣/٢٠١٥"])
    def test_what_is_no_date_is_refused(self, typed: str) -> None:
        with pytest.raises(Unclean):
            clean.partial_date(typed)

    @pytest.mark.parametrize("typed", ["", "  ", None])
    def test_a_blank_is_no_date(self, typed: object) -> None:
        assert clean.partial_date(typed) is None

    def test_29_february_is_a_day_in_leap_years(self) -> None:
        assert clean.partial_date("29/2/2016") == PartialDate(date(2016, 2, 29))

    @given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.sampled_from(list(Precision)))
    def test_what_is_shown_is_read_back_the_same(self, day: date, precision: Precision) -> None:
        known = {
            Precision.DAY: PartialDate(day),
            Precision.MONTH: clean.month_date(day.year, day.month),
            Precision.YEAR: clean.year_date(day.year),
            Precision.ESTIMATED: clean.year_date(day.year, estimated=True),
        }[precision]

        assert clean.partial_date(str(known)) == known

    @given(any_text)
    def test_no_text_breaks_it(self, typed: str) -> None:
        try:
            found = clean.partial_date(typed)
        except Unclean as problem:
            assert problem.code in {"date_not_readable", "date_impossible"}  # noqa: PT017
        else:
            assert found is None or 1900 <= found.day.year <= 2100

    @pytest.mark.parametrize(
        ("known", "shown", "iso"),
        [
            (DAY, "05/03/2015", "2015-03-05"),
            (clean.month_date(2015, 12), "12/2015", "2015-12"),
            (clean.year_date(2015), "2015", "2015"),
            (clean.year_date(2015, estimated=True), "~2015", "2015"),
        ],
    )
    def test_it_is_shown_as_far_as_it_is_known(self, known: PartialDate, shown: str, iso: str) -> None:
        assert (str(known), known.iso()) == (shown, iso)
