"""What every step's form does, with its subject called what it is here: an appeal."""

from lianqi.appeals.models import Appeal
from lianqi.kernel.step_forms import SubjectStepForm


class StepForm(SubjectStepForm):
    """Input of one step on one appeal; ``act`` is the action it calls."""

    @property
    def appeal(self) -> Appeal:
        """The appeal that the step is taken on."""
        return self.subject
