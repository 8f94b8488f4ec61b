"""DuckDB: one table in memory, in order of user and time, texts as enums. It keeps the order that rows come in."""

import json

import duckdb

VERSION = duckdb.__version__


def open(folder, threads):
    database = duckdb.connect()
    database.execute(f"set threads = {threads}; set timezone = 'UTC'; set enable_progress_bar = false")
    enums = json.loads((folder / "enums.json").read_text())
    for name, values in enums.items():
        listed = ", ".join("'" + value.replace("'", "''") + "'" for value in values)
        database.execute(f"create type {name}_enum as enum ({listed})")
    columns = ", ".join(f"{name}::{name}_enum as {name}" for name in enums)
    database.execute(f"""
        create table events as
        select * replace ({columns}) from '{folder / 'events-*.parquet'}'""")
    database.execute(f"create table users as from '{folder / 'users.parquet'}'")
    return lambda text: database.execute(text).fetchall()
