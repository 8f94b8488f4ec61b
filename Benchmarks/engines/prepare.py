"""The event log as every peer likes it best: without repeats, in order of user and time, users as numbers.

Made once from the same Parquet files that Throughline reads, and timed by no benchmark but that of ingest.
"""

import json
import pathlib

import duckdb

# Texts of few different values, which peers hold as enums.
TEXTS = ["event", "country", "platform", "referrer", "product", "category", "education_variant", "search_term"]
NUMBERS = ["price", "revenue"]
USERS_AT_ONCE = 1_700_000


def prepare(project: pathlib.Path, threads: int) -> pathlib.Path:
    """The folder with events-*.parquet, users.parquet and the values of each enum in enums.json."""
    folder = project / "peers"
    if (folder / ".done").exists():
        return folder
    folder.mkdir(exist_ok=True)
    database = duckdb.connect()
    database.execute(f"set threads = {threads}; set timezone = 'UTC'; set enable_progress_bar = false")
    database.execute(f"set temp_directory = '{folder / 'spill'}'; set preserve_insertion_order = true")
    files = project / "data/shop"
    database.execute(f"""
        create table users as
        select (row_number() over (order by user_id) - 1)::uinteger as user, user_id,
               acquisition_channel as channel
        from read_csv('{files / 'users.csv'}')""")
    # What was delivered twice is equal in all columns that are read here, so any of its rows will do.
    columns = ", ".join(f"any_value({name}) as {name}" for name in TEXTS[1:] + NUMBERS)
    people = database.execute("select count(*) from users").fetchone()[0]
    # A part of the users after the other: what is sorted and grouped at once is in memory.
    for number, first in enumerate(range(0, people, USERS_AT_ONCE)):
        database.execute(f"""
            copy (
                select user, any_value(ts::timestamp) as ts, event, {columns}
                from '{files / 'events-*.parquet'}'
                join (from users where user >= {first} and user < {first + USERS_AT_ONCE}) using (user_id)
                group by user, event, event_id
                order by user, ts
            ) to '{folder / f'events-{number:03}.parquet'}'""")
    database.execute(f"copy (from users order by user) to '{folder / 'users.parquet'}'")
    enums = {name: [row[0] for row in database.execute(
        f"select distinct {name} from '{folder / 'events-*.parquet'}' where {name} is not null order by 1").fetchall()]
        for name in TEXTS}
    (folder / "enums.json").write_text(json.dumps(enums, ensure_ascii=False, indent=1))
    (folder / ".done").touch()
    return folder
