"""Child process that decodes one image: the file on stdin; width, height and WebP on stdout.

It runs as a script, loads nothing but Pillow, and limits its own CPU time and memory. The exit
status says what was wrong.
"""

import resource
import sys
import warnings
from contextlib import suppress
from io import BytesIO

from PIL import Image as Pillow
from PIL import ImageOps, UnidentifiedImageError
from PIL import WebPImagePlugin as _loaded  # noqa: F401 - so that it can read and write them

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
QUALITY = 88
TOO_MANY_PIXELS, NO_IMAGE, TOO_MUCH_WORK = 3, 4, 5
BASE_MEMORY = 400_000_000  # bytes
BYTES_PER_PIXEL = 16  # decoded, turned and converted


class TooManyPixels(Exception):
    pass


def decode(data: bytes, max_pixels: int, longest_side: int) -> tuple[bytes, int, int]:
    """The first frame as WebP, upright, with its width and height."""
    with warnings.catch_warnings():
        # The number of pixels is checked below, before any is decoded.
        warnings.simplefilter("ignore", Pillow.DecompressionBombWarning)
        with Pillow.open(BytesIO(data), formats=FORMATS) as source:
            if source.width * source.height > max_pixels:
                raise TooManyPixels
            # Decodes a photograph at half or a quarter of its size, where that is enough.
            source.draft("RGB", (longest_side, longest_side))
            upright = ImageOps.exif_transpose(source)
            converted = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
        converted.thumbnail((longest_side, longest_side))
        output = BytesIO()
        converted.save(
            output, "WEBP", quality=QUALITY, method=2, exif=b"", icc_profile=b"", xmp=b""
        )
    return output.getvalue(), *converted.size


def limit_work(seconds: int, max_pixels: int) -> None:
    memory = BASE_MEMORY + BYTES_PER_PIXEL * max_pixels
    for kind, most in ((resource.RLIMIT_CPU, seconds), (resource.RLIMIT_AS, memory)):
        with suppress(ValueError, OSError):  # not every system has each limit
            resource.setrlimit(kind, (most, most))


def main(seconds: int, max_pixels: int, longest_side: int) -> int:
    limit_work(seconds, max_pixels)
    try:
        webp, width, height = decode(sys.stdin.buffer.read(), max_pixels, longest_side)
    except (TooManyPixels, Pillow.DecompressionBombError):
        return TOO_MANY_PIXELS
    except MemoryError:
        return TOO_MUCH_WORK
    except (UnidentifiedImageError, OSError):
        return NO_IMAGE
    except (ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError):
        return NO_IMAGE  # Pillow's decoders raise these for hostile files
    sys.stdout.buffer.write(b"%d %d\n" % (width, height) + webp)
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
