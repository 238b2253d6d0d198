"""Plays the scenes as their roles would have: each step at its own moment."""

from datetime import datetime, timedelta
from typing import Any

from lianqi.appeals import actions
from lianqi.appeals.models import Appeal
from lianqi.appeals.workflow import APPEAL
from lianqi.demo.scenes import OFFICE, Scene
from lianqi.enterprises.models import Enterprise
from lianqi.kernel.clock import local, now, told_at
from lianqi.kernel.workdays import calendar
from lianqi.organisation.enums import Post
from lianqi.organisation.models import Appointment, Unit, User


class Stage:
    """Plays scenes, moving the clock in working hours and never past the present."""

    def __init__(self, firms: list[Enterprise]) -> None:
        """Know the firms and where the present is."""
        self.firms = firms
        self.present = now()

    def play(self, scene: Scene) -> Appeal:
        """Enter one appeal and its story."""
        firm = self.firms[scene.firm]
        clerk = User.objects.get(username=OFFICE)
        member = firm.memberships.select_related("user").first()
        moment = self._start(scene.days_ago)
        with told_at(moment):
            appeal = actions.submit_appeal(
                firm,
                actor=member.user if member and scene.channel == "web" else clerk,
                kind=scene.kind,
                title=scene.title,
                content=scene.content,
                contact_name="联系人某",
                contact_phone="13800138000",
                channel=scene.channel if member or scene.channel != "web" else "window",
                urgent=scene.urgent,
                sealed=scene.sealed,
            )
        for hours, step, who, given in scene.story:
            moment = self._later(moment, hours)
            with told_at(moment):
                self._take(appeal, step, who, dict(given))
        return appeal

    def _start(self, days_ago: int) -> datetime:
        days = calendar()
        if days_ago == 0:
            return self.present - timedelta(minutes=40)
        day = days.add_working_days(local(self.present).date(), -days_ago)
        return days.start_of_day(day) + timedelta(minutes=35)

    def _later(self, moment: datetime, hours: float) -> datetime:
        later = calendar().add_working_minutes(moment, int(hours * 60))
        return min(later, self.present - timedelta(seconds=1))

    def _take(self, appeal: Appeal, step: str, who: str, given: dict[str, Any]) -> None:
        if "promises_in" in given:
            today = local(self.present).date()
            given["promises"] = [
                {"text": text, "on": today + timedelta(days=days)}
                for text, days in given.pop("promises_in")
            ]
        for name in ("lead_unit",):
            if name in given:
                given[name] = Unit.objects.get(code=given[name])
        if "co_units" in given:
            given["co_units"] = list(Unit.objects.filter(code__in=given["co_units"]))
        ACTS[step](appeal, actor=self._actor(appeal, who), **given)

    def _actor(self, appeal: Appeal, who: str) -> User:
        if who == "firm":
            member = appeal.enterprise.memberships.select_related("user").first()
            if member:
                return member.user
            raise LookupError(f"{appeal.enterprise} has no account to rate with")
        posts = {"lead": Post.LIAISON, "leader": Post.LEADER, "co": Post.LIAISON}
        if who not in posts:
            return User.objects.get(username=who)
        unit_id = min(appeal.co_unit_ids) if who == "co" else appeal.lead_unit_id or 0
        held = Appointment.objects.in_force().get(unit_id=unit_id, body=None, post=posts[who])
        return held.user


ACTS: dict[str, Any] = {
    "accept": actions.accept_appeal,
    "decline": actions.decline_appeal,
    "request_supplement": actions.request_supplement,
    "dispatch": actions.dispatch_appeal,
    "answer_directly": actions.answer_directly,
    "sign": actions.sign_order,
    "return_order": actions.return_order,
    "rule_return": actions.rule_return,
    "record_contact": actions.record_contact,
    "report_stage": actions.report_stage,
    "submit_opinion": actions.submit_opinion,
    "request_extension": actions.request_extension,
    "decide_extension": actions.decide_extension,
    "request_closing": actions.request_closing,
    "sign_closing": actions.sign_closing,
    "approve_closing": actions.approve_closing,
    "supplement": actions.supplement_appeal,
    "rate": actions.rate_appeal,
    "nudge": actions.nudge_appeal,
    "callback": actions.call_back,
    "reopen": actions.reopen_appeal,
    "redo": actions.redo_appeal,
    "recheck_promise": actions.recheck_promise,
    "close": actions.close_appeal,
}


def play_all(firms: list[Enterprise], scenes: list[Scene]) -> int:
    """Enter all scenes, oldest first, so that numbers run with time."""
    stage = Stage(firms)
    for scene in sorted(scenes, key=lambda scene: -scene.days_ago):
        appeal = stage.play(scene)
        if appeal.state not in APPEAL.states:
            raise LookupError(appeal.state)
    return len(scenes)
