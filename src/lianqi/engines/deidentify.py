"""What in a text tells who somebody is: numbers, codes, names; found, and covered over."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from lianqi.engines.identifiers import check_uscc

COVER = "〔已隐去〕"
KINDS = {
    "phone": "电话号码",
    "id": "身份证号",
    "uscc": "统一社会信用代码",
    "card": "银行卡号",
    "email": "电子邮箱",
    "account": "微信或QQ号",
    "plate": "车牌号",
    "name": "名称或姓名",
    "person": "对人的称呼",
}
_NUMERALS = {
    **dict(zip("〇零一二三四五六七八九", "00123456789", strict=True)),
    **dict(zip("壹贰叁肆伍陆柒捌玖幺两", "12345678912", strict=True)),
}
# What people put between digits so that a machine does not see the number; at most three of them.
_GAP = r"[\s\-.·()/_,，、—:：~*]{0,3}"
_CODE = "[0-9A-HJ-NPQRTUWXY]"
_PROVINCES = (
    "北京", "天津", "上海", "重庆", "河北", "河南", "云南", "辽宁", "黑龙江", "湖南", "安徽", "山东", "新疆", "江苏",
    "浙江", "江西", "湖北", "广西", "甘肃", "山西", "内蒙古", "陕西", "吉林", "福建", "贵州", "广东", "青海", "西藏",
    "四川", "宁夏", "海南",
)  # fmt: skip
_PLATE_HEADS = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_TITLES = (
    "先生|女士|小姐|经理|董事长|董事|厂长|老板|老师|主任|局长|科长|处长|书记|师傅|会计|总监|律师|所长|"
    "总(?![体量额计共结数部局站线价裁监装包务])"
)


def _digits(count: int | str) -> str:
    """A run of that many digits with gaps between them."""
    return rf"[0-9](?:{_GAP}[0-9]){{{count}}}"


_NUMBERS = {
    "id": re.compile(rf"(?<![0-9A-Z]){_digits(16)}{_GAP}[0-9X](?![0-9A-Z])"),
    "old_id": re.compile(rf"(?<![0-9]){_digits(14)}(?![0-9])"),
    "card": re.compile(rf"(?<![0-9]){_digits('12,18')}(?![0-9])"),
    "phone": re.compile(
        rf"(?<![0-9])(?:(?:\+|00)?86{_GAP})?1{_GAP}[3-9](?:{_GAP}[0-9]){{9}}(?![0-9])"
        rf"|(?<![0-9])0[1-9][0-9]{{1,2}}{_GAP}[2-9](?:{_GAP}[0-9]){{6,7}}(?![0-9])"
        rf"|(?<![0-9])[48]00{_GAP}[0-9]{{3,4}}{_GAP}[0-9]{{3,4}}(?![0-9])"
        r"|(?<![0-9])1[3-9][0-9]\*{3,5}[0-9]{4}(?![0-9])"
    ),
}
_USCC = re.compile(
    rf"(?<![0-9A-Z]){_CODE}{_GAP}{_CODE}(?:{_GAP}[0-9]){{6}}(?:{_GAP}{_CODE}){{10}}(?![0-9A-Z])"
)
_WRITTEN = {
    "email": re.compile(
        r"[A-Z0-9._%+-]+\s?(?:@|\[AT\]|\(AT\))\s?[A-Z0-9-]+(?:\s?\.\s?[A-Z0-9-]+)+"
    ),
    "account": re.compile(
        r"(?:微信|威信|薇信|QQ|VX|WECHAT)号?码?\s?[:：为是]?\s?[A-Z0-9][A-Z0-9_-]{4,}"
    ),
    "plate": re.compile(rf"[{_PLATE_HEADS}][A-HJ-NP-Z][·.\s-]?[A-HJ-NP-Z0-9]{{5,6}}(?![A-Z0-9])"),
}
_PERSON = re.compile(rf"[{_SURNAMES}](?!某)[\u4e00-\u9fff]{{0,2}}?(?:{_TITLES})")
_LEGAL_FORMS = (
    "有限责任公司", "股份有限公司", "集团有限公司", "有限公司", "股份公司", "分公司", "公司", "集团",
    "专业合作社", "合作社", "经营部", "门市部", "服务部", "事务所", "工作室", "商行", "工厂", "厂", "店", "中心",
)  # fmt: skip
_TRADES = (
    "科技", "技术", "机械", "精工", "制造", "实业", "商贸", "贸易", "电子", "电气", "电器", "材料", "新材料", "化工",
    "医药", "生物", "食品", "餐饮", "物流", "运输", "建筑", "工程", "装饰", "软件", "信息", "网络", "咨询", "管理",
    "服务", "投资", "发展", "能源", "环保", "设备", "仪器", "汽车", "农业", "文化", "传媒", "教育", "智能", "精密",
    "冷链", "仓储", "纺织", "服饰", "包装", "印刷", "家具", "五金", "塑业", "橡塑", "动力", "重工", "铸造", "企业",
)  # fmt: skip
SHORTEST_NAME = 2


@dataclass(frozen=True)
class Hit:
    """One place that tells who somebody is: its kind (a key of KINDS), where, and how it is written."""

    kind: str
    start: int
    end: int
    text: str

    @property
    def label(self) -> str:
        """The kind in words."""
        return KINDS[self.kind]


@dataclass(frozen=True)
class _Folded:
    """A text as a machine reads it, and for each of its characters the place it came from."""

    text: str
    places: Sequence[int]

    def hit(self, kind: str, start: int, end: int, source: str) -> Hit:
        """Return the hit in the text as it was written."""
        first, last = self.places[start], self.places[end - 1] + 1
        return Hit(kind, first, last, source[first:last])


def find(text: str, *, names: Iterable[str] = (), people: bool = True) -> list[Hit]:
    """Return what tells who somebody is, in order; what overlaps is one hit, named after its longest part.

    Full-width forms, Chinese numerals, blanks, hyphens and invisible characters between the parts hide
    nothing. ``names`` are names of firms and people to look for; ``people`` also looks for forms of
    address such as 张总.
    """
    hits = [*_found_numbers(text), *_found_written(text), *_found_names(text, names)]
    if people:
        read = _fold(text)
        hits += [read.hit("person", m.start(), m.end(), text) for m in _PERSON.finditer(read.text)]
    return _joined(hits, text)


def cover(text: str, *, names: Iterable[str] = ()) -> str:
    """Return the text with numbers, codes and the given names covered over."""
    hits = find(text, names=names, people=False)
    edges = [0, *(edge for hit in hits for edge in (hit.start, hit.end)), len(text)]
    kept = [text[begin:end] for begin, end in list(pairwise(edges))[::2]]
    return COVER.join(kept)


def firm_names(name: str, *, regions: Iterable[str] = ()) -> list[str]:
    """Return the ways in which a firm's name is usually written, the longest first.

    Without its legal form, without the place in front, without its trade: 新乡市星河精工科技有限公司 is also
    星河精工科技, 星河精工 and 星河. ``regions`` are the names of the places around.
    """
    plain = _compact(name).text
    bare = _without_ending(plain, _LEGAL_FORMS)
    heads = sorted({*regions, *_PROVINCES}, key=len, reverse=True)
    core = _without_place(bare, heads)
    found = {plain, bare, core}
    brand = core
    while (shorter := _without_ending(brand, _TRADES)) != brand:
        brand = shorter
        found.add(brand)
    names = (name for name in found if len(name) >= SHORTEST_NAME)
    return sorted(names, key=lambda name: (-len(name), name))


def addressed_names(name: str) -> list[str]:
    """Return a person's name, and the surname with the titles people are addressed by."""
    plain = _compact(name).text
    if len(plain) < SHORTEST_NAME:
        return []
    titles = ("总", "先生", "女士", "经理", "老板", "董", "厂长", "主任", "会计", "工")
    return [plain, *(f"{plain[0]}{title}" for title in titles)]


# --- reading past disguises


def _fold(text: str, *, numerals: bool = False) -> _Folded:
    """Fold full-width forms, case and, if asked, Chinese numerals; drop what cannot be seen."""
    kept: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for plain in unicodedata.normalize("NFKC", character).upper():
            if unicodedata.category(plain) in ("Cf", "Mn"):
                continue
            kept.append(_NUMERALS.get(plain, plain) if numerals else plain)
            places.append(place)
    return _Folded("".join(kept), places)


def _compact(text: str) -> _Folded:
    """Fold, and keep letters, digits and characters only."""
    read = _fold(text)
    pairs = [(c, p) for c, p in zip(read.text, read.places, strict=True) if c.isalnum()]
    return _Folded("".join(c for c, _ in pairs), [p for _, p in pairs])


# --- kinds


def _found_numbers(text: str) -> list[Hit]:
    read = _fold(text, numerals=True)
    hits = [
        read.hit(kind, match.start(), match.end(), text)
        for kind, pattern in (("uscc", _USCC), *_NUMBERS.items())
        for match in pattern.finditer(read.text)
        if _CHECKS[kind](re.sub(r"[^0-9A-Z*]", "", match[0]))
    ]
    return [Hit("id", h.start, h.end, h.text) if h.kind == "old_id" else h for h in hits]


def _found_written(text: str) -> list[Hit]:
    read = _fold(text)
    return [
        read.hit(kind, match.start(), match.end(), text)
        for kind, pattern in _WRITTEN.items()
        for match in pattern.finditer(read.text)
    ]


def _found_names(text: str, names: Iterable[str]) -> list[Hit]:
    read = _compact(text)
    hits = []
    for name in {_compact(name).text for name in names}:
        if len(name) < SHORTEST_NAME:
            continue
        start = read.text.find(name)
        while start >= 0:
            hits.append(read.hit("name", start, start + len(name), text))
            start = read.text.find(name, start + 1)
    return hits


def _is_uscc(code: str) -> bool:
    try:
        check_uscc(code)
    except ValueError:
        # Mistyped, but made like a firm's code: still a way to the firm.
        return code.startswith(("91", "92", "93"))
    return True


def _is_id(number: str) -> bool:
    return "1" <= number[0] <= "8" and _is_day(number[6:14])


def _is_old_id(number: str) -> bool:
    return "1" <= number[0] <= "8" and _is_day(f"19{number[6:12]}")


def _is_day(digits: str) -> bool:
    year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:8])
    return 1900 <= year <= 2100 and 1 <= month <= 12 and 1 <= day <= 31


def _is_card(number: str) -> bool:
    """Luhn's check, over the lengths that bank cards have."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return len(number) >= 13 and total % 10 == 0 and len(set(number)) > 2


_CHECKS = {
    "uscc": _is_uscc,
    "id": _is_id,
    "old_id": _is_old_id,
    "card": _is_card,
    "phone": lambda number: True,
}


def _joined(hits: Iterable[Hit], text: str) -> list[Hit]:
    """Join what overlaps into one place, named after its longest part."""
    groups: list[list[Hit]] = []
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if groups and hit.start < max(one.end for one in groups[-1]):
            groups[-1].append(hit)
        else:
            groups.append([hit])
    joined = []
    for group in groups:
        longest = max(group, key=lambda hit: hit.end - hit.start)
        start, end = group[0].start, max(hit.end for hit in group)
        joined.append(Hit(longest.kind, start, end, text[start:end]))
    return joined


# --- names of firms


def _without_ending(name: str, endings: Sequence[str]) -> str:
    for ending in sorted(endings, key=len, reverse=True):
        if name.endswith(ending) and len(name) - len(ending) >= SHORTEST_NAME:
            return name.removesuffix(ending)
    return name


def _without_place(name: str, heads: Sequence[str]) -> str:
    """Take off names of places, each with the word for what it is, as long as a name is left."""
    while True:
        head = next((one for one in heads if one and name.startswith(one)), "")
        rest = re.sub(r"^(?:省|市|区|县|自治区|高新区)", "", name.removeprefix(head))
        if not head or len(rest) < SHORTEST_NAME:
            return name
        name = rest
