"""The read side of the shared pages: one function for each page or part of one."""
