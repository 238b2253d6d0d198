"""allauth's pages with our words: labels in Chinese, refusals as 422."""

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.account.views import LoginView, PasswordChangeView, ReauthenticateView
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as CodeAgainForm
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.base.views import ReauthenticateView as CodeAgainView
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.views import ActivateTOTPView
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _


def _speak(form: Any, **labels: Any) -> None:
    """Name the fields in our words; a placeholder that repeats the label only confuses."""
    for name, label in labels.items():
        form.fields[name].label = label
        form.fields[name].widget.attrs.pop("placeholder", None)


class SignInForm(LoginForm):
    """Username and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Name the fields."""
        super().__init__(*args, **kwargs)
        _speak(self, login=_("用户名"), password=_("密码"))
        self.fields["password"].help_text = ""


class NewPasswordForm(ChangePasswordForm):
    """The present password and twice the new one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Name the fields."""
        super().__init__(*args, **kwargs)
        _speak(
            self, oldpassword=_("当前密码"), password1=_("新密码"), password2=_("再输一遍新密码")
        )
        self.fields["oldpassword"].help_text = ""


class PasswordAgainForm(ReauthenticateForm):
    """The password once more, before something sensitive."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Name the field."""
        super().__init__(*args, **kwargs)
        _speak(self, password=_("密码"))
        self.fields["password"].help_text = ""


class CodeForm(AuthenticateForm):
    """The code of the second factor."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Name the field."""
        super().__init__(*args, **kwargs)
        _speak(self, code=_("验证码"))


class CodeConfirmForm(CodeAgainForm):
    """The code once more, before something sensitive."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Name the field."""
        super().__init__(*args, **kwargs)
        _speak(self, code=_("验证码"))


class BindForm(ActivateTOTPForm):
    """The first code of a newly bound authenticator."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Name the field."""
        super().__init__(*args, **kwargs)
        _speak(self, code=_("6位数字"))


class Refusing:
    """Answers a wrong form with 422, as all our pages do."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the form again."""
        response = super().form_invalid(form)  # type: ignore[misc]
        response.status_code = 422
        return response


class SignIn(Refusing, LoginView):
    """Signing in."""

    form_class = SignInForm


class ChangePassword(Refusing, PasswordChangeView):
    """Changing one's own password."""

    form_class = NewPasswordForm


class PasswordAgain(Refusing, ReauthenticateView):
    """Asking for the password again."""

    form_class = PasswordAgainForm


class SecondFactor(AuthenticateView):
    """The second step of signing in."""

    form_class = CodeForm

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the form again, as a refusal."""
        response = super().form_invalid(form)
        response.status_code = 422
        return response


class CodeAgain(Refusing, CodeAgainView):
    """Asking for the code again."""

    form_class = CodeConfirmForm


class BindAuthenticator(Refusing, ActivateTOTPView):
    """Binding an authenticator."""

    form_class = BindForm
