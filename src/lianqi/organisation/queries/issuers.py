"""In whose name a body's office issues documents: its full name, and its word in their numbers."""

from dataclasses import dataclass

from lianqi.organisation.enums import BodyCode
from lianqi.organisation.models import Body
from lianqi.organisation.queries.region import region_now

# Behind the district's short name; the office's own 机关代字 has no source in the annexes.
_WORDS = {
    BodyCode.JC: "民联办",
    BodyCode.TF1: "帮企办",
    BodyCode.TF2: "培训办",
    BodyCode.TF3: "诉求办",
    BodyCode.TF4: "创优办",
}


@dataclass(frozen=True)
class Issuer:
    """The organ as it signs, and its word: 新乡高新区…联席会议办公室, 高新区民联办."""

    organ: str
    word: str


def issuer_of(body: Body) -> Issuer:
    """Return in whose name the office of a body issues."""
    region = region_now()
    name, short = (region.name, region.short_name) if region else ("", "")
    place = "" if body.name.startswith(name) else name
    return Issuer(f"{place}{body.name}办公室", f"{short}{_WORDS[BodyCode(body.code)]}")
