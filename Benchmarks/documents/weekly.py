import marimo

app = marimo.App()


@app.cell
def _():
    import glob
    import pandas as pd

    files = sorted(glob.glob("data/shop/events-*.parquet"))
    events = pd.concat(pd.read_parquet(file, columns=["user_id", "ts", "event"]) for file in files)
    return (events,)


@app.cell
def _(events):
    views = events[events.event == "buy_page_viewed"]
    weekly = views.groupby(views.ts.dt.tz_localize(None).dt.to_period("W").dt.start_time).user_id.nunique()
    weekly
    return (weekly,)


@app.cell
def _(weekly):
    weekly.plot()
    return


if __name__ == "__main__":
    app.run()
