"""Every page as axe-core judges it, in both languages, light and dark, and on a phone: nothing grave is found.

One visitor goes through all pages; the theme and the width change under a page that stands.
"""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.e2e.site import Site, Theme, Visit, visit
from ui.site import HOME, ICONS

pytestmark = pytest.mark.e2e
GRAVE = {"serious", "critical"}


@pytest.fixture(scope="module")
def visitor(browser: Browser, site: Site) -> Iterator[Visit]:
    """Somebody who stays."""
    with visit(browser, site) as staying:
        yield staying


def findings(visitor: Visit) -> list[str]:
    """Each grave finding in a line; none is let through, not even of what the platform draws."""
    answer = Axe().run(visitor.page).response
    return [
        f"{found['id']}: {node['target']} {node['html'][:150]}"
        for found in answer["violations"]
        if found["impact"] in GRAVE
        for node in found["nodes"]
    ]


def dressed(visitor: Visit, theme: Theme, width: int) -> None:
    """Change the theme and the width of whatever stands."""
    visitor.page.set_viewport_size({"width": width, "height": 1000})
    visitor.page.emulate_media(color_scheme=theme)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", ICONS)
def test_a_page_has_no_grave_finding(visitor: Visit, name: str, language: str) -> None:
    views: list[tuple[Theme, int]] = [("light", 1440), ("dark", 1440)]
    if language == "zh":
        views.append(("dark", 390))
    dressed(visitor, *views[0])
    visitor.open("" if name == HOME else name, lang=language)
    for theme, width in views:
        dressed(visitor, theme, width)
        visitor.settle()
        assert findings(visitor) == [], (theme, width)


def test_a_fault_would_be_found(visitor: Visit) -> None:
    visitor.open(lang="en")
    visitor.page.evaluate(
        "document.querySelector('[data-testid=stMain]').insertAdjacentHTML('beforeend', '<button></button>')"
    )
    assert [found.partition(":")[0] for found in findings(visitor)] == ["button-name"]
