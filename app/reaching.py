"""How far PostgreSQL is told that somebody reaches."""

from app import access
from models import Role, User, reach


def reach_of(user: User) -> reach.Reach:
    """What PostgreSQL shows on somebody's behalf (models/row_security.py); figures are made of the whole commune's rows."""
    villages = user.village_ids if Role.COLLABORATOR in user.roles else frozenset()
    sees_all = access.sees_whole_commune(user) or access.may(user, "figures.show")
    return reach.Reach("person", user.commune_id, user.id, None if sees_all else frozenset(villages))
