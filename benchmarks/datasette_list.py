"""The same list on Datasette's table page, for benchmarks/lists.py: signed in, counted. Runs in a Python that has Datasette.

    python benchmarks/datasette_list.py DATABASE REQUESTS BORN_AFTER

The columns that lie in other tables come from a view of the copied file. Prints {name: requests per second} for every
line read, so that rounds can take turns; first the names it lists.
"""

import asyncio
import html
import json
import re
import sqlite3
import sys
import time
from datetime import date
from pathlib import Path

from datasette.app import Datasette

VIEW = """CREATE VIEW listed AS
SELECT c.full_name, c.sex, c.born_on, v.name AS village, c.sort_key,
  (SELECT group_concat(r.full_name, ', ') FROM relatives r WHERE r.child_id = c.id) AS parents,
  (SELECT group_concat(s.kind_code, ', ') FROM circumstances s WHERE s.child_id = c.id) AS kinds
FROM children c JOIN villages v ON v.id = c.village_id
WHERE c.commune_id = 1 AND c.removed_at IS NULL AND c.left_on IS NULL AND (c.born_on IS NULL OR c.born_on > '{born}')"""
COLUMNS = ("full_name", "sex", "born_on", "village", "parents", "kinds")
NAME = re.compile(r'<td class="col-full_name[^>]*>\s*([^<]*?)\s*</td>')


async def main(database: Path, requests: int, born_after: date) -> None:
    """Answer each line with a round."""
    with sqlite3.connect(database) as connection:
        connection.execute("DROP VIEW IF EXISTS listed")
        connection.execute(VIEW.format(born=born_after.isoformat()))
    one = Datasette(
        [str(database)],
        metadata={"allow": {"id": "canbo"}},
        settings={"sql_time_limit_ms": 20_000, "suggest_facets": False},
    )
    await one.invoke_startup()
    address = f"/{database.stem}/listed?_size=50&_sort=sort_key&" + "&".join(f"_col={name}" for name in COLUMNS)
    if (await one.client.get(address)).status_code != 403:
        raise RuntimeError("open to strangers")
    cookies = {"ds_actor": one.sign({"a": {"id": "canbo"}}, "actor")}
    page = (await one.client.get(address, cookies=cookies)).text
    print(json.dumps([html.unescape(name) for name in NAME.findall(page)]), flush=True)
    for _line in sys.stdin:
        started = time.process_time()
        for _request in range(requests):
            if (await one.client.get(address, cookies=cookies)).status_code != 200:
                raise RuntimeError(address)
        print(json.dumps({"Datasette table page": requests / (time.process_time() - started)}), flush=True)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]), date.fromisoformat(sys.argv[3])))
