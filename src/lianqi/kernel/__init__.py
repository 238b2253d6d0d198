"""What every room stands on: workflows with duties, journal, access, jobs, outbox, files, pages."""
