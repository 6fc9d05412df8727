package dev.gossamer.kube.controller;

import dev.gossamer.kube.watch.Kind;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs pods until enough of them have succeeded, or too many have failed. */
final class JobController implements Controller {
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(10);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(6);

    private final Cluster cluster;
    private final JobStatuses statuses;

    JobController(Cluster cluster) {
        this.cluster = cluster;
        this.statuses = new JobStatuses(cluster);
    }

    @Override
    public String name() {
        return "job";
    }

    @Override
    public Collection<Request> affectedBy(Kind<?> kind, HasMetadata object) {
        if (kind.equals(Kinds.JOBS)) {
            return List.of(Request.of(object));
        }
        var owner = kind.equals(Kinds.PODS) ? Request.ownerOf(object, "Job") : null;
        return owner == null ? List.of() : List.of(owner);
    }

    @Override
    public @Nullable Duration reconcile(Request request) {
        var job = cluster.view().get(Kinds.JOBS, request.namespace(), request.name());
        if (job == null || Objects.isBeingDeleted(job)) {
            return null;
        }
        if (JobStatuses.isFinished(job)) {
            return removeWhenExpired(job);
        }
        var tally = Tally.of(job, cluster.view().controlledBy(Kinds.PODS, job));
        var failure = failure(job, tally);
        if (failure != null) {
            tally.active().forEach(pod -> cluster.delete(Kinds.PODS, pod));
            statuses.finish(job, tally, failure);
            return Duration.ZERO;
        }
        if (tally.isComplete(job)) {
            tally.active().forEach(pod -> cluster.delete(Kinds.PODS, pod));
            statuses.finish(job, tally, null);
            return Duration.ZERO;
        }
        var wait = adjust(job, tally);
        statuses.progress(job, Tally.of(job, cluster.view().controlledBy(Kinds.PODS, job)));
        return soonest(wait, untilDeadline(job));
    }

    /** What became of a job's pods. */
    record Tally(List<Pod> active, int succeeded, int failed, List<Pod> failures) {
        static Tally of(Job job, List<Pod> pods) {
            var status = job.getStatus();
            var failures = pods.stream().filter(Pods::isFailed).toList();
            int succeeded = (int) pods.stream().filter(Pods::isSucceeded).count();
            // Pods may be removed once they are done; what was counted stays counted.
            return new Tally(
                    pods.stream().filter(Pods::isActive).toList(),
                    Math.max(succeeded, status == null ? 0 : Objects.orZero(status.getSucceeded())),
                    Math.max(failures.size(), status == null ? 0 : Objects.orZero(status.getFailed())),
                    failures);
        }

        /** Without a number of completions the job is done when one pod has succeeded and all others have ended. */
        boolean isComplete(Job job) {
            var completions = job.getSpec().getCompletions();
            return completions == null ? succeeded > 0 && active.isEmpty() : succeeded >= completions;
        }
    }

    static boolean isSuspended(Job job) {
        return Boolean.TRUE.equals(job.getSpec().getSuspend());
    }

    private JobStatuses.@Nullable Failure failure(Job job, Tally tally) {
        var limit = job.getSpec().getBackoffLimit();
        if (tally.failed() + restarts(tally) > (limit == null ? 6 : limit)) {
            return new JobStatuses.Failure("BackoffLimitExceeded", "Job has reached the specified backoff limit");
        }
        var left = untilDeadline(job);
        return left != null && !left.isPositive()
                ? new JobStatuses.Failure("DeadlineExceeded", "Job was active longer than specified deadline")
                : null;
    }

    /** With restartPolicy OnFailure a failed try is a restart in the same pod. */
    private static int restarts(Tally tally) {
        return tally.active().stream()
                .filter(pod -> "OnFailure".equals(pod.getSpec().getRestartPolicy()) && pod.getStatus() != null)
                .flatMap(pod -> pod.getStatus().getContainerStatuses().stream())
                .mapToInt(container -> Objects.orZero(container.getRestartCount()))
                .sum();
    }

    private @Nullable Duration untilDeadline(Job job) {
        var seconds = job.getSpec().getActiveDeadlineSeconds();
        var started = job.getStatus() == null ? null : job.getStatus().getStartTime();
        return seconds == null || started == null || isSuspended(job)
                ? null
                : Duration.between(
                        cluster.time().now(), Timestamps.parse(started).plusSeconds(seconds));
    }

    /** Starts or stops pods; returns when to try again if a failure is to be slept over first. */
    private @Nullable Duration adjust(Job job, Tally tally) {
        var spec = job.getSpec();
        int parallelism = spec.getParallelism() == null ? 1 : spec.getParallelism();
        // Without a number of completions, one success means that the work is done: nobody is started any more.
        int left = spec.getCompletions() == null
                ? tally.succeeded() > 0 ? tally.active().size() : parallelism
                : spec.getCompletions() - tally.succeeded();
        int wanted = isSuspended(job) ? 0 : Math.min(parallelism, left);
        int missing = wanted - tally.active().size();
        if (missing < 0) {
            tally.active().stream()
                    .sorted(Pods.LEAST_USEFUL_FIRST)
                    .limit(-missing)
                    .forEach(pod -> cluster.delete(Kinds.PODS, pod));
        }
        if (missing <= 0) {
            return null;
        }
        var pause = pauseAfter(tally);
        if (pause != null) {
            return pause;
        }
        for (int i = 0; i < missing; i++) {
            create(job);
        }
        return null;
    }

    /** How much longer to wait after the last failure: doubles with each. */
    private @Nullable Duration pauseAfter(Tally tally) {
        var last = tally.failures().stream()
                .map(JobController::endOf)
                .max(Comparator.naturalOrder())
                .orElse(null);
        if (last == null) {
            return null;
        }
        var whole = FIRST_PAUSE.multipliedBy(1L << Math.min(tally.failed() - 1, 10));
        var left = Duration.between(
                cluster.time().now(), last.plus(whole.compareTo(LONGEST_PAUSE) < 0 ? whole : LONGEST_PAUSE));
        return left.isPositive() ? left : null;
    }

    private static Instant endOf(Pod pod) {
        return pod.getStatus().getContainerStatuses().stream()
                .map(container ->
                        container.getState() == null || container.getState().getTerminated() == null
                                ? null
                                : container.getState().getTerminated().getFinishedAt())
                .map(Timestamps::parse)
                .max(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
    }

    private void create(Job job) {
        var name = job.getMetadata().getName();
        var uid = job.getMetadata().getUid();
        cluster.create(
                Kinds.PODS,
                PodTemplates.podOf(job.getSpec().getTemplate(), job)
                        .editMetadata()
                        .addToLabels("batch.kubernetes.io/job-name", name)
                        .addToLabels("batch.kubernetes.io/controller-uid", uid)
                        .addToLabels("job-name", name)
                        .addToLabels("controller-uid", uid)
                        .endMetadata()
                        .build());
    }

    private @Nullable Duration removeWhenExpired(Job job) {
        var ttl = job.getSpec().getTtlSecondsAfterFinished();
        if (ttl == null) {
            return null;
        }
        var left = Duration.between(
                cluster.time().now(), JobStatuses.finishedAt(job).plusSeconds(ttl));
        if (left.isPositive()) {
            return left;
        }
        cluster.delete(Kinds.JOBS, job);
        return null;
    }

    private static @Nullable Duration soonest(@Nullable Duration one, @Nullable Duration other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.compareTo(other) < 0 ? one : other;
    }
}
