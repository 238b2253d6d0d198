"""A .docx as an archive: written without the moment of writing, and compared by what it holds."""

import io
import zipfile

_NO_MOMENT = (1980, 1, 1, 0, 0, 0)


def without_moment(content: bytes) -> bytes:
    """Return the same archive with fixed times, so that the same document is the same file."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out,
    ):
        for name in source.namelist():
            member = zipfile.ZipInfo(name, _NO_MOMENT)
            member.compress_type, member.create_system = zipfile.ZIP_DEFLATED, 0
            out.writestr(member, source.read(name))
    return target.getvalue()


def same_content(one: bytes, other: bytes) -> bool:
    """Whether two archives hold the same parts; how they are packed does not matter."""
    try:
        return _parts(one) == _parts(other)
    except zipfile.BadZipFile:
        return False


def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
