"""Official forms to print: which a case has, and each filled in as a .docx.

A form is one small file here (what it prints) and one template in templates/documents/ (how it looks). A commune may
put a template of its own, with the same file name and placeholders, into `<instance>/documents/`, or into
`<instance>/documents/<commune code>/` where communes share an installation.
"""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate
from flask import current_app
from flask_babel import force_locale, gettext as _
from jinja2 import StrictUndefined, TemplateError, UndefinedError
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from app import config
from app.documents import (
    care_forms,
    closing,
    comprehensive_assessment,
    conference,
    initial_assessment,
    intake,
    plan_decision,
    referral,
    review,
    separation,
    submission,
    transfer_slip,
)
from app.documents.form import Circulation, Form, shared
from models import Case, Commune

#: In the order of the procedure; the page of a case lists them so.
FORMS: tuple[Form, ...] = (
    intake.FORM,
    initial_assessment.FORM,
    separation.FORM,
    comprehensive_assessment.FORM,
    conference.FORM,
    submission.FORM,
    plan_decision.FORM,
    referral.FORM,
    review.FORM,
    transfer_slip.FORM,
    closing.FORM,
)
BY_CODE = {form.code: form for form in FORMS}
#: Forms of a placement and of a carer (alternative care), by code.
CARE_FORMS = care_forms.OF_PLACEMENT
CARER_FORMS = care_forms.OF_CARER
CARER_LIST = care_forms.LIST
#: For the address: an unknown form is no address at all.
CODES, CARE_CODES, CARER_CODES = (
    ", ".join(f'"{code}"' for code in codes) for codes in (BY_CODE, CARE_FORMS, CARER_FORMS)
)

#: Those who get a paper without who reported (NĐ 56/2017/NĐ-CP Đ24.1).
WITHOUT_INFORMANT = frozenset({Circulation.PROVIDER, Circulation.FAMILY})

MIME_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class BrokenTemplate(Exception):
    """A commune's own template that cannot be filled in; the text is one sentence for the person who prints."""


@dataclass(frozen=True)
class Paper:
    """A form that can be printed for a case: the form, the record it prints, and the paper's date when it has one."""

    form: Form
    record: Any
    dated: date | None


def papers(case: Case) -> list[Paper]:
    """The forms a case has records for, in the order of the procedure, oldest record first."""
    return [Paper(form, record, form.dated(record)) for form in FORMS for record in form.records(case)]


def find_record(form: Form, case: Any, record_id: int | None) -> Any:
    """The record of a case with this key that a form prints, the latest for no key; None when there is none."""
    found: Sequence[Any] = form.records(case)
    if record_id is not None:
        found = [record for record in found if record.id == record_id]
    return found[-1] if found else None


def file_name(form: Form, case: Any) -> str:
    """The name of the file handed out. It names the case, never the child."""
    return f"{form.code}-{case.number}.docx"


def build(form: Form, case: Any, record: Any, commune: Commune, circulation: Circulation = Circulation.FORM) -> bytes:
    """A filled-in form as a .docx. Papers are in Vietnamese, whoever prints. Raises BrokenTemplate."""
    with force_locale("vi"):
        context = {**shared(form, case, record, commune, circulation), **form.context(case, record)}
    if circulation in WITHOUT_INFORMANT and "informant" in context:
        context["informant"] = intake.untold_informant()
    return fill_ours_or_own(form.template, commune, context)


def fill_ours_or_own(template: str, commune: Commune, context: dict[str, Any]) -> bytes:
    """Fill the commune's own template of this name, else ours under templates/. Raises BrokenTemplate."""
    own = own_template(template.rpartition("/")[2], commune)
    if own is None:
        return fill(config.ROOT / "templates" / template, context)
    try:
        return fill(own, context)
    except UndefinedError as problem:
        name = re.findall(r"'([^']*)'", problem.message or "")[-1:] or ["?"]
        raise BrokenTemplate(
            _("Mẫu riêng %(file)s dùng ô “%(name)s” mà phần mềm không có.", file=own.name, name=name[0])
        ) from problem
    except TemplateError as problem:
        raise BrokenTemplate(
            _(
                "Mẫu riêng %(file)s có ô viết sai dấu ngoặc hoặc sai lệnh; xem lại các ô trong ngoặc nhọn.",
                file=own.name,
            )
        ) from problem
    except Exception as problem:  # whatever a file that is no Word document makes the libraries raise
        raise BrokenTemplate(_("Mẫu riêng %(file)s không phải là tệp Word .docx đọc được.", file=own.name)) from problem


def own_template(file_name: str, commune: Commune) -> Path | None:
    """The commune's own template of this name, when it has put one into the instance folder."""
    folder = Path(current_app.config["MANGNON_INSTANCE"]) / "documents"
    places = [folder / file_name]
    if commune.code and commune.code.isalnum():
        places.insert(0, folder / commune.code / file_name)
    return next((place for place in places if place.is_file()), None)


def fill(template: Path, context: dict[str, Any]) -> bytes:
    """Fill a template. What people typed is text: never markup, never a placeholder."""
    document = DocxTemplate(template)
    document.render(context, _environment(), autoescape=True)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _environment() -> SandboxedEnvironment:
    return SandboxedEnvironment(undefined=StrictUndefined, finalize=_printed, autoescape=True)


_UNPRINTABLE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


def _printed(value: Any) -> Any:
    """A value as it enters the paper: each line a paragraph of its own (docxtpl's bell), no control characters."""
    if isinstance(value, Markup):
        return value
    return _UNPRINTABLE.sub("", str(value)).replace("\n", "\a") if isinstance(value, str) else value
