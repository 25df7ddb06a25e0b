"""A photo of a paper sent along with another form. It never holds up the record: refused or lost, the rest is saved."""

from flask import flash, request
from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError

from app import attachments, saving, uploads
from app.attachments import Owner
from app.uploads import Cleaned, Refused
from models import AttachmentSlot, User, db

#: The name of the file in the form (`photo_field` of templates/components/form.html).
NAME = "photo"


def sent() -> Cleaned | Refused | None:
    """The photo of this request as it may be kept, or why it may not. Asked first of all: nobody waits for a lock meanwhile."""
    upload = request.files.get(NAME)
    content = upload.stream.read() if upload else b""
    if upload is None or not content:
        return None
    upload.stream.seek(0)
    db.session.rollback()
    try:
        return uploads.clean(content)
    except Refused as refused:
        return refused
    finally:
        saving.look_again()


def keep(user: User, owner: Owner, photo: Cleaned | Refused | None) -> bool:
    """Keep the photo with a record that was just saved. False, with a sentence for the person, when it could not be."""
    if photo is None:
        return True
    try:
        if isinstance(photo, Refused):
            raise photo
        with db.session.begin_nested():
            attachments.add(user, owner, AttachmentSlot.PAPER, None, photo)
    except Refused as refused:
        flash(_("Đã lưu hồ sơ, còn ảnh thì chưa: %(why)s. Gửi lại ảnh ở trang này.", why=refused), "warning")
        return False
    except SQLAlchemyError:
        flash(_("Đã lưu hồ sơ, còn ảnh thì chưa lưu được. Gửi lại ảnh ở trang này."), "warning")
        return False
    return True
