"""How long a page takes in a real browser, from the click until nothing moves any more."""

from playwright.sync_api import BrowserContext, Page

_WATCH = """
(() => {
  const seen = (window.__seen = { clicked: 0, moved: 0 })
  const watch = (root) =>
    new MutationObserver(() => { seen.moved = performance.now() }).observe(root, {
      subtree: true, childList: true, attributes: true, characterData: true,
    })
  const attach = Element.prototype.attachShadow
  Element.prototype.attachShadow = function (how) {
    const root = attach.call(this, how)
    watch(root)
    return root
  }
  addEventListener("keydown", (key) => { if (key.key === "Enter") seen.clicked = performance.now() }, true)
  watch(document)
})()
"""
_SETTLED = """
() => {
  const app = document.querySelector("[data-test-script-state]")
  const idle = app && app.dataset.testScriptState === "notRunning"
  const drawn = document.querySelector("[data-testid='stAppViewContainer'] :is(h1, h2)")
  return idle && drawn && performance.now() - window.__seen.moved > 400
}
"""
_TAKEN = "() => window.__seen.moved - window.__seen.clicked"
# Whatever is drawn from data and is more than text: charts of the platform, those in its figures, our own components.
_CHARTS = """
() => {
  const kinds = ["stVegaLiteChart", "stEChartsChart", "stMetricChart", "stBidiComponentIsolated"]
  const all = kinds.map((kind) => `[data-testid="stMain"] [data-testid="${kind}"]`).join()
  return [...document.querySelectorAll(all)].filter((node) => !node.closest(".st-key-tour_corner")).length
}
"""


def watched(context: BrowserContext) -> BrowserContext:
    """The same, its pages watched for movement from their first moment on."""
    context.add_init_script(_WATCH)
    return context


def first_view(page: Page, address: str) -> float:
    """Milliseconds from asking for ``address`` until it stands."""
    page.goto(address)
    return _settled(page)


def filter_change(page: Page, back: bool) -> float:
    """Milliseconds from choosing the quarter before (``back``) or after until the page stands again."""
    page.locator("section[data-testid=stSidebar]").get_by_label("Quarter", exact=True).click()
    page.keyboard.press("ArrowDown" if back else "ArrowUp")
    page.keyboard.press("Enter")
    return _settled(page)


def charts_on(page: Page) -> int:
    """How many charts and tables of ours the page holds."""
    return int(page.evaluate(_CHARTS))


def _settled(page: Page) -> float:
    page.wait_for_function(_SETTLED, timeout=120_000, polling=50)
    return float(page.evaluate(_TAKEN))
