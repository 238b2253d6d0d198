"""Appeals brought to the states that the entrepreneurs' pages are tested in."""

from dataclasses import dataclass, field

from lianqi.appeals import actions
from lianqi.appeals.models import Appeal
from lianqi.kernel.uploads import CleanFile
from lianqi.organisation.enums import Post
from lianqi.organisation.models import Unit, User
from tests.factories import UnitFactory, entrepreneur, file_appeal, office_clerk, person


@dataclass
class Scene:
    """A firm's appeal and the people who handle it."""

    firm: User = field(default_factory=entrepreneur)
    office: User = field(default_factory=lambda: office_clerk(full_name="钱科员"))
    unit: Unit = field(default_factory=lambda: UnitFactory(name="供电保障局"))

    def __post_init__(self) -> None:
        """Seat the unit's people and file the appeal."""
        self.liaison = person(Post.LIAISON, unit=self.unit, full_name="孙联络")
        self.leader = person(Post.LEADER, unit=self.unit, full_name="李分管")
        self.appeal: Appeal = file_appeal(self.firm)

    def accepted(self) -> "Scene":
        """Let the office take it on."""
        actions.accept_appeal(self.appeal, actor=self.office)
        return self

    def handled(self, note: str = "") -> "Scene":
        """Let the unit have it."""
        self.accepted()
        actions.dispatch_appeal(self.appeal, actor=self.office, lead_unit=self.unit, note=note)
        actions.sign_order(self.appeal, actor=self.liaison)
        return self

    def drafted(self, files: tuple[CleanFile, ...] = ()) -> "Scene":
        """Let the unit put an answer before its leader."""
        self.handled()
        self.draft("变压器已更换。", files)
        return self

    def draft(self, reply: str, files: tuple[CleanFile, ...] = ()) -> None:
        """Put an answer before the leader."""
        actions.request_closing(
            self.appeal, actor=self.liaison, outcome="solved", reply=reply, files=files
        )

    def sign(self) -> None:
        """Let leader and office let the answer go out."""
        actions.sign_closing(self.appeal, actor=self.leader)
        actions.approve_closing(self.appeal, actor=self.office)

    def answered(self, files: tuple[CleanFile, ...] = ()) -> "Scene":
        """Let the answer go out."""
        self.drafted(files)
        self.sign()
        return self

    def redone(self) -> "Scene":
        """Let the firm be dissatisfied and the unit begin again."""
        self.answered()
        actions.rate_appeal(self.appeal, actor=self.firm, level=1)
        actions.redo_appeal(self.appeal, actor=self.office, note="重办密令")
        return self
