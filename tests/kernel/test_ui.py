import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace as Thing

import pytest
from django import forms
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import strip_tags

from lianqi.kernel.forms import FACES, DayField
from lianqi.kernel.templatetags.ui import CLOCK_ICONS, LIGHTS

ROOT = Path(__file__).resolve().parents[2]
ICON_NAMED = re.compile(r"""(?:icon=|{% icon )["']([a-z0-9-]+)["']""")
AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)  # 17:30 in Shanghai


def render(source, **context):
    return Template(source).render(Context(context)).strip()


def words(source, **context):
    return " ".join(strip_tags(render(source, **context)).split())


def use(name):
    return (
        '<svg class="icon" aria-hidden="true" focusable="false">'
        f'<use href="/static/build/icons.svg#{name}"></use></svg>'
    )


class ReplyForm(forms.Form):
    title = forms.CharField(label="标题", help_text="一句话")
    way = forms.ChoiceField(label="方式", widget=forms.RadioSelect, choices=[("a", "电话")])
    agree = forms.BooleanField(label="属实")
    key = forms.CharField(widget=forms.HiddenInput, required=False)


class DayForm(forms.Form):
    day = DayField(label="日期")


def test_an_unknown_argument_is_refused_when_the_template_is_compiled():
    with pytest.raises(TemplateSyntaxError, match="unexpected keyword argument 'colour'"):
        Template("{% badge '新' colour='red' %}")
    with pytest.raises(TemplateSyntaxError, match="unexpected keyword argument 'heading'"):
        Template("{% panel heading='x' %}{% endpanel %}")
    with pytest.raises(TemplateSyntaxError, match="unexpected keyword argument 'pages'"):
        Template("{% pager pages=p %}")


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("{% badge '新' 'pink' %}", "tone='pink' is unknown. Accepted: amber, blue, green"),
        ("{% light 'yellow' %}", "light='yellow' is unknown."),
        ("{% button '好' kind='big' %}", "kind='big' is unknown."),
        ("{% button '好' type='image' %}", "type='image' is unknown."),
        ("{% stat '数' 1 tone='pink' %}", "tone='pink' is unknown."),
    ],
)
def test_an_unknown_value_is_refused_with_the_accepted_ones(source, complaint):
    with pytest.raises(TemplateSyntaxError, match=complaint):
        render(source)


def test_a_badge_escapes_its_text():
    assert render("{% badge text 'blue' %}", text="<b>") == (
        '<span class="badge badge-blue">&lt;b&gt;</span>'
    )


@pytest.mark.parametrize(
    ("colour", "word"),
    [
        ("green", "正常"),
        ("amber", "临期"),
        ("red", "逾期"),
        ("blue", "持续"),
        ("grey", "未到期"),
    ],
)
def test_a_light_says_its_colour_as_class_shape_and_word(colour, word):
    shape = LIGHTS[colour][1]

    assert render("{% light colour %}", colour=colour) == (
        f'<span class="light light-{colour}">{use(shape)}{word}</span>'
    )


def test_a_duty_brings_its_own_light_and_may_bring_its_own_word():
    paused = Thing(light="grey", light_word="暂停计时")

    assert words("{% light a %} {% light b %}", a=Thing(light="red"), b=paused) == "逾期 暂停计时"


def test_a_panel_holds_markup_and_the_actions_kept_for_it():
    source = (
        '{% link_button "全部" url="/all" as more %}'
        '{% panel title="过程" actions=more id="p" %}<p>内容</p>{% endpanel %}'
    )

    assert render(source) == (
        '<section class="panel" id="p"><div class="panel-head"><h2 tabindex="-1">过程</h2>'
        '<div class="cluster"><a class="btn btn-secondary" href="/all">全部</a>\n</div></div>'
        '<div class="panel-body"><p>内容</p></div></section>'
    )


def test_a_page_heading_shows_number_name_light_and_state():
    source = (
        '{% page_heading title="道路" number="SQ-1" subtitle="甲" state="待答复" light="red" %}'
    )

    assert words(source) == "SQ-1道路逾期待答复 甲"


def test_breadcrumbs_mark_the_last_one_as_this_page():
    items = [Thing(label="诉求", url="/a"), Thing(label="SQ-1", url="")]

    assert render("{% breadcrumbs items %}", items=items).endswith(
        '<li><a href="/a">诉求</a></li><li><span aria-current="page">SQ-1</span></li></ol></nav>'
    )


def test_tabs_mark_the_active_one_and_show_a_count_of_zero():
    items = [Thing(label="在办", url="/a", active=True, count=0), Thing(label="全部", url="/b")]

    assert render("{% tabs items %}", items=items) == (
        '<nav class="tabs" aria-label="视图"><ul>'
        '<li><a href="/a" aria-current="page">在办<span class="count">0</span></a></li>'
        '<li><a href="/b">全部</a></li></ul></nav>'
    )


def test_a_dialog_folds_without_script():
    assert render('{% dialog label="更多" %}<p>x</p>{% enddialog %}') == (
        '<details class="dialog"><summary class="btn btn-secondary">更多</summary>'
        '<div class="dialog-body"><p>x</p></div></details>'
    )


def test_a_step_button_is_a_real_link_that_htmx_opens_in_the_panel():
    steps = [Thing(key="return", label="退单", url="/r", tone="danger")]

    assert render("{% step_buttons steps %}", steps=steps) == (
        '<div class="steps" role="group" aria-label="可办理的步骤">'
        '<a class="btn btn-danger" href="/r" hx-get="/r" hx-target="#step-panel"'
        ' hx-swap="innerHTML" hx-push-url="false" data-step="return">退单</a></div>'
    )


def test_no_steps_leave_no_empty_group():
    assert render("{% step_buttons steps %}", steps=[]) == ""


def test_a_pager_offers_only_the_pages_there_are():
    page = Thing(count_text="共 3 条", previous_url="", next_url="/n?after=3")

    assert words("{% pager page %}", page=page) == "共 3 条下一页"


def test_a_field_ties_label_help_and_error_to_its_input():
    form = ReplyForm({"title": ""})

    assert render("{% field form.title %}", form=form).replace("\n", "") == (
        '<div class="field field-wrong"><label class="field-label" for="id_title">标题'
        '<span class="field-required">（必填）</span></label>'
        '<div class="field-errors" id="id_title_error">'
        f'<p class="field-error">{use("alert-triangle")}这个字段是必填项。</p></div>'
        '<input type="text" name="title" required aria-invalid="true"'
        ' aria-describedby="id_title_helptext id_title_error" id="id_title">'
        '<div class="field-help" id="id_title_helptext">一句话</div></div>'
    )


def test_the_errors_on_top_link_to_the_first_input_of_each_field():
    form = ReplyForm({"title": "道路"})
    form.add_error(None, "别人刚刚处理过。")

    assert render("{% form_errors form %}", form=form) == (
        '<div class="errors" role="alert"><h2>有内容需要改正</h2><ul><li>别人刚刚处理过。</li>'
        '<li><a href="#id_way_0">方式：这个字段是必填项。</a></li>'
        '<li><a href="#id_agree">属实：这个字段是必填项。</a></li></ul></div>'
    )


def test_a_form_without_errors_says_nothing_on_top():
    assert render("{% form_errors form %}", form=ReplyForm()) == ""


def test_a_form_prints_itself_with_its_hidden_fields():
    assert str(ReplyForm()).count('type="hidden" name="key"') == 1


def test_a_post_form_works_with_and_without_htmx():
    source = '{% post_form form=form url="/go" label="提交" cancel_url="/back" draft="reply" %}'

    opening = render(source, form=ReplyForm()).partition(">")[0]

    assert opening == (
        '<form class="form-column" method="post" action="/go" hx-post="/go"'
        ' hx-target="#step-panel" hx-swap="innerHTML" data-draft="reply" novalidate'
    )


def test_a_post_form_without_target_leaves_htmx_out():
    source = '{% post_form form=form url="/go" label="提交" target="" %}'

    assert render(source, form=ReplyForm()).partition(">")[0] == (
        '<form class="form-column" method="post" action="/go" novalidate'
    )


def test_a_filter_line_is_a_get_form_that_refreshes_the_rows():
    opening = render('{% filters form=form url="/list" %}', form=DayForm()).partition(">")[0]

    assert opening == (
        '<form class="filters" method="get" action="/list" role="search"'
        ' aria-label="筛选这张表" hx-get="/list" hx-target="#rows" hx-swap="outerHTML"'
        ' hx-trigger="input changed delay:300ms, change, submit" hx-push-url="true"'
    )


def test_a_button_keeps_its_name_and_value():
    assert render('{% button "同意" name="vote" value="yes" %}') == (
        '<button type="submit" class="btn btn-primary" name="vote" value="yes">同意</button>'
    )


def test_a_due_date_shows_light_moment_and_what_is_left():
    duty = Thing(light="amber", due_at=AT, remaining_text="剩 3 工作时")

    assert words("{% due_date duty %}", duty=duty) == "临期2026年11月23日 17:30剩 3 工作时"


def test_a_clock_is_explained_from_lines_and_from_stored_dicts():
    lines = [{"kind": "start", "text": "起算"}, Thing(kind="result", text="到期")]

    assert render("{% explained_clock lines %}", lines=lines) == (
        f'<ol class="clock"><li class="clock-start">{use("player-play")}<span>起算</span></li>'
        f'<li class="clock-result">{use("flag")}<span>到期</span></li></ol>'
    )


def test_a_timeline_entry_shows_who_did_what_when_with_its_files():
    file = Thing(url="/f", name="照片.jpg", size_text="1.2 MB")
    entry = Thing(
        at=AT, label="受理", actor_label="甲", text="好", attachments=[file], tone="green"
    )

    assert words("{% timeline entries %}", entries=[entry]) == (
        "受理甲2026年11月23日 17:30好照片.jpg1.2 MB"
    )


def test_a_progress_line_says_in_words_what_is_done():
    stages = [Thing(label="提交", status="done", at=AT), Thing(label="答复", status="next")]

    assert words("{% progress_line stages %}", stages=stages) == (
        "提交（已完成）2026年11月23日 17:30答复（未开始）"
    )


def test_a_ratio_always_shows_numerator_and_denominator():
    assert words('{% ratio "按时率" 47 50 %}') == "按时率94.0%47/50"
    assert words('{% ratio "满意率" 0 0 %}') == "满意率暂无0/0"


def test_a_stat_leads_to_the_rows_behind_it():
    assert render('{% stat "逾期" 3 url="/red" tone="red" %}') == (
        '<div class="stat stat-red"><span class="stat-label">逾期</span><span class="stat-value">'
        '<a href="/red" aria-label="逾期 3">3</a></span></div>'
    )


def test_an_empty_fact_says_so_and_a_zero_does_not():
    assert words("{% description_list p %}", p=[("编号", ""), ("次数", 0)]) == "编号未填次数0"


def test_people_notices_files_and_notes_say_what_they_were_given():
    person = Thing(name="建设局", post="主办", unit="道路科", phone="138****8000")
    notice = Thing(title="已受理", text="请等候", at=AT, url="/n", is_read=False)
    clause = Thing(number="第五条", text="及时答复", source="办法")

    assert words("{% people p %}", p=[person]) == "建设局 主办道路科 · 138****8000"
    assert words("{% notice_item n %}", n=notice) == "已受理 未读2026年11月23日 17:30请等候"
    assert words("{% basis c %}", c=[clause]) == "这一步依据什么第五条 及时答复办法"
    assert words('{% empty_note "没有。" hint="歇会儿" url="/" label="首页" %}') == (
        "没有。歇会儿首页"
    )
    assert render("{% file_list f %}", f=[]) == ""


@pytest.mark.parametrize(
    ("source", "value", "shown"),
    [
        ("{{ v|day }}", date(2026, 1, 2), "2026年1月2日"),
        ("{{ v|day }}", datetime(2026, 11, 22, 16, 0, tzinfo=UTC), "2026年11月23日"),
        ("{{ v|moment }}", AT, "2026年11月23日 17:30"),
        ("{{ v|moment }}", None, ""),
        ("{{ v|wan }}", 12_500_000, "12.5 万元"),
        ("{{ v|wan }}", Decimal("12345678"), "1,234.57 万元"),
        ("{{ v|wan }}", 0, "0 万元"),
        ("{{ v|filesize_zh }}", 512, "512 字节"),
        ("{{ v|filesize_zh }}", 364_544, "356 KB"),
        ("{{ v|filesize_zh }}", 1_258_291, "1.2 MB"),
    ],
)
def test_dates_money_and_sizes_read_as_people_write_them(source, value, shown):
    assert render(source, v=value) == shown


@pytest.mark.parametrize(
    ("source", "value", "shown"),
    [
        ("{{ v|day }}", date(2026, 1, 2), "2026-01-02"),
        ("{{ v|day }}", datetime(2026, 11, 22, 16, 0, tzinfo=UTC), "2026-11-23"),
        ("{{ v|moment }}", AT, "2026-11-23 17:30"),
        ("{{ v|word }}", "签收", "Sign for"),
        ("{{ v|word }}", "没有这个词", "没有这个词"),
        ("{{ v|word }}", "", ""),
    ],
)
def test_dates_and_words_of_the_tables_read_in_english(source, value, shown):
    with translation.override("en"):
        assert render(source, v=value) == shown


def test_words_of_the_tables_stay_chinese_for_chinese_readers():
    assert render("{{ v|word }}", v="签收") == "签收"


def test_a_time_without_zone_is_not_shown():
    with pytest.raises(ValueError, match="without zone"):
        render("{{ v|moment }}", v=datetime(2026, 11, 23, 9, 30))  # noqa: DTZ001 - the fault itself


@pytest.mark.parametrize("name", ["base.html", "portal_base.html", "base_plain.html"])
def test_a_base_page_renders_with_nothing_given(name):
    html = render_to_string(name)

    assert (html.count("<main"), html.count("<style"), html.count("style=")) == (1, 0, 0)


@pytest.mark.parametrize(
    ("code", "title"),
    [
        ("400", "请求有误"),
        ("403", "不能办理这一步"),
        ("403_csrf", "页面已过期"),
        ("404", "没有找到这一页"),
        ("409", "别人刚刚处理过"),
        ("413", "文件太大"),
        ("500", "系统出了故障"),
    ],
)
def test_an_error_page_needs_no_request_and_says_what_to_do(code, title):
    html = render_to_string(f"{code}.html")

    assert (html.count(f">{title}</h1>"), html.count("data-failed>")) == (1, 1)


def test_every_icon_named_in_templates_and_code_is_built():
    built = set((ROOT / "assets/icons.txt").read_text("utf-8").split())
    named = {shape for _, shape in LIGHTS.values()} | set(CLOCK_ICONS.values()) | set(FACES)
    for ending in ("*.html", "*.py"):
        for file in (ROOT / "src/lianqi").rglob(ending):
            named |= set(ICON_NAMED.findall(file.read_text("utf-8")))

    assert named - built == set()
