"""``make screenshots``: every page into docs/images, in both languages, light and dark, wide and narrow."""

import sys
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from kpi.settings import ROOT
from tests.e2e.conftest import wait_for_forecast
from tests.e2e.site import Site, Theme, Visit, launch, serve, visit
from tests.e2e.test_steps import drop
from tests.kpi.intake.builders import demo_with

OUT = ROOT / "docs" / "images"
TALLEST = 2400
PAGES: dict[str, tuple[str, dict[str, str]]] = {
    "scorecard": ("", {}),
    "kpi": ("kpi", {"kpi": "persistency_13m_premium", "unit": "liaoning", "window": "quarter"}),
    "upload": ("upload", {}),
    "runs": ("runs", {}),
}
VIEWS: tuple[tuple[str, int, Theme], ...] = (
    ("zh", 1440, "light"),
    ("zh", 1440, "dark"),
    ("zh", 390, "light"),
    ("zh", 390, "dark"),
    ("en", 1440, "light"),
    ("en", 1440, "dark"),
    ("en", 390, "light"),
    ("en", 390, "dark"),
)


def picture(visitor: Visit, name: str) -> None:
    """The whole page, up to a reasonable height, with few enough colours to stay small."""
    page = visitor.page
    height = int(page.evaluate("() => document.querySelector('[data-testid=\"stMain\"]').scrollHeight"))
    size = page.viewport_size
    assert size is not None
    page.set_viewport_size({"width": size["width"], "height": min(max(height, size["height"]), TALLEST)})
    page.wait_for_timeout(800)
    image = Image.open(BytesIO(page.screenshot()))
    image.convert("RGB").quantize(192, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(
        OUT / f"{name}.png", optimize=True
    )
    print(OUT / f"{name}.png", flush=True)


def pages_with_data(browser: Browser, site: Site) -> None:
    """Every page of the demo company; the upload page also with a workbook that has faults."""

    def plant(sheet: Any) -> None:
        sheet["E10"], sheet["A12"], sheet["C14"] = "twelve", "Bonus of the year", "Q5 2024"

    faulty = demo_with("02_claims_and_service_long_en.xlsx", plant)
    for language, width, theme in VIEWS:
        for name, (page, params) in PAGES.items():
            with visit(browser, site, width, theme) as visitor:
                visitor.open(page, lang=language, **params)
                if name == "upload":
                    drop(visitor.page, "claims_2026Q3.xlsx", faulty)
                    visitor.page.wait_for_selector(".st-key-current_upload")
                    visitor.settle()
                picture(visitor, f"{name}-{language}-{theme}-{width}")


def empty_pages(browser: Browser, site: Site) -> None:
    """What a new company meets."""
    for language, page in (("zh", ""), ("en", "upload")):
        with visit(browser, site) as visitor:
            visitor.open(page, lang=language)
            picture(visitor, f"empty-{page or 'scorecard'}-{language}-light-1440")


def main() -> None:
    """Take all pictures."""
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = launch(playwright)
        with serve(Path(folder) / "full") as site:
            wait_for_forecast(site)
            pages_with_data(browser, site)
        with serve(Path(folder) / "empty", SCORECAST_DEMO="false") as site:
            empty_pages(browser, site)
    print("done", file=sys.stderr)


if __name__ == "__main__":
    main()
