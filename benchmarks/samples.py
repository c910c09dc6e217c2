"""A picture of simulated series beside real ones: ``python -m benchmarks.samples --data PARQUET -o OUT.svg``.

The real ones are drawn from the training part of a panel in the layout of ``python -m forecast benchmark``. Both sides
show the last 44 quarters of a series on a scale of their own.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from forecast.draws import SIMULATOR, stream
from forecast.simulator.series import simulate

ROWS, COLUMNS = 8, 4  # of pictures on each side
QUARTERS = 44
WIDTH, HEIGHT, GAP = 112, 46, 10
TOP = 26
COLOURS = ("#1f77b4", "#b4561f")  # simulated, real
SEED = 20260101


def main() -> None:
    """Draw them."""
    parser = argparse.ArgumentParser(description="Simulated series beside real ones.")
    parser.add_argument("--data", type=Path, required=True, metavar="PARQUET")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="SVG")
    chosen = parser.parse_args()
    sides = (("simulated", simulated()), ("real", real(chosen.data)))
    chosen.output.write_text(picture(sides), encoding="utf-8")


def simulated() -> list[Sequence[float]]:
    """Series drawn from the prior."""
    return list(simulate(stream(SEED, SIMULATOR, 999), ROWS * COLUMNS, QUARTERS).tolist())


def real(data: Path) -> list[Sequence[float]]:
    """The ends of the training parts of series drawn from the panel, those with 44 quarters and more."""
    frame = pd.read_parquet(data)
    known = frame[frame["split"] == "train"].sort_values(["unique_id", "ds_index"])
    sizes = known.groupby("unique_id").size()
    long_enough = sorted(sizes[sizes >= QUARTERS].index)
    chosen = stream(SEED, SIMULATOR, 998).choice(len(long_enough), ROWS * COLUMNS, replace=False)
    by_name = known.set_index("unique_id")["y"]
    return [by_name.loc[long_enough[index]].to_list()[-QUARTERS:] for index in chosen]


def picture(sides: Sequence[tuple[str, list[Sequence[float]]]]) -> str:
    """Both sides as SVG."""
    side = COLUMNS * (WIDTH + GAP)
    width, height = 2 * side + 3 * GAP, TOP + ROWS * (HEIGHT + GAP) + GAP
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'font-family="sans-serif" font-size="13">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
    ]
    for place, (name, series) in enumerate(sides):
        left = GAP + place * (side + GAP)
        parts.append(f'<text x="{left}" y="18" fill="#333">{name}</text>')
        for index, values in enumerate(series):
            row, column = divmod(index, COLUMNS)
            corner = left + column * (WIDTH + GAP), TOP + row * (HEIGHT + GAP)
            parts.append(line(values, corner, COLOURS[place]))
    return "\n".join([*parts, "</svg>"]) + "\n"


def line(values: Sequence[float], corner: tuple[float, float], colour: str) -> str:
    """One series in its box."""
    low, high = min(values), max(values)
    reach = high - low or 1.0
    step = WIDTH / (len(values) - 1)
    points = " ".join(
        f"{corner[0] + index * step:.1f},{corner[1] + HEIGHT * (1 - (value - low) / reach):.1f}"
        for index, value in enumerate(values)
    )
    x, y = corner
    box = f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" fill="#f6f6f4"/>'
    return f'{box}<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.2"/>'


if __name__ == "__main__":
    main()
