"""What somebody sends as an image, made anew."""

import resource
import subprocess
import sys
from io import BytesIO

import psutil
import pytest
from PIL import Image as Pillow

from chatapp.images.processing import DECODER, InvalidImage, process, wait_for_slot
from tests.fixtures.pictures import animation, bomb, frames, photograph, picture, scans


def cleaned(data: bytes) -> Pillow.Image:
    image = process(BytesIO(data), "it.png")
    opened = Pillow.open(BytesIO(image.data))
    assert opened.format == "WEBP"
    assert opened.size == (image.width, image.height)
    return opened


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_each_type_becomes_one_type(kind):
    assert cleaned(picture(kind)).size == (60, 40)


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "L"), ("PNG", "P"), ("JPEG", "CMYK")])
def test_whatever_its_colours_are_made_of(kind, mode):
    assert cleaned(picture(kind, mode=mode)).mode == "RGB"


def test_what_can_be_seen_through_stays_so():
    assert cleaned(picture("PNG", mode="RGBA")).mode == "RGBA"


def test_it_stands_upright_and_nobody_learns_where_it_was_taken():
    data = photograph()
    assert b"Somebody's camera" in data
    opened = cleaned(data)
    assert opened.size == (40, 80)
    assert not opened.getexif() and not opened.info.get("icc_profile")
    assert b"Somebody's camera" not in process(BytesIO(data), "it.jpg").data


def test_of_an_animation_the_first_frame():
    opened = cleaned(animation())
    assert not getattr(opened, "is_animated", False)
    red, green, blue = opened.convert("RGB").resize((1, 1)).tobytes()
    assert red > 200 > green + blue


def test_a_large_one_is_made_smaller():
    assert cleaned(picture("JPEG", (4200, 2100))).size == (2048, 1024)
    assert cleaned(picture("PNG", (3000, 30))).size == (2048, 20)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"%PDF-1.7\n",
        picture("BMP"),
        picture("TIFF"),
        picture("PNG")[:-30],
        picture("JPEG", (500, 500))[:400],
        b"\x89PNG\r\n\x1a\n" + bytes(100),
    ],
    ids=["nothing", "gif head", "svg", "pdf", "bmp", "tiff", "cut png", "cut jpeg", "zeros"],
)
def test_what_is_no_image_is_refused_in_words(data):
    with pytest.raises(InvalidImage, match="“it.png” is no image that can be read here"):
        process(BytesIO(data), "it.png")


def test_a_bomb_is_refused_before_it_goes_off():
    for side in (30_000, 6_000):
        with pytest.raises(
            InvalidImage, match="too many pixels; an image may have at most 25 million"
        ):
            process(BytesIO(bomb(side)), "it.png")


def test_the_limit_of_pixels_is_a_setting(settings):
    settings.IMAGE_MAX_PIXELS = 2399
    with pytest.raises(InvalidImage):
        process(BytesIO(picture()), "it.png")
    settings.IMAGE_MAX_PIXELS = 2400
    assert process(BytesIO(picture()), "it.png").width == 60


def test_few_are_read_at_once_and_the_next_waits_only_so_long():
    with (
        wait_for_slot("first.png"),
        wait_for_slot("second.png"),
        pytest.raises(InvalidImage, match="“third.png” was not read: too many images come at once"),
        wait_for_slot("third.png", seconds=0.05),
    ):
        pytest.fail("There was room for a third.")
    assert process(BytesIO(picture()), "third.png").width == 60


def cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_a_jpeg_of_very_many_scans_is_refused_before_it_is_decoded():
    before = cpu_of_children()
    with pytest.raises(InvalidImage, match="“it.jpg” takes too long to read here"):
        process(BytesIO(scans(1_000)), "it.jpg")
    assert cpu_of_children() == before
    assert process(BytesIO(scans(50)), "it.jpg").width == 500


def test_how_many_scans_is_a_setting(settings):
    settings.IMAGE_MAX_SCANS = 20
    with pytest.raises(InvalidImage, match="Save it again as a plain PNG or JPEG, then send it"):
        process(BytesIO(scans(50)), "it.jpg")
    settings.IMAGE_MAX_SCANS = 200
    assert process(BytesIO(scans(150)), "it.jpg").width == 500


def test_scans_are_counted_in_jpegs_alone():
    data = picture("PNG") + b"\xff\xda" * 200
    assert process(BytesIO(data), "it.png").width == 60


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_of_very_many_frames_only_the_first_is_decoded(kind):
    """All 300 of them take a second; the first, and the process, a tenth."""
    before = cpu_of_children()
    assert process(BytesIO(frames(kind, 300)), "it.gif").width == 300
    assert cpu_of_children() - before < 0.8


def test_what_takes_too_long_is_ended_and_leaves_no_process(settings):
    settings.IMAGE_SECONDS = 0.01
    with pytest.raises(InvalidImage, match="takes too long to read here"):
        process(BytesIO(picture()), "it.png")
    assert not [child for child in psutil.Process().children() if "decoder" in str(child.cmdline())]
    settings.IMAGE_SECONDS = 5
    assert process(BytesIO(picture()), "it.png").width == 60


def test_the_decoder_is_ended_at_its_limit_of_cpu_time():
    noise = Pillow.effect_noise((4_000, 4_000), 90)
    file = BytesIO()
    noise.convert("RGB").save(file, "JPEG", quality=40)
    before = cpu_of_children()
    command = [sys.executable, "-I", str(DECODER), "1", "25000000", "16000"]
    done = subprocess.run(command, input=file.getvalue(), capture_output=True, check=False)
    assert done.returncode < 0
    assert cpu_of_children() - before < 2


def test_the_decoder_has_a_limit_of_memory():
    use = f"import runpy; runpy.run_path({str(DECODER)!r})['limit_work'](5, 0); bytearray(500_000_000)"
    done = subprocess.run([sys.executable, "-c", use], capture_output=True, check=False, text=True)
    assert "MemoryError" in done.stderr
