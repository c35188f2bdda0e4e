"""Pages of applications in Chromium."""
import shutil

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage",
         "--disable-background-networking", "--disable-component-update", "--disable-sync"]
SECONDS = 60


def program():
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


class Browser:
    """One Chromium with a new profile, within a `with` block. Each visit has its own cookies and caches."""

    def __init__(self, screenshots):
        self.screenshots = screenshots

    def __enter__(self):
        from playwright.sync_api import sync_playwright
        self.playwright = sync_playwright().start()
        self.chromium = self.playwright.chromium.launch(executable_path=program(), args=FLAGS)
        return self

    def __exit__(self, *failure):
        self.chromium.close()
        self.playwright.stop()

    def visit(self, name, url, browse):
        """Calls `browse` with a page, and raises if it fails or if a request of the page fails."""
        context = self.chromium.new_context(ignore_https_errors=True, base_url=url, viewport={"width": 1000, "height": 700})
        context.set_default_timeout(SECONDS * 1000)
        # The comparison does not include requests to other machines.
        context.route(lambda address: not address.startswith(url), lambda route: route.abort())
        page = context.new_page()
        failures = []
        page.on("response", lambda response: response.status >= 500 and failures.append(f"{response.status} {response.url}"))
        page.on("requestfailed",
                lambda request: self._lost(request, url) and failures.append(f"{request.failure} {request.url}"))
        try:
            browse(page)
        finally:
            if self.screenshots:
                self.screenshots.mkdir(parents=True, exist_ok=True)
                page.screenshot(path=self.screenshots / f"{name}.png")
            context.close()
        if failures:
            raise AssertionError("; ".join(failures)[:500])

    @staticmethod
    def _lost(request, url):
        """Returns whether a request got no response from the application. Excludes those that the page aborted."""
        return request.url.startswith(url) and "ERR_ABORTED" not in (request.failure or "")
