"""Polars: a frame in memory, in order of user and time, texts as enums."""

import json
import os


def open(folder, threads):
    os.environ["POLARS_MAX_THREADS"] = str(threads)
    import polars

    global VERSION
    VERSION = polars.__version__
    enums = json.loads((folder / "enums.json").read_text())
    events = polars.read_parquet(folder / "events-*.parquet").with_columns(
        [polars.col(name).cast(polars.Enum(values)) for name, values in enums.items()]
    ).rechunk().with_columns(polars.col("user").set_sorted())
    users = polars.read_parquet(folder / "users.parquet").with_columns(polars.col("user").set_sorted())
    functions = {}

    def run(text):
        if text not in functions:
            names = {"pl": polars}
            exec(text, names)
            functions[text] = names["query"]
        result = functions[text](events.lazy(), users.lazy())
        return (result.collect() if isinstance(result, polars.LazyFrame) else result).rows()

    return run
