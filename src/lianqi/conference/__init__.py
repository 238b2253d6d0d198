"""联席会议: topics, meetings, minutes, resolutions, field studies."""
