"""Starts headless Chromium for checks of web pages.

browser.py URL FILE [--width 1000] [--height 900] [--wait 0] [--dark]     # takes a screenshot of a page
"""

import argparse
import time

from selenium import webdriver


def browser(width, dark, height=900):
    """Starts Debian's Chromium without a window; the viewport may be narrower than a window can be."""
    options = webdriver.ChromeOptions()
    for argument in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        # A host name other than localhost: browsers restrict plain-HTTP pages from other machines.
        "--host-resolver-rules=MAP elsewhere.test 127.0.0.1",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options, webdriver.ChromeService("/usr/bin/chromedriver"))
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": height, "deviceScaleFactor": 2, "mobile": False},
    )
    driver.execute_cdp_cmd(
        "Emulation.setEmulatedMedia",
        {"features": [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]},
    )
    return driver


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("file")
    parser.add_argument("--width", type=int, default=1000)
    parser.add_argument("--height", type=int, default=900)
    parser.add_argument("--wait", type=float, default=0, help="seconds to wait for the page's content (default: 0)")
    parser.add_argument("--dark", action="store_true")
    chosen = parser.parse_args()
    driver = browser(chosen.width, chosen.dark, chosen.height)
    driver.get(chosen.url)
    time.sleep(chosen.wait)
    driver.save_screenshot(chosen.file)
    driver.quit()
