"""What the engine says when something may not be done; each speaks Chinese to a person."""

SOMEBODY_WAS_FASTER = "别人刚刚处理过这件事，请刷新页面看最新情况后再操作。"


class Refusal(str):
    """A sentence of refusal that belongs to a field of what was handed in."""

    __slots__ = ("field",)
    field: str

    def __new__(cls, sentence: str, field: str) -> "Refusal":
        """Keep the sentence and the name of its field."""
        refusal = super().__new__(cls, sentence)
        refusal.field = field
        return refusal


class RuleBroken(Exception):
    """A rule of the business refuses the act; the message tells what to do instead."""

    status = 422
    code = "rule_broken"

    def __init__(self, message: str, *, field: str = "") -> None:
        """Keep the message and, where one is to blame, the field it belongs to."""
        super().__init__(message)
        self.message = message
        self.field = field


class CalendarMissing(RuleBroken):
    """A deadline cannot be reckoned: nobody has entered the calendar of a year that it needs."""

    code = "calendar_missing"

    def __init__(self, message: str, year: int) -> None:
        """Keep the sentence for officials, and the year that is missing."""
        super().__init__(message)
        self.year = year


class StepUnfit(RuleBroken):
    """The step does not fit the state that the matter is in."""

    status = 409
    code = "step_unfit"


class StaleState(StepUnfit):
    """Somebody else moved the matter between our reading and our writing."""

    code = "stale_state"

    def __init__(self, message: str = SOMEBODY_WAS_FASTER) -> None:
        """Say so in the usual words."""
        super().__init__(message)


class NotPermitted(RuleBroken):
    """This person may see the matter but may not take this step."""

    status = 403
    code = "not_permitted"


class KeyReused(RuleBroken):
    """An idempotency key came back with other content than the first time."""

    status = 422
    code = "key_reused"


class TooManyRequests(RuleBroken):
    """The person's budget for an act is used up until its minute, hour or day is over."""

    status = 429
    code = "too_many_requests"

    def __init__(self, most: int, seconds: int, *, retry_after: int) -> None:
        """Say how many there may be, and keep after how many seconds to come again."""
        span = {60: "每分钟", 3600: "每小时"}.get(seconds, "每天")
        minutes = -(-retry_after // 60)
        super().__init__(f"操作太频繁：{span}最多{most}次，请约{minutes}分钟后再试。")
        self.retry_after = retry_after
