"""Images in the composer of a real browser: chosen, pasted, dropped, taken out; without scripts."""

from base64 import b64encode

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.e2e.test_accessibility import OPTIONS
from tests.fixtures.pictures import picture

pytestmark = pytest.mark.browser

TRANSFER = """([kind, selector, name, data]) => {
  const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0));
  const held = new DataTransfer();
  held.items.add(new File([bytes], name, { type: "image/png" }));
  const options = { bubbles: true, cancelable: true, dataTransfer: held, clipboardData: held };
  const event = kind === "paste" ? new ClipboardEvent(kind, options) : new DragEvent(kind, options);
  document.querySelector(selector).dispatchEvent(event);
  return event.defaultPrevented;
}"""


def payload(name: str, size: tuple[int, int] = (60, 40)) -> FilePayload:
    return {"name": name, "mimeType": "image/png", "buffer": picture(size=size)}


def give(page: Page, kind: str, name: str, selector: str = "#id_message") -> bool:
    data = b64encode(picture(size=(50, 50))).decode()
    return bool(page.evaluate(TRANSFER, [kind, selector, name, data]))


def wait_for(page: Page, condition: str) -> None:
    """Playwright's own way asks for an eval that our policy forbids."""
    page.evaluate(
        f"() => new Promise((done) => {{ const look = () => ({condition}) ? done() : requestAnimationFrame(look); look(); }})"
    )


def opened(page: Page) -> Page:
    page.goto("/")
    page.locator("form#composer[data-htmx-powered]").wait_for(state="attached")
    return page


def test_chosen_pasted_and_dropped_they_go_along(page: Page):
    opened(page)
    page.get_by_label("Add images").set_input_files([payload("chosen.png")])
    assert give(page, "paste", "pasted.png") and give(page, "dragover", "") is True
    assert give(page, "drop", "dropped.png", "main")
    page.get_by_label("Add images").set_input_files([payload("again.png", (30, 20))])
    items = page.locator(".selected-image")
    expect(items).to_have_count(4)
    items.nth(0).get_by_label("What the image shows").fill("A red field")
    items.nth(1).get_by_role("button").click()
    expect(items).to_have_count(3)
    expect(page.get_by_label("Your message")).to_be_focused()
    page.keyboard.press("Enter")  # images need no words
    question = page.locator(".question")
    expect(question.get_by_role("img")).to_have_count(3)
    alts = [image.get_attribute("alt") for image in question.get_by_role("img").all()]
    assert alts == ["A red field", "dropped.png", "again.png"]
    expect(page.locator(".answer")).to_contain_text(
        "I see 3 images: WEBP 60x40, WEBP 50x50, WEBP 30x20."
    )
    images = "[...document.querySelectorAll('.question img')]"
    wait_for(page, f"{images}.every((image) => image.complete && image.naturalWidth > 0)")
    expect(items).to_have_count(0)


def test_a_large_photograph_is_made_smaller_before_it_is_sent(page: Page):
    opened(page)
    page.evaluate(
        """async () => {
          const canvas = Object.assign(document.createElement("canvas"), { width: 3000, height: 1500 });
          const context = canvas.getContext("2d");
          const pixels = context.createImageData(3000, 1500);
          for (let at = 0; at < pixels.data.length; at += 4) {
            pixels.data.set([Math.random() * 255, Math.random() * 255, Math.random() * 255, 255], at);
          }
          context.putImageData(pixels, 0, 0);
          const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
          const held = new DataTransfer();
          held.items.add(new File([blob], "meadow.png", { type: "image/png" }));
          window.before = blob.size;
          document.querySelector("main").dispatchEvent(
            new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: held }));
        }"""
    )
    wait_for(page, "document.getElementById('id_images').files[0].size < window.before / 2")
    page.get_by_label("Your message").fill("What is it?")
    page.keyboard.press("Enter")
    expect(page.locator(".answer")).to_contain_text("I see 1 image: WEBP 2048x1024.")


def test_a_refusal_leaves_text_and_images_where_they_are(page: Page, page_errors):
    opened(page)
    none: FilePayload = {"name": "none.png", "mimeType": "image/png", "buffer": b"no image"}
    page.get_by_label("Add images").set_input_files([payload("good.png"), none])
    page.get_by_label("Your message").fill("Both?")
    page.keyboard.press("Enter")
    expect(page.locator("#composer-problem")).to_contain_text("“none.png” is no image")
    expect(page.get_by_label("Your message")).to_have_value("Both?")
    expect(page.locator(".selected-image")).to_have_count(2)
    page.locator(".selected-image").nth(1).get_by_role("button").click()
    page.keyboard.press("Enter")
    expect(page.locator(".answer")).to_contain_text("I see 1 image: WEBP 60x40.")
    page_errors.clear()  # the browser notes that something was refused


def test_without_scripts_on_a_phone(browser: Browser, site):
    context = browser.new_context(
        base_url=site.url, java_script_enabled=False, viewport={"width": 320, "height": 640}
    )
    page = context.new_page()
    page.goto("/")
    field = page.locator("#id_images")
    expect(field).to_be_visible()
    none: FilePayload = {"name": "none.png", "mimeType": "image/png", "buffer": b"no image"}
    field.set_input_files([payload("good.png"), none])
    page.locator("#id_alt").fill("A red field")
    page.get_by_label("Your message").fill("What is it?")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".problem")).to_contain_text("“none.png” is no image")
    expect(page.get_by_label("Your message")).to_have_value("What is it?")
    expect(page.get_by_label("A red field (60 × 40)")).to_be_checked()
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/c/**")
    expect(page.locator(".question img")).to_have_attribute("alt", "A red field")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_no_axe_violation_with_images(browser: Browser, site, scheme, width):
    context = browser.new_context(
        base_url=site.url,
        color_scheme=scheme,
        viewport={"width": width, "height": 720},
        reduced_motion="reduce",
        bypass_csp=True,
    )
    page = opened(context.new_page())
    page.get_by_label("Add images").set_input_files(
        [payload("a.png", (900, 300)), payload("b.png")]
    )
    expect(page.locator(".selected-image")).to_have_count(2)
    assert complaints(page) == []
    page.get_by_label("Your message").fill("What are they?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Good answer")).to_be_visible()
    assert complaints(page) == []
    page.get_by_role("link", name="Edit").click()
    expect(page.locator(".edit img")).to_have_count(2)
    assert complaints(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()


def complaints(page: Page) -> list[str]:
    page.evaluate("scrollTo(0, 0)")
    found = Axe().run(page, options=OPTIONS).response["violations"]
    return [f"{one['id']}: {node['html'][:150]}" for one in found for node in one["nodes"]]
