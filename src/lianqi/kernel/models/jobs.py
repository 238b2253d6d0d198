"""State of the periodic jobs and of the workers that run them."""

from django.db import models


class JobState(models.Model):
    """When a job is due next, who has it, and how its last run went."""

    name = models.CharField("任务", max_length=80, primary_key=True)
    due_at = models.DateTimeField("下次执行")
    leased_until = models.DateTimeField("占用至", null=True)
    leased_by = models.CharField("占用者", max_length=120, blank=True)
    began_at = models.DateTimeField("上次开始", null=True)
    ended_at = models.DateTimeField("上次结束", null=True)
    result = models.CharField("上次结果", max_length=300, blank=True)
    error = models.TextField("上次错误", blank=True)
    # Counted when a run begins: one that takes its worker down counts too.
    failures = models.PositiveIntegerField("连续失败", default=0)
    parked_at = models.DateTimeField("停用时间", null=True)

    class Meta:
        verbose_name = "定时任务"

    def __str__(self) -> str:
        """Name the job."""
        return self.name


class WorkerBeat(models.Model):
    """A sign of life of one worker process."""

    worker = models.CharField("进程", max_length=80, primary_key=True)
    beat_at = models.DateTimeField("最近心跳")

    class Meta:
        verbose_name = "后台进程"

    def __str__(self) -> str:
        """Name the worker."""
        return self.worker
