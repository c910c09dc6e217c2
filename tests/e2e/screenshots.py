"""``make screenshots``: every page into docs/images, in both languages, light and dark, wide and narrow.

``python -m tests.e2e.screenshots upload mapping`` takes those alone.
"""

import re
import sys
import tempfile
from collections.abc import Collection
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from kpi.settings import ROOT
from tests.e2e.conftest import wait_for_alerts, wait_for_forecast
from tests.e2e.messy import messy
from tests.e2e.site import Site, Theme, Visit, launch, serve, visit
from tests.e2e.test_steps import drop
from tests.e2e.two_runs import two_runs
from tests.kpi.intake.builders import demo_with

OUT = ROOT / "docs" / "images"
TALLEST = 2400
MAPPING_HEIGHT = {1440: 1500, 390: 2000}
COMPARED_HEIGHT = {1440: 1700, 390: 2000}
PAGES: dict[str, tuple[str, dict[str, str]]] = {
    "home": ("", {}),
    "scorecard": ("scorecard", {}),
    "map": ("map", {}),
    "kpi": ("kpi", {"kpi": "persistency_13m_premium", "unit": "liaoning", "window": "quarter"}),
    "heat": ("compare", {}),
    "quarters": ("compare", {"part": "quarters"}),
    "movers": ("compare", {"part": "movers"}),
    "whatif": (
        "whatif",
        {"changes": "risk_loss_ratio.beijing.2026Q4.v0.5~standard_premium.head_office.2026Q4.p0.1"},
    ),
    "pack": ("pack", {}),
    "upload": ("upload", {}),
    "mapping": ("upload", {}),
    "runs": ("runs", {}),
    "schedule": ("schedule", {}),
    "alerts": ("alerts", {}),
}
COMPARED = "compare"
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
    """The whole page, up to a reasonable height."""
    page = visitor.page
    height = int(page.evaluate("() => document.querySelector('[data-testid=\"stMain\"]').scrollHeight"))
    size = page.viewport_size
    assert size is not None
    page.set_viewport_size({"width": size["width"], "height": min(max(height, size["height"]), TALLEST)})
    keep(visitor, name)


def mapping_picture(visitor: Visit, name: str) -> None:
    """From the corrections to the sheet, with a finding clicked and a correction not yet used."""
    page = visitor.page
    page.get_by_role("link", name="经营月报!E7").click()
    visitor.settle()
    page.get_by_role("button", name=re.compile("77%")).click()
    visitor.settle()
    size = page.viewport_size
    assert size is not None
    page.set_viewport_size({"width": size["width"], "height": MAPPING_HEIGHT[size["width"]]})
    page.get_by_role("heading", name=re.compile("^(更正|Corrections)$")).evaluate("node => node.scrollIntoView()")
    keep(visitor, name)


def keep(visitor: Visit, name: str) -> None:
    """What the window shows, with few enough colours to stay small."""
    visitor.page.wait_for_timeout(800)
    image = Image.open(BytesIO(visitor.page.screenshot()))
    image.convert("RGB").quantize(192, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(
        OUT / f"{name}.png", optimize=True
    )
    print(OUT / f"{name}.png", flush=True)


def uploaded(browser: Browser, site: Site, name: str, content: bytes) -> str:
    """The id of the upload of a workbook dropped on the page."""
    with visit(browser, site) as visitor:
        visitor.open("upload", lang="en")
        drop(visitor.page, name, content)
        visitor.page.wait_for_selector(".st-key-current_upload")
        visitor.settle()
        found = re.search(r"upload=(\d+)", visitor.page.url)
        assert found is not None, visitor.page.url
        return found[1]


def pages_with_data(browser: Browser, site: Site, names: Collection[str]) -> None:
    """Pages of the demo company; the upload page with a workbook that has faults and with one of nobody's form."""

    def plant(sheet: Any) -> None:
        sheet["E10"], sheet["A12"], sheet["C14"] = "twelve", "Bonus of the year", "Q5 2024"

    faulty = demo_with("02_claims_and_service_long_en.xlsx", plant)
    workbooks = {"upload": ("claims_2026Q3.xlsx", faulty), "mapping": ("经营月报_2026Q3.xlsx", messy())}
    uploads = {name: uploaded(browser, site, *file) for name, file in workbooks.items() if name in names}
    for language, width, theme in VIEWS:
        for name in names:
            page, params = PAGES[name]
            own = {"upload": uploads[name]} if name in uploads else {}
            with visit(browser, site, width, theme) as visitor:
                visitor.open(page, lang=language, **params, **own)
                take = mapping_picture if name == "mapping" else picture
                take(visitor, f"{name}-{language}-{theme}-{width}")


def empty_pages(browser: Browser, site: Site) -> None:
    """What a new company meets."""
    for language, page in (("zh", ""), ("en", "upload")):
        with visit(browser, site) as visitor:
            visitor.open(page, lang=language)
            picture(visitor, f"empty-{page or 'home'}-{language}-light-1440")


def comparison_pictures(browser: Browser, site: Site) -> None:
    """Two runs of the demo company beside each other, split by cause."""
    old, new = two_runs(site, {}, split=True)
    for language, width, theme in VIEWS:
        with visit(browser, site, width, theme) as visitor:
            visitor.open("runs", lang=language, old=old, new=new, unit="beijing", span="2027")
            page = visitor.page
            page.locator("tr.row:visible").first.wait_for()
            page.set_viewport_size({"width": width, "height": COMPARED_HEIGHT[width]})
            visitor.settle()
            page.get_by_role("heading", name=re.compile("^(比较两次运行|Compare two runs)$")).evaluate(
                "node => node.scrollIntoView()"
            )
            keep(visitor, f"{COMPARED}-{language}-{theme}-{width}")


def main(names: Collection[str]) -> None:
    """Take the pictures of the pages named, or all."""
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = launch(playwright)
        if chosen := [name for name in PAGES if not names or name in names]:
            with serve(Path(folder) / "full") as site:
                wait_for_forecast(site)
                wait_for_alerts(site)
                pages_with_data(browser, site, chosen)
        if not names or COMPARED in names:
            with serve(Path(folder) / "two") as site:
                wait_for_forecast(site)
                comparison_pictures(browser, site)
        if not names or "upload" in names:
            with serve(Path(folder) / "empty", SCORECAST_DEMO="false") as site:
                empty_pages(browser, site)
    print("done", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:])
