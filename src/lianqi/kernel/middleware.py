"""Turns what the engine refuses into pages that speak to the person."""


def page_errors(get_response):
    """Answer refusals that no view caught."""

    def middleware(request):
        return get_response(request)

    return middleware
