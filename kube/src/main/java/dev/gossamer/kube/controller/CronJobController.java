package dev.gossamer.kube.controller;

import dev.gossamer.kube.watch.Kind;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobStatus;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobStatusBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts a job whenever a CronJob's schedule says so. Times that were missed altogether yield one job, for the last. */
final class CronJobController implements Controller {
    private static final Logger LOG = LoggerFactory.getLogger(CronJobController.class);
    private static final int DEFAULT_SUCCESSES_KEPT = 3;
    private static final int DEFAULT_FAILURES_KEPT = 1;

    private final Cluster cluster;

    CronJobController(Cluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public String name() {
        return "cronjob";
    }

    @Override
    public Collection<Request> affectedBy(Kind<?> kind, HasMetadata object) {
        if (kind.equals(Kinds.CRON_JOBS)) {
            return List.of(Request.of(object));
        }
        var owner = kind.equals(Kinds.JOBS) ? Request.ownerOf(object, "CronJob") : null;
        return owner == null ? List.of() : List.of(owner);
    }

    @Override
    public @Nullable Duration reconcile(Request request) {
        var cron = cluster.view().get(Kinds.CRON_JOBS, request.namespace(), request.name());
        if (cron == null || Objects.isBeingDeleted(cron)) {
            return null;
        }
        var jobs = cluster.view().controlledBy(Kinds.JOBS, cron);
        forgetOld(cron, jobs);
        if (Boolean.TRUE.equals(cron.getSpec().getSuspend())) {
            report(cron, jobs, null);
            return null;
        }
        CronSchedule schedule;
        ZoneId zone;
        try {
            schedule = CronSchedule.parse(cron.getSpec().getSchedule());
            zone = cron.getSpec().getTimeZone() == null
                    ? ZoneOffset.UTC
                    : ZoneId.of(cron.getSpec().getTimeZone());
        } catch (IllegalArgumentException | DateTimeException e) {
            // Nothing to retry: the user's next change brings us back.
            LOG.warn("CronJob {} never runs: {}", request, e.getMessage());
            return null;
        }
        var now = cluster.time().now();
        var due = lastDue(cron, schedule, zone, now);
        if (due != null) {
            run(cron, jobs, due);
        }
        report(cron, cluster.view().controlledBy(Kinds.JOBS, cron), due);
        var next = schedule.after(now.atZone(zone));
        return next == null ? null : Duration.between(now, next.toInstant());
    }

    /** The newest time that is due and was not served, unless it is too late for it. */
    private static @Nullable Instant lastDue(CronJob cron, CronSchedule schedule, ZoneId zone, Instant now) {
        var status = cron.getStatus();
        var since = status == null || status.getLastScheduleTime() == null
                ? Timestamps.parse(cron.getMetadata().getCreationTimestamp())
                : Timestamps.parse(status.getLastScheduleTime());
        var deadline = cron.getSpec().getStartingDeadlineSeconds();
        // A long absence is not to be walked through minute by minute.
        var earliest = now.minus(deadline == null ? Duration.ofDays(1) : Duration.ofSeconds(deadline));
        var time = schedule.after((since.isAfter(earliest) ? since : earliest).atZone(zone));
        Instant due = null;
        while (time != null && !time.toInstant().isAfter(now)) {
            due = time.toInstant();
            time = schedule.after(time);
        }
        return due;
    }

    private void run(CronJob cron, List<Job> jobs, Instant due) {
        var active = jobs.stream().filter(job -> !JobStatuses.isFinished(job)).toList();
        var policy = cron.getSpec().getConcurrencyPolicy();
        if ("Forbid".equals(policy) && !active.isEmpty()) {
            return;
        }
        if ("Replace".equals(policy)) {
            active.forEach(job -> cluster.delete(Kinds.JOBS, job));
        }
        var template = cron.getSpec().getJobTemplate();
        var metadata = template.getMetadata();
        cluster.createIfMissing(
                Kinds.JOBS,
                new JobBuilder()
                        .withNewMetadata()
                        .withNamespace(cron.getMetadata().getNamespace())
                        // The time in the name makes a second try of the same run fail instead of running it twice.
                        .withName(cron.getMetadata().getName() + "-" + due.getEpochSecond() / 60)
                        .withLabels(metadata == null ? null : metadata.getLabels())
                        .withAnnotations(metadata == null ? null : metadata.getAnnotations())
                        .addToAnnotations("batch.kubernetes.io/cronjob-scheduled-timestamp", Timestamps.format(due))
                        .withOwnerReferences(Objects.controlledBy(cron))
                        .endMetadata()
                        .withSpec(template.getSpec())
                        .build());
    }

    private void forgetOld(CronJob cron, List<Job> jobs) {
        var successes = cron.getSpec().getSuccessfulJobsHistoryLimit();
        var failures = cron.getSpec().getFailedJobsHistoryLimit();
        forget(jobs, false, successes == null ? DEFAULT_SUCCESSES_KEPT : successes);
        forget(jobs, true, failures == null ? DEFAULT_FAILURES_KEPT : failures);
    }

    private void forget(List<Job> jobs, boolean failed, int kept) {
        jobs.stream()
                .filter(job -> JobStatuses.isFinished(job)
                        && JobStatuses.isFailed(job) == failed
                        && !Objects.isBeingDeleted(job))
                .sorted(Comparator.comparing(JobStatuses::finishedAt).reversed())
                .skip(kept)
                .forEach(job -> cluster.delete(Kinds.JOBS, job));
    }

    private void report(CronJob cron, List<Job> jobs, @Nullable Instant due) {
        var before = cron.getStatus() == null ? new CronJobStatus() : cron.getStatus();
        var status = new CronJobStatusBuilder(before)
                .withActive(jobs.stream()
                        .filter(job -> !JobStatuses.isFinished(job))
                        .map(CronJobController::reference)
                        .toList());
        if (due != null) {
            status.withLastScheduleTime(Timestamps.format(due));
        }
        jobs.stream()
                .filter(job -> JobStatuses.isFinished(job) && !JobStatuses.isFailed(job))
                .map(JobStatuses::finishedAt)
                .max(Comparator.naturalOrder())
                .ifPresent(last -> status.withLastSuccessfulTime(Timestamps.format(last)));
        var after = status.build();
        if (!Statuses.same(before, after)) {
            cluster.updateStatus(Kinds.CRON_JOBS, cron.edit().withStatus(after).build());
        }
    }

    private static ObjectReference reference(Job job) {
        return new ObjectReferenceBuilder()
                .withApiVersion(job.getApiVersion())
                .withKind(job.getKind())
                .withNamespace(job.getMetadata().getNamespace())
                .withName(job.getMetadata().getName())
                .withUid(job.getMetadata().getUid())
                .build();
    }
}
