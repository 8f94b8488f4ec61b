"""The event log as every peer likes it best: without repeats, in order of user and time, users as numbers.

Made once from the same Parquet files that Throughline reads, and timed by no benchmark but that of ingest.
"""

import json
import pathlib

import duckdb

# Texts of few different values, which peers hold as enums.
TEXTS = ["event", "country", "platform", "referrer", "product", "category", "education_variant", "search_term"]
NUMBERS = ["price", "revenue"]


def prepare(project: pathlib.Path, threads: int) -> pathlib.Path:
    """The folder with events.parquet, users.parquet and the values of each enum in enums.json."""
    folder = project / "peers"
    if (folder / ".done").exists():
        return folder
    folder.mkdir(exist_ok=True)
    database = duckdb.connect()
    database.execute(f"set threads = {threads}; set timezone = 'UTC'; set memory_limit = '12GB'")
    database.execute(f"set temp_directory = '{folder / 'spill'}'; set preserve_insertion_order = true")
    files = project / "data/shop"
    database.execute(f"""
        create table users as
        select (row_number() over (order by user_id) - 1)::uinteger as user, user_id,
               acquisition_channel as channel
        from read_csv('{files / 'users.csv'}')""")
    columns = ", ".join(f"e.{name}" for name in TEXTS + NUMBERS)
    # What was delivered twice is equal in all columns that are read here, so any of its rows will do.
    grouped = ", ".join(f"any_value({name}) as {name}" for name in ["ts", *TEXTS[1:], *NUMBERS])
    database.execute(f"""
        copy (
            select u.user, e.ts::timestamp as ts, {columns}
            from (select user_id, event, {grouped}
                  from '{files / 'events-*.parquet'}' group by user_id, event, event_id) e
            join users u using (user_id)
            order by user, ts
        ) to '{folder / 'events.parquet'}' (row_group_size 122880)""")
    database.execute(f"copy (from users order by user) to '{folder / 'users.parquet'}'")
    enums = {name: [row[0] for row in database.execute(
        f"select distinct {name} from '{folder / 'events.parquet'}' where {name} is not null order by 1").fetchall()]
        for name in TEXTS}
    (folder / "enums.json").write_text(json.dumps(enums, ensure_ascii=False, indent=1))
    (folder / ".done").touch()
    return folder
