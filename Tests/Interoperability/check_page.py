"""Uses the page at / in headless Chromium as a person would, and takes screenshots.

check_page.py PROGRAM [FOLDER FOR SCREENSHOTS]
"""

import json
import pathlib
import sys
from functools import partial

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

from browser import browser
from service import running


def expect(what, holds):
    if not holds:
        raise SystemExit(f"failed: {what}")


def check(url, width, dark, pictures):
    driver = browser(width, dark)
    try:
        driver.get(url + "/")
        find = partial(driver.find_element, By.ID)
        Select(find("example")).select_by_index(1)
        text = find("abstract").get_property("value")
        expect("an example fills the field", len(text) > 200)
        find("abstract").send_keys(Keys.CONTROL, Keys.ENTER)
        WebDriverWait(driver, 20).until(lambda _: find("answer").is_displayed())
        labels = [heading.text for heading in driver.find_elements(By.CSS_SELECTOR, ".section h3")]
        expect(
            f"sections are named by label: {labels}", {"BACKGROUND", "METHODS", "RESULTS", "CONCLUSIONS"} <= set(labels)
        )
        sentences = driver.find_elements(By.CSS_SELECTOR, ".sentence")
        expect("every sentence is shown", " ".join(s.text for s in sentences) == text)
        expect("latency is shown", " ms" in find("facts").text)
        colours = {
            label: section.value_of_css_property("background-color")
            for label, section in zip(labels, driver.find_elements(By.CSS_SELECTOR, ".section"), strict=True)
        }
        expect("labels have different colours", len(set(colours.values())) == len(colours))
        webdriver.ActionChains(driver).move_to_element(sentences[0]).perform()
        pointed = find("detail").text
        expect(f"pointing at a sentence shows its confidence: {pointed}", "%" in pointed)
        driver.execute_script("arguments[0].focus()", sentences[0])
        webdriver.ActionChains(driver).send_keys(Keys.TAB).perform()
        expect("the Tab key shows the confidence of the next sentence", find("detail").text not in ("", pointed))
        driver.execute_cdp_cmd(
            "Browser.grantPermissions", {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
        )
        for button, check in (
            ("copy-json", lambda copied: json.loads(copied)["sentences"][0]["text"] in text),
            ("copy-text", lambda copied: copied.startswith(labels[0] + ": ")),
        ):
            find(button).click()
            WebDriverWait(driver, 5).until(lambda _: find("copied").text == "Copied.")
            copied = driver.execute_async_script("navigator.clipboard.readText().then(arguments[0])")
            expect(f"{button} copies: {copied[:80]}", check(copied))
        overflow = driver.execute_script(
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        expect(f"nothing is wider than {width} px", overflow <= 0)
        small = driver.execute_script(
            "return [...document.querySelectorAll('button, select, a')]"
            ".filter(e => e.getBoundingClientRect().height < 16).length"
        )
        expect("no control is too small to hit", small == 0)
        if pictures:
            height = driver.execute_script("return document.documentElement.scrollHeight")
            driver.execute_cdp_cmd(
                "Emulation.setDeviceMetricsOverride",
                {"width": width, "height": height, "deviceScaleFactor": 1.5, "mobile": False},
            )
            name = f"page-{'dark' if dark else 'light'}-{width}.png"
            driver.save_screenshot(str(pictures / name))
        find("abstract").clear()
        find("abstract").send_keys("   ")
        driver.find_element(By.CSS_SELECTOR, "button[type=submit]").click()
        WebDriverWait(driver, 5).until(lambda _: find("problem").is_displayed())
        expect("an error is explained in words", "only white space" in find("problem").text)
        driver.get(url + "/docs")
        WebDriverWait(driver, 5).until(lambda _: len(driver.find_elements(By.CSS_SELECTOR, ".operation")) > 20)
        for summary in driver.find_elements(By.CSS_SELECTOR, ".operation summary")[:8]:
            summary.click()
        overflow = driver.execute_script(
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        expect(f"nothing in /docs is wider than {width} px", overflow <= 0)
        for entry in driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                target = message["params"]["request"]["url"]
                expect(f"the page sends requests only to this service: {target}", target.startswith((url, "data:")))
        faults = [entry for entry in driver.get_log("browser") if "422" not in entry["message"]]
        expect(f"the browser logs no errors: {faults}", not faults)
    finally:
        driver.quit()


def check_elsewhere(url):
    """Checks copying on a page loaded over plain HTTP from another host, to which browsers offer no clipboard API."""
    driver = browser(1000, False)
    try:
        driver.get(url.replace("127.0.0.1", "elsewhere.test") + "/")
        find = partial(driver.find_element, By.ID)
        expect("the page has no clipboard API", driver.execute_script("return navigator.clipboard === undefined"))
        Select(find("example")).select_by_index(1)
        find("abstract").send_keys(Keys.CONTROL, Keys.ENTER)
        WebDriverWait(driver, 20).until(lambda _: find("answer").is_displayed())
        find("copy-text").click()
        WebDriverWait(driver, 5).until(lambda _: find("copied").text == "Copied.")
        find("abstract").clear()
        find("abstract").send_keys(Keys.CONTROL, "v")
        pasted = find("abstract").get_property("value")
        expect(f"the copied text can be pasted: {pasted[:80]}", pasted.startswith("BACKGROUND: "))
    finally:
        driver.quit()


if __name__ == "__main__":
    pictures = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else None
    with running(sys.argv[1]) as url:
        for width, dark in ((1000, False), (1000, True), (320, False), (320, True)):
            check(url, width, dark, pictures)
            print(f"{width} px, {'dark' if dark else 'light'}: passed")
        check_elsewhere(url)
        print("copying from a page on another host: passed")
