"""The legal code lists of app/reference, loaded into their tables; and the risks a new commune starts with."""

import csv
from datetime import date
from pathlib import Path

from sqlalchemy import select

from app import audit
from models import (
    AgeBand,
    AgeSplit,
    AllowanceBase,
    CircumstanceKind,
    EthnicGroup,
    KindLevel,
    RecordClass,
    RequestKind,
    RequestLimit,
    RetentionRule,
    Sensitivity,
    db,
)

FOLDER = Path(__file__).parent / "reference"

#: Groups that not everybody may know of. Luật Trẻ em Đ10.1 đ, e, g, l; sexual exploitation k.2, k.3.
SENSITIVITIES = {
    "đ": Sensitivity.HIV,
    "e": Sensitivity.OFFENCE,
    "g": Sensitivity.OFFENCE,
    "l": Sensitivity.SEXUAL_ABUSE,
    "k.2": Sensitivity.SEXUAL_ABUSE,
    "k.3": Sensitivity.SEXUAL_ABUSE,
}

#: Usual risk groups, to begin with; no closed legal list exists (domain.md §1.4), so a commune edits its own.
RISKS = (
    ("r.poor", "Sống trong hộ nghèo"),
    ("r.near_poor", "Sống trong hộ cận nghèo"),
    ("r.divorced", "Cha mẹ ly hôn, ly thân"),
    ("r.half_orphan", "Mồ côi cha hoặc mẹ"),
    ("r.parents_away", "Cha và/hoặc mẹ đi làm ăn xa"),
    ("r.grandparents", "Sống với ông bà, người thân"),
    ("r.violence", "Gia đình có bạo lực"),
    ("r.addiction", "Cha, mẹ nghiện ma túy, rượu hoặc cờ bạc"),
    ("r.offending", "Cha, mẹ vi phạm pháp luật, đang thi hành án"),
    ("r.parent_ill", "Cha, mẹ khuyết tật hoặc bệnh nặng"),
    ("r.dropout", "Bỏ học hoặc có nguy cơ bỏ học"),
    ("r.behaviour", "Có hành vi vi phạm"),
    ("r.injury", "Bị tai nạn thương tích"),
    ("r.other", "Nguy cơ khác"),
)

#: The government's base amounts of social assistance, to begin with; later ones are typed in on a page.
BASES = (
    (date(2021, 7, 1), 360_000, "NĐ 20/2021/NĐ-CP Đ4.2"),
    (date(2024, 7, 1), 500_000, "NĐ 76/2024/NĐ-CP"),
)

#: The usual age bands of figures, to begin with: {split: ((code, from, to), …), source}. Communes write their own on a page.
AGE_BANDS: dict[AgeSplit, tuple[tuple[tuple[str, int, int], ...], str]] = {
    AgeSplit.CHILDREN: (
        (("5", 0, 3), ("6", 3, 6), ("7", 6, 11), ("8", 11, 16)),
        "Luật Giáo dục 2019 Đ23, Đ28: nhà trẻ, mẫu giáo, tiểu học, từ lớp 6",
    ),
    AgeSplit.ABUSED: ((("4", 0, 6), ("5", 6, 13), ("6", 13, 16)), "TT 13/2021/TT-BLĐTBXH, 0101"),
}

#: Within what time requests about personal data are answered (working days), carried out and extended once (days),
#: to begin with: NĐ 356/2025/NĐ-CP as we read it. A commune corrects it on a page (domain.md §2.6 does not settle it).
REQUEST_LIMITS = {
    RequestKind.SEE: (2, 10, 10),
    RequestKind.CORRECT: (2, 10, 10),
    RequestKind.ERASE: (2, 20, 20),
    RequestKind.OBJECT: (2, 15, 15),
    RequestKind.WITHDRAW: (2, 15, 15),
}
#: For how many years records are kept, to begin with: no text settles it for the commune, which puts its own list in place.
RETENTION_YEARS = {
    RecordClass.CHILD: 5,
    RecordClass.CASE: 10,
    RecordClass.CONCERN: 5,
    RecordClass.IMPORT: 1,
    RecordClass.REQUEST: 5,
}
REQUESTS_FROM = date(2026, 1, 1)


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def load() -> None:
    """Add what is missing of the code lists. Never changes wording somebody may have corrected."""
    with audit.writing():
        known = set(db.session.scalars(select(EthnicGroup.code)))
        db.session.add_all(
            EthnicGroup(code=row["code"], name=row["name"])
            for row in _rows("ethnic_groups.csv")
            if row["code"] not in known
        )
        kinds = set(db.session.scalars(select(CircumstanceKind.code)))
        db.session.add_all(kind for kind in _kinds() if kind.code not in kinds)
        bases = set(db.session.scalars(select(AllowanceBase.starts_on).where(AllowanceBase.commune_id.is_(None))))
        db.session.add_all(
            AllowanceBase(starts_on=starts_on, amount=amount, source=source)
            for starts_on, amount, source in BASES
            if starts_on not in bases
        )
        limits = set(db.session.scalars(select(RequestLimit.kind).where(RequestLimit.commune_id.is_(None))))
        db.session.add_all(
            RequestLimit(
                kind=kind,
                starts_on=REQUESTS_FROM,
                answer_days=answer,
                done_days=done,
                extension_days=extension,
                article="NĐ 356/2025/NĐ-CP Đ5",
            )
            for kind, (answer, done, extension) in REQUEST_LIMITS.items()
            if kind not in limits
        )
        ruled = set(db.session.scalars(select(RetentionRule.record_class).where(RetentionRule.commune_id.is_(None))))
        db.session.add_all(
            RetentionRule(record_class=record_class, years=years, source="Đề xuất ban đầu của phần mềm")
            for record_class, years in RETENTION_YEARS.items()
            if record_class not in ruled
        )
        split = set(db.session.scalars(select(AgeBand.split).where(AgeBand.commune_id.is_(None))))
        db.session.add_all(
            AgeBand(split=of, code=code, from_age=low, to_age=high, source=source)
            for of, (bands, source) in AGE_BANDS.items()
            for code, low, high in bands
            if of not in split
        )
        db.session.commit()


def _kinds() -> list[CircumstanceKind]:
    found = []
    subgroups = _rows("special_circumstance_subgroups.csv")
    single = {row["code"] for row in subgroups if "." not in row["code"]}
    for number, row in enumerate(_rows("special_circumstance_groups.csv")):
        if row["code"] not in single:
            found.append(
                _kind(row["code"], row["code"], KindLevel.GROUP, "Luật Trẻ em Đ10.1", number * 100, row["wording"])
            )
        for order, subgroup in enumerate((s for s in subgroups if s["group"] == row["code"]), start=1):
            found.append(
                _kind(
                    subgroup["code"],
                    row["code"],
                    KindLevel.SUBGROUP,
                    subgroup["article"],
                    number * 100 + order,
                    subgroup["wording"],
                )
            )
    for order, (code, wording) in enumerate(RISKS):
        found.append(_kind(code, "r", KindLevel.RISK, None, 10_000 + order, wording))
    return found


def _kind(
    code: str, group: str, level: KindLevel, article: str | None, position: int, wording: str
) -> CircumstanceKind:
    sensitivity = SENSITIVITIES.get(code) or SENSITIVITIES.get(group) or Sensitivity.SENSITIVE
    return CircumstanceKind(
        code=code,
        group_code=group,
        level=level,
        article=article,
        position=position,
        wording=wording,
        sensitivity=sensitivity,
    )


def indicator_sets() -> list[tuple[str, str, str, list[str]]]:
    """(document, item, wording, codes of indicators) of what other papers ask: TT 13/2021, QĐ 06/2019, the eight programmes."""
    return [(row["set"], row["item"], row["wording"], row["indicators"].split()) for row in _rows("indicator_sets.csv")]


def subgroups() -> list[tuple[str, str, str]]:
    """(code, group letter, exact wording) of the sub-groups of NĐ 56/2017 Đ3–16 that have a code of their own."""
    rows = _rows("special_circumstance_subgroups.csv")
    return [(row["code"], row["group"], row["wording"]) for row in rows if "." in row["code"]]


def groups() -> list[tuple[str, str]]:
    """(letter, exact wording) of the 14 groups, in the order of the law."""
    return [(row["code"], row["wording"]) for row in _rows("special_circumstance_groups.csv")]
