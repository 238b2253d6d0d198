"""Pictures: refused if huge, animated or broken; otherwise drawn anew without any metadata."""

import io
import struct

from PIL import Image, ImageOps

from lianqi.kernel.uploads.rules import Checked, UploadRefused

LONGEST_SIDE = 4096
# A telephone's 50-megapixel JPEG is decoded at half scale; the others can only be decoded whole.
MOST_PIXELS = {"jpeg": 51_000_000, "png": 25_000_000, "webp": 25_000_000}
_DECODE_HALF_ABOVE = 25_000_000
_MODES = {"1", "L", "RGB", "RGBA", "I;16"}
_SAVING: dict[str, dict[str, object]] = {
    "jpeg": {"format": "JPEG", "quality": 88, "optimize": True},
    "png": {"format": "PNG", "compress_level": 6},
    "webp": {"format": "WEBP", "quality": 88, "method": 3},
}


def check_picture(data: bytes, kind: str) -> Checked:
    """Re-encode the picture upright, at most 4096 pixels a side, without EXIF or appended data.

    Raises:
        UploadRefused: pixels, animated, damaged.
    """
    try:
        return _drawn_anew(data, kind)
    except UploadRefused:
        raise
    except Image.DecompressionBombError:
        raise _too_many_pixels(kind) from None
    except Exception:  # noqa: BLE001 decoders raise many types on hostile bytes; all mean damaged
        raise UploadRefused(
            "damaged", "图片已损坏或不完整，无法打开，请重新拍摄或重新导出后再上传。"
        ) from None


def _drawn_anew(data: bytes, kind: str) -> Checked:
    with Image.open(io.BytesIO(data), formats=[kind.upper()]) as image:
        width, height = image.size
        if width * height > MOST_PIXELS[kind]:
            raise _too_many_pixels(kind)
        # A telephone's JPEG may carry a second picture (depth, HDR); the first is the photograph.
        if kind != "jpeg" and getattr(image, "is_animated", False):
            raise UploadRefused("animated", "不收动态图片，请另存为静态的 JPG 或 PNG 后再上传。")
        if width * height > _DECODE_HALF_ABOVE:
            image.draft(None, (LONGEST_SIDE // 2, LONGEST_SIDE // 2))
        image.load()
        small = _plain_mode(image, kind)
        small.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        notes = _notes((width, height), small.size)
        upright = _upright(small)
    upright.info = {}
    out = io.BytesIO()
    upright.save(out, **_SAVING[kind])  # type: ignore[arg-type]  # one table for three formats
    return Checked(out.getvalue(), notes=notes)


def _upright(image: Image.Image) -> Image.Image:
    """Apply the EXIF orientation; a picture with broken EXIF stays as it lies."""
    try:
        return ImageOps.exif_transpose(image)
    except (ValueError, TypeError, KeyError, SyntaxError, OSError, struct.error):
        return image.copy()


def _plain_mode(image: Image.Image, kind: str) -> Image.Image:
    if kind == "jpeg":
        return image if image.mode == "L" else image.convert("RGB")
    if "transparency" in image.info:
        return image.convert("RGBA")
    if image.mode in _MODES:
        return image
    return image.convert("RGBA" if "A" in image.mode or "a" in image.mode else "RGB")


def _notes(before: tuple[int, int], after: tuple[int, int]) -> tuple[str, ...]:
    notes = ["图片已重新编码，拍摄地点等附加信息已去除。"]
    if before != after:
        notes.append(f"图片已由 {before[0]}×{before[1]} 缩小为 {after[0]}×{after[1]} 像素。")
    return tuple(notes)


def _too_many_pixels(kind: str) -> UploadRefused:
    most = MOST_PIXELS[kind] // 1_000_000
    return UploadRefused("pixels", f"图片超过 {most} 百万像素，请缩小尺寸后再上传。")
