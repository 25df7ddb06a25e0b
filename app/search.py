"""Keys by which people are found and sorted, kept up to date as the session flushes; and what a search looks for."""

import secrets
from typing import Any

from sqlalchemy import ColumnElement, and_, event, select
from sqlalchemy.orm import Session

from app import clock
from models import Child, Household, Provider, Relative, SavedSearch, User, Village, clean, db

#: A search of more words than this is cut; nobody types more.
MOST_WORDS = 8


def listen(session: Any) -> None:
    """Keep the keys of every record that goes through this session."""
    event.listen(session, "before_flush", _before_flush)


def _before_flush(session: Session, _context: object, _instances: object) -> None:
    set_keys(session)


def set_keys(session: Session) -> None:
    """Renew the keys of everything new or changed in the session."""
    children: dict[int, Child] = {}
    for record in [*session.new, *session.dirty]:
        match record:
            case Child():
                children[id(record)] = record
            case Relative():
                record.name_key = clean.fold(record.full_name)
                if record.child is not None:
                    children[id(record.child)] = record.child
            case Household():
                record.head_key = clean.fold(record.head_name)
                record.sort_key = clean.name_sort_key(record.head_name)
                for child in record.children:
                    children[id(child)] = child
            case Village():
                record.name_key = clean.fold(record.name)
            case Provider():
                record.name_key = clean.fold(record.name)
                record.sort_key = clean.collation_key(record.name)
    with session.no_autoflush:
        for child in children.values():
            set_child_keys(child)


def set_child_keys(child: Child) -> None:
    """The folded name, the sort key and everything search looks in."""
    child.name_key = clean.fold(child.full_name)
    child.sort_key = clean.name_sort_key(child.full_name)
    child.search_key = child_search_key(
        child.full_name,
        [relative.full_name for relative in child.relatives],
        child.household.head_name if child.household else None,
        child.personal_id,
        child.code,
    )


def child_search_key(
    name: str | None, relatives: list[str | None], head: str | None, personal_id: str | None, code: str | None
) -> str:
    """All a child is found by, folded, each part between bars: "|nguyen van an|tran thi be|030215…|te 000001|"."""
    parts = [clean.fold(name), *(clean.fold(relative) for relative in relatives), clean.fold(head)]
    parts += [personal_id or "", clean.fold(code)]
    return "|" + "|".join(dict.fromkeys(part for part in parts if part)) + "|"


def matches(words: str | None) -> ColumnElement[bool] | None:
    """The condition that a child is found by these words, in any order, without accents; None for no words.

    Each word may stand anywhere in the child's names, the relatives', the household head's, or in a number.
    """
    found = clean.fold(words).split()[:MOST_WORDS]
    if not found:
        return None
    return and_(*(Child.search_key.like(f"%{word}%") for word in found))


def keep_search(user: User, words: str) -> str:
    """Keep what somebody searched for and return its key, so that no name stands in an address."""
    key = secrets.token_urlsafe(9)
    db.session.add(SavedSearch(key=key, user_id=user.id, at=clock.now(), words=words[:200]))
    for old in db.session.scalars(select(SavedSearch).where(SavedSearch.at < clock.days_ago(1))):
        db.session.delete(old)
    return key


def kept_search(user: User, key: str | None) -> str:
    """The words kept under a key of one's own; empty when there are none or the day has passed."""
    search = db.session.get(SavedSearch, key) if key else None
    return search.words if search is not None and search.user_id == user.id else ""
