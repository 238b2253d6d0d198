"""诉求响应: what a firm files, who handles it by when, what it was answered, how it was rated."""
