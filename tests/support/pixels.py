"""Pictures compared pixel by pixel, by a browser that shows nothing else."""

from __future__ import annotations

from base64 import b64encode

from playwright.sync_api import Locator, Page

_READ = """async (pictures) => {
  const read = async (picture) => {
    const image = new Image();
    image.src = `data:image/png;base64,${picture}`;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height), context = canvas.getContext("2d");
    context.drawImage(image, 0, 0);
    return context.getImageData(0, 0, image.width, image.height);
  };
  const [first, second] = await Promise.all(pictures.map(read));
  if (first.width !== second.width || first.height !== second.height) return 1;
  let differing = 0;
  for (let at = 0; at < first.data.length; at += 4)
    differing += [0, 1, 2].some((part) => Math.abs(first.data[at + part] - second.data[at + part]) > 48);
  return differing / (first.data.length / 4);
}"""


def picture(part: Locator) -> str:
    """How a part of a page is painted while nobody points at it or has the focus there."""
    part.scroll_into_view_if_needed()
    part.page.mouse.move(0, 0)
    part.page.evaluate("document.activeElement?.blur()")
    return b64encode(part.screenshot(animations="disabled", caret="hide")).decode()


def differing(blank: Page, first: str, second: str) -> float:
    """The share of pixels that are clearly another colour; all of them when the pictures have different sizes."""
    return blank.evaluate(_READ, [first, second])
