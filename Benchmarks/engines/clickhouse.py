"""ClickHouse: a MergeTree of one part, in order of user and time, texts as enums.

A text that is missing is the empty one, as its makers advise: a Nullable column is slower. Numbers that may be
missing are Nullable, since their sums must tell.
"""

import json
import pathlib
import shutil

import chdb.session

VERSION = f"{chdb.engine_version} (chdb {chdb.__version__})"


def open(folder, threads):
    place = pathlib.Path(folder) / "clickhouse"
    is_new = not (place / ".done").exists()
    if is_new:
        shutil.rmtree(place, ignore_errors=True)
    session = chdb.session.Session(str(place))
    # What is asked again is computed again.
    session.query(f"set max_threads = {threads}, use_query_condition_cache = 0, use_query_cache = 0,"
                  " output_format_json_quote_64bit_integers = 0, session_timezone = 'UTC'")
    if is_new:
        create(session, folder)
        (place / ".done").touch()

    def run(text):
        rows = json.loads(session.query(text, "JSONCompact").bytes())["data"]
        return [[None if value == "" else value for value in row] for row in rows]

    return run


def create(session, folder):
    enums = json.loads((folder / "enums.json").read_text())

    def quoted(value):
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"

    def enum(values):
        return f"{'Enum8' if len(values) < 100 else 'Enum16'}({', '.join(map(quoted, ['', *values]))})"

    texts = ", ".join(f"{name} {enum(values)}" for name, values in enums.items())
    names = ", ".join(f"ifNull({name}, '')" for name in enums)
    session.query(f"""
        create table events (user UInt32, ts DateTime64(3, 'UTC'), {texts},
                             price Nullable(Float64), revenue Nullable(Float64))
        engine = MergeTree order by (user, ts)""")
    session.query(f"""
        insert into events select user, ts, {names}, price, revenue
        from file('{folder / 'events-*.parquet'}', Parquet)""")
    session.query("optimize table events final")
    session.query("""
        create table users (user UInt32, user_id String, channel LowCardinality(String))
        engine = MergeTree order by user""")
    session.query(f"insert into users select * from file('{folder / 'users.parquet'}', Parquet)")
    session.query("optimize table users final")
