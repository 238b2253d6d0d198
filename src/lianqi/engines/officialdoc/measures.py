"""The measures of GB/T 9704-2012, each with its clause; nothing else in this engine has numbers."""

from docx.shared import Mm, Pt

# 5.1, 5.2.1: A4; 天头 37 mm, 订口 28 mm, type area 156 mm × 225 mm.
PAGE_WIDTH, PAGE_HEIGHT = Mm(210), Mm(297)
TOP, LEFT, RIGHT, BOTTOM = Mm(37), Mm(28), Mm(26), Mm(35)
AREA_WIDTH, AREA_HEIGHT = Mm(156), Mm(225)

# 5.2.2, 5.2.3: size 3 (16 pt), 22 lines of 28 characters that fill the type area.
BODY = Pt(16)
LINES, CHARACTERS = 22, 28
LINE_TWIPS = 579  # 28.95 pt: 22 of them are 225 mm less a hair, so that no 23rd is squeezed out
LINE = Pt(28.95)
SPACING_TWIPS = -5  # 28 characters of 16 pt are 448 pt; the area is 442 pt wide

# 7.2: head.
HEAD_ABOVE_MARK = 35  # mm from the type area's top to the mark's upper edge (7.2.4)
HEAD_LINES = 3  # 份号, 密级, 紧急程度 (7.2.1 to 7.2.3); empty ones keep their place
LARGEST_MARK, SMALLEST_MARK = 60, 36  # pt; 7.2.4 asks for 醒目、美观、庄重 without a number
RULE_BELOW_NUMBER = 11  # pt, 4 mm (7.2.7)
RED = "FF0000"
BLACK = "000000"

# 7.3 and 7.4.
TITLE = Pt(22)  # size 2 (7.3.1)
TITLE_CHARACTERS = 20
SMALL = Pt(14)  # size 4: 抄送, 印发机关, page number (7.4, 7.5)
SEAL_INDENT = 4  # characters from the right margin to the date under a seal (7.3.5.1)
PLAIN_INDENT = 2  # without a seal (7.3.5.2)
RULE_OUTER, RULE_INNER = 8, 6  # eighths of a point: 0.35 mm and 0.25 mm (7.4.1)

# 7.5: page number 7 mm below the type area.
FOOTER = Mm(23)

# 10.1: letter.
LETTER_MARK_TOP = Mm(30)
LETTER_RULE_BOTTOM = Mm(20)
LETTER_RULE_OVERHANG = Mm(7)  # 170 mm against the type area's 156 mm

SONG_MARK = "方正小标宋简体"
SONG = "宋体"
FANGSONG = "仿宋_GB2312"
HEI = "黑体"
KAI = "楷体_GB2312"
LATIN = "Times New Roman"

# Other names under which the same faces are installed.
FACES = {
    "仿宋": {"仿宋", "仿宋_GB2312", "FangSong", "FangSong_GB2312", "华文仿宋", "STFangsong",
             "方正仿宋_GBK", "方正仿宋简体"},
    "黑体": {"黑体", "SimHei", "华文黑体", "STHeiti", "方正黑体_GBK", "方正黑体简体"},
    "楷体": {"楷体", "楷体_GB2312", "KaiTi", "KaiTi_GB2312", "华文楷体", "STKaiti",
             "方正楷体_GBK", "方正楷体简体"},
    "小标宋": {"方正小标宋简体", "方正小标宋_GBK", "小标宋", "小标宋体", "华文中宋", "STZhongsong",
             "FZXiaoBiaoSong-B05S"},
    "宋体": {"宋体", "SimSun", "新宋体", "NSimSun", "华文宋体", "STSong"},
}  # fmt: skip
