"""Looking records up by something other than their key: a number that is taken. Tells nothing of whose."""

from sqlalchemy import exists, select

from models import Child, User, db, reach


def personal_id_is_taken(user: User, personal_id: str, *, but_id: int | None = None) -> bool:
    """Whether another record of the commune bears this number. Tells yes or no, never whose."""
    query = exists().where(
        Child.commune_id == user.commune_id, Child.personal_id == personal_id, Child.id != (but_id or 0)
    )
    with reach.whole_commune():
        return bool(db.session.scalar(select(query)))
