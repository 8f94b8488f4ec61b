import marimo

app = marimo.App()


@app.cell
def _():
    import io
    import pandas as pd

    sales = pd.read_csv(io.StringIO("""day,pieces
2026-03-02,12
2026-03-03,15
2026-03-04,11
2026-03-05,19
2026-03-06,23
2026-03-07,31
2026-03-08,28"""), parse_dates=["day"])
    return (sales,)


@app.cell
def _(sales):
    f"In this week we sold {sales.pieces.sum()} pieces."
    return


@app.cell
def _(sales):
    sales.plot(x="day", y="pieces")
    return


if __name__ == "__main__":
    app.run()
