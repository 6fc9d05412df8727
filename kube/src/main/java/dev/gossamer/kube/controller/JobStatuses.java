package dev.gossamer.kube.controller;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.api.model.batch.v1.JobConditionBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatusBuilder;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says how a job goes and how it ended. Confined to the job controller. */
final class JobStatuses {
    /** Why a job is given up. */
    record Failure(String reason, String message) {}

    private final Cluster cluster;

    JobStatuses(Cluster cluster) {
        this.cluster = cluster;
    }

    static boolean isFinished(Job job) {
        return ending(job) != null;
    }

    static boolean isFailed(Job job) {
        var ending = ending(job);
        return ending != null && ending.getType().equals("Failed");
    }

    static Instant finishedAt(Job job) {
        var ending = ending(job);
        return ending == null ? Instant.EPOCH : Timestamps.parse(ending.getLastTransitionTime());
    }

    private static @Nullable JobCondition ending(Job job) {
        return job.getStatus() == null
                ? null
                : job.getStatus().getConditions().stream()
                        .filter(condition -> condition.getType().equals("Complete")
                                || condition.getType().equals("Failed"))
                        .filter(condition -> "True".equals(condition.getStatus()))
                        .findFirst()
                        .orElse(null);
    }

    void progress(Job job, JobController.Tally tally) {
        var before = status(job);
        var after = counted(before, tally);
        boolean suspended = JobController.isSuspended(job);
        after.withStartTime(
                suspended ? null : before.getStartTime() == null ? cluster.timestamp() : before.getStartTime());
        var known = find(before, "Suspended");
        if (known == null ? suspended : suspended != "True".equals(known.getStatus())) {
            after.removeMatchingFromConditions(condition -> condition.getType().equals("Suspended"));
            after.addToConditions(
                    suspended
                            ? condition("Suspended", "True", "JobSuspended", "Job suspended")
                            : condition("Suspended", "False", "JobResumed", "Job resumed"));
        }
        write(job, before, after.build());
    }

    /** {@code failure} is null if the job succeeded. */
    void finish(Job job, JobController.Tally tally, @Nullable Failure failure) {
        var before = status(job);
        var ended = new JobController.Tally(List.of(), tally.succeeded(), tally.failed(), List.of());
        var after = counted(before, ended);
        if (before.getStartTime() == null) {
            after.withStartTime(cluster.timestamp());
        }
        if (failure == null) {
            var message = "Reached expected number of succeeded pods";
            after.withCompletionTime(cluster.timestamp())
                    .addToConditions(condition("SuccessCriteriaMet", "True", "CompletionsReached", message))
                    .addToConditions(condition("Complete", "True", "CompletionsReached", message));
        } else {
            after.addToConditions(condition("FailureTarget", "True", failure.reason(), failure.message()))
                    .addToConditions(condition("Failed", "True", failure.reason(), failure.message()));
        }
        write(job, before, after.build());
    }

    private static JobStatus status(Job job) {
        return job.getStatus() == null ? new JobStatus() : job.getStatus();
    }

    private static JobStatusBuilder counted(JobStatus before, JobController.Tally tally) {
        return new JobStatusBuilder(before)
                .withActive(tally.active().size())
                .withReady((int) tally.active().stream().filter(Pods::isReady).count())
                .withTerminating(0)
                .withSucceeded(tally.succeeded())
                .withFailed(tally.failed());
    }

    private void write(Job job, JobStatus before, JobStatus after) {
        if (!Statuses.same(before, after)) {
            cluster.updateStatus(Kinds.JOBS, job.edit().withStatus(after).build());
        }
    }

    private static @Nullable JobCondition find(JobStatus status, String type) {
        return status.getConditions().stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst()
                .orElse(null);
    }

    private JobCondition condition(String type, String status, String reason, String message) {
        return new JobConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(reason)
                .withMessage(message)
                .withLastTransitionTime(cluster.timestamp())
                .withLastProbeTime(cluster.timestamp())
                .build();
    }
}
