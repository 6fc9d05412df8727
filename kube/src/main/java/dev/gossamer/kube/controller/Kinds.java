package dev.gossamer.kube.controller;

import dev.gossamer.kube.watch.Kind;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.List;

/** The kinds that the controllers read and write. */
final class Kinds {
    static final Kind<Namespace> NAMESPACES = Kind.builtIn(Namespace.class);
    static final Kind<Node> NODES = Kind.builtIn(Node.class);
    static final Kind<Pod> PODS = Kind.builtIn(Pod.class);
    static final Kind<Service> SERVICES = Kind.builtIn(Service.class);
    static final Kind<ServiceAccount> SERVICE_ACCOUNTS = Kind.builtIn(ServiceAccount.class);
    static final Kind<ConfigMap> CONFIG_MAPS = Kind.builtIn(ConfigMap.class);
    static final Kind<Endpoints> ENDPOINTS = Kind.builtIn(Endpoints.class);
    static final Kind<EndpointSlice> ENDPOINT_SLICES = Kind.builtIn(EndpointSlice.class);
    static final Kind<Deployment> DEPLOYMENTS = Kind.builtIn(Deployment.class);
    static final Kind<ReplicaSet> REPLICA_SETS = Kind.builtIn(ReplicaSet.class);
    static final Kind<DaemonSet> DAEMON_SETS = Kind.builtIn(DaemonSet.class);
    static final Kind<StatefulSet> STATEFUL_SETS = Kind.builtIn(StatefulSet.class);
    static final Kind<Job> JOBS = Kind.builtIn(Job.class);
    static final Kind<CronJob> CRON_JOBS = Kind.builtIn(CronJob.class);

    static final List<Kind<?>> ALL = List.of(
            NAMESPACES,
            NODES,
            PODS,
            SERVICES,
            SERVICE_ACCOUNTS,
            CONFIG_MAPS,
            ENDPOINTS,
            ENDPOINT_SLICES,
            DEPLOYMENTS,
            REPLICA_SETS,
            DAEMON_SETS,
            STATEFUL_SETS,
            JOBS,
            CRON_JOBS);

    private Kinds() {}
}
