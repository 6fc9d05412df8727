package dev.gossamer.pki.renew;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.gossamer.core.identity.InvalidIdentityException;
import dev.gossamer.core.identity.SpiffeId;
import dev.gossamer.pki.CertificateRequest;
import dev.gossamer.pki.InvalidPemException;
import dev.gossamer.pki.PeerVerifier;
import dev.gossamer.pki.Pem;
import dev.gossamer.pki.Svid;
import dev.gossamer.pki.TrustRoots;
import dev.gossamer.pki.transport.CertificateMethod;
import dev.gossamer.pki.transport.ControlPlaneAccess;
import dev.gossamer.pki.transport.ControlPlaneChannel;
import dev.gossamer.pki.transport.ControlPlaneSetupException;
import dev.gossamer.proto.CertificateProto.IstioCertificateRequest;
import dev.gossamer.proto.CertificateProto.IstioCertificateResponse;
import io.grpc.CallOptions;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Asks a control plane's authority for certificates, each with a new key. Thread-safe. */
public final class CertificateClient implements CertificateSource, AutoCloseable {
    /** For whom certificates are asked. */
    public enum Mode {
        /** For the workloads of a node, of which the caller is the proxy. */
        IMPERSONATING,
        /** For the caller itself. */
        OWN
    }

    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(10);

    private final ControlPlaneAccess access;
    private final Mode mode;
    private final Duration validity;
    private final Executor worker;
    private @Nullable ControlPlaneChannel channel;
    private boolean closed;

    /** {@code worker}: runs what waits or computes, that is reading files and making keys. */
    public CertificateClient(ControlPlaneAccess access, Mode mode, Duration validity, Executor worker) {
        this.access = access;
        this.mode = mode;
        this.validity = validity;
        this.worker = worker;
    }

    @Override
    public CompletableFuture<Svid> request(SpiffeId identity) {
        var result = new CompletableFuture<Svid>();
        run(identity, result, () -> call(identity, result));
        return result;
    }

    private void call(SpiffeId identity, CompletableFuture<Svid> result) throws ControlPlaneSetupException {
        var request = CertificateRequest.of(identity);
        var message =
                IstioCertificateRequest.newBuilder().setCsr(request.pem()).setValidityDuration(validity.toSeconds());
        if (mode == Mode.IMPERSONATING) {
            message.setMetadata(Struct.newBuilder()
                    .putFields(
                            CertificateMethod.IMPERSONATED_IDENTITY,
                            Value.newBuilder()
                                    .setStringValue(identity.toString())
                                    .build()));
        }
        var open = freshChannel();
        var call =
                open.forCall().newCall(CertificateMethod.CREATE, CallOptions.DEFAULT.withDeadlineAfter(CALL_TIMEOUT));
        ClientCalls.asyncUnaryCall(call, message.build(), new StreamObserver<>() {
            @Override
            public void onNext(IstioCertificateResponse response) {
                run(identity, result, () -> result.complete(read(identity, request, response)));
            }

            @Override
            public void onError(Throwable error) {
                var status = Status.fromThrowable(error);
                if (status.getCode() == Status.Code.UNAVAILABLE) {
                    discard(open);
                }
                result.completeExceptionally(new CertificateUnavailableException(
                        identity, "the authority at " + access.address() + " answered " + describe(status), error));
            }

            @Override
            public void onCompleted() {}
        });
    }

    private static String describe(Status status) {
        var cause = status.getCause();
        return status.getCode()
                + (status.getDescription() == null ? "" : ": " + status.getDescription())
                + (cause == null ? "" : " (" + cause + ")");
    }

    /** Opens another channel where the roots were replaced. */
    private synchronized ControlPlaneChannel freshChannel() throws ControlPlaneSetupException {
        if (closed) {
            throw new IllegalStateException("the certificate client is closed");
        }
        var open = channel;
        if (open == null || open.isOutdated()) {
            if (open != null) {
                open.retire();
            }
            open = ControlPlaneChannel.open(access);
            channel = open;
        }
        return open;
    }

    /** A channel that lost its server fails all calls until its own back-off is over; ours is the store's. */
    private synchronized void discard(ControlPlaneChannel broken) {
        broken.retire();
        if (channel == broken) {
            channel = null;
        }
    }

    private static Svid read(SpiffeId identity, CertificateRequest request, IstioCertificateResponse response)
            throws CertificateUnavailableException {
        int elements = response.getCertChainCount();
        if (elements < 2) {
            throw new CertificateUnavailableException(
                    identity, "no root certificate present in the authority's answer", null);
        }
        try {
            var chain = new ArrayList<X509Certificate>();
            for (var element : response.getCertChainList().subList(0, elements - 1)) {
                chain.addAll(Pem.certificates(bytes(element)));
            }
            var roots = TrustRoots.ofPem(bytes(response.getCertChain(elements - 1)));
            requireOurs(identity, request, chain.getFirst());
            return new Svid(identity, List.copyOf(chain), request.privateKey(), roots);
        } catch (InvalidPemException | InvalidIdentityException e) {
            throw new CertificateUnavailableException(
                    identity, "the authority's answer cannot be used: " + e.getMessage(), e);
        }
    }

    private static void requireOurs(SpiffeId identity, CertificateRequest request, X509Certificate leaf)
            throws InvalidIdentityException, CertificateUnavailableException {
        var issuedFor = PeerVerifier.claimedIdentity(leaf);
        if (!issuedFor.equals(identity)) {
            throw new CertificateUnavailableException(identity, "the authority issued for " + issuedFor, null);
        }
        if (!leaf.getPublicKey().equals(request.publicKey())) {
            throw new CertificateUnavailableException(identity, "the authority issued for another key", null);
        }
    }

    private static byte[] bytes(String pem) {
        return pem.getBytes(StandardCharsets.ISO_8859_1);
    }

    private interface Step {
        void run() throws ControlPlaneSetupException, CertificateUnavailableException;
    }

    /** Runs on the worker; whatever goes wrong there ends the request, so that no one waits in vain. */
    private void run(SpiffeId identity, CompletableFuture<Svid> result, Step step) {
        try {
            worker.execute(() -> {
                try {
                    step.run();
                } catch (CertificateUnavailableException e) {
                    result.completeExceptionally(e);
                } catch (ControlPlaneSetupException e) {
                    result.completeExceptionally(
                            new CertificateUnavailableException(identity, String.valueOf(e.getMessage()), e));
                } catch (RuntimeException e) {
                    result.completeExceptionally(new CertificateUnavailableException(identity, e.toString(), e));
                }
            });
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(new CertificateUnavailableException(identity, "the program is stopping", e));
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (channel != null) {
            channel.close();
        }
    }
}
