package dev.gossamer.xds.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.gossamer.proto.DiscoveryProto.DeltaDiscoveryResponse;
import dev.gossamer.xds.delta.DeltaRequest;
import dev.gossamer.xds.delta.DeltaResponse;
import dev.gossamer.xds.delta.NodeInfo;
import dev.gossamer.xds.delta.TypeUrl;
import dev.gossamer.xds.delta.Versioned;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What is written is read back, and what is not well-formed is refused in one way only. */
final class CodecPropertyTest {
    @Property(tries = 500, seed = "1")
    void readsBackEveryResource(@ForAll long seed) throws Exception {
        var mesh = new RandomMesh(seed);
        for (var resource :
                List.of(new MeshResource.OfWorkload(mesh.workload()), new MeshResource.OfService(mesh.service()))) {
            var encoded = AddressCodec.encode(resource);
            assertThat(AddressCodec.decode(encoded.payload())).isEqualTo(resource);
            assertThat(encoded.name()).isEqualTo(resource.name());
        }
        var policy = mesh.policy();
        assertThat(AuthorizationCodec.decode(AuthorizationCodec.encode(policy).payload()))
                .isEqualTo(policy);
    }

    @Property(tries = 200, seed = "2")
    void givesEqualResourcesEqualVersions(@ForAll long seed) throws Exception {
        var one = AddressCodec.encode(new MeshResource.OfWorkload(new RandomMesh(seed).workload()));
        var same = AddressCodec.encode(new MeshResource.OfWorkload(new RandomMesh(seed).workload()));
        assertThat(same).isEqualTo(one);
        var other = AddressCodec.encode(new MeshResource.OfWorkload(new RandomMesh(seed ^ 1).workload()));
        assertThat(other.version().equals(one.version()))
                .isEqualTo(other.payload().equals(one.payload()));
        var any = Any.newBuilder()
                .setTypeUrl(TypeUrl.ADDRESS.value())
                .setValue(one.payload())
                .build();
        assertThat(one.version()).hasSize(16).isEqualTo("%016x".formatted(XxHash64.of(any.toByteString())));
    }

    @Property(tries = 1000, seed = "3")
    void refusesDamagedBytesOrReadsThem(@ForAll long seed) {
        var random = new Random(seed);
        var mesh = new RandomMesh(seed);
        for (var payload : List.of(
                AddressCodec.encode(new MeshResource.OfWorkload(mesh.workload()))
                        .payload(),
                AddressCodec.encode(new MeshResource.OfService(mesh.service())).payload(),
                AuthorizationCodec.encode(mesh.policy()).payload())) {
            var bytes = payload.toByteArray();
            for (int i = random.nextInt(4); i >= 0 && bytes.length > 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            decode(ByteString.copyFrom(bytes, 0, random.nextInt(bytes.length + 1)));
            decode(ByteString.copyFrom(bytes));
        }
    }

    @Property(tries = 1000, seed = "4")
    void refusesNoiseOrReadsIt(@ForAll byte[] noise) {
        decode(ByteString.copyFrom(noise));
        try {
            var unused = new ResponseMarshaller().parse(new ByteArrayInputStream(noise));
        } catch (StatusRuntimeException e) {
            assertThat(e.getStatus().getCode()).isEqualTo(io.grpc.Status.Code.INTERNAL);
        }
        try {
            var unused = new RequestMarshaller().parse(new ByteArrayInputStream(noise));
        } catch (StatusRuntimeException e) {
            assertThat(e.getStatus().getCode()).isEqualTo(io.grpc.Status.Code.INTERNAL);
        }
    }

    /** Anything but these exceptions fails the test. */
    private static void decode(ByteString payload) {
        try {
            var unused = AddressCodec.decode(payload);
        } catch (InvalidResourceException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        }
        try {
            var unused = AuthorizationCodec.decode(payload);
        } catch (InvalidResourceException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        }
    }

    @Property(tries = 300, seed = "5")
    void writesResponsesAsTheGeneratedClassesReadThem(@ForAll long seed) throws Exception {
        var random = new Random(seed);
        var resources = new ArrayList<Versioned>();
        var removed = new ArrayList<String>();
        for (int i = random.nextInt(6); i > 0; i--) {
            var payload = new byte[random.nextInt(300)];
            random.nextBytes(payload);
            resources.add(new Versioned(
                    random.nextInt(5) == 0 ? "" : "nämé" + i,
                    random.nextInt(5) == 0 ? "" : "v" + i,
                    ByteString.copyFrom(payload),
                    random.nextBoolean() ? List.of("/10.0.0." + i, "") : List.of(),
                    List.of()));
            removed.add("gone" + i);
        }
        var response = new DeltaResponse(
                random.nextBoolean() ? TypeUrl.ADDRESS : new TypeUrl(""),
                random.nextBoolean() ? "" : "7",
                random.nextBoolean() ? "" : "n",
                resources,
                removed);
        var marshaller = new ResponseMarshaller();
        var stream = marshaller.stream(response);
        int announced = stream.available();
        var bytes = stream.readAllBytes();
        assertThat(bytes).hasSize(announced);

        var message = DeltaDiscoveryResponse.parseFrom(bytes);
        assertThat(message.getUnknownFields().asMap()).isEmpty();
        assertThat(message.getTypeUrl()).isEqualTo(response.type().value());
        assertThat(message.getNonce()).isEqualTo(response.nonce());
        assertThat(message.getSystemVersionInfo()).isEqualTo(response.systemVersion());
        assertThat(message.getRemovedResourcesList()).isEqualTo(removed);
        for (int i = 0; i < resources.size(); i++) {
            var expected = resources.get(i);
            var read = message.getResources(i);
            assertThat(read.getName()).isEqualTo(expected.name());
            assertThat(read.getVersion()).isEqualTo(expected.version());
            assertThat(read.getAliasesList()).isEqualTo(expected.aliases());
            assertThat(read.getResource().getTypeUrl())
                    .isEqualTo(response.type().value());
            assertThat(read.getResource().getValue()).isEqualTo(expected.payload());
        }
        assertThat(marshaller.parse(new ByteArrayInputStream(message.toByteArray())))
                .isEqualTo(response);
    }

    @Property(tries = 200, seed = "6")
    void readsBackEveryRequest(@ForAll List<String> names, @ForAll boolean refuses) throws IOException {
        var wellFormed = names.stream().map(name -> "n" + name.hashCode()).toList();
        var request = new DeltaRequest(
                TypeUrl.AUTHORIZATION,
                new NodeInfo(
                        "ztunnel~1.2.3.4~a.b~c",
                        Map.of("NAMESPACE", "b", "LABELS", Map.of("app", "x"), "N", List.of(1.0, true))),
                wellFormed,
                wellFormed,
                Map.of("a", "1", "b", ""),
                refuses ? "nonce" : "",
                refuses ? "a: bad" : null);
        var marshaller = new RequestMarshaller();
        assertThat(marshaller.parse(marshaller.stream(request))).isEqualTo(request);
    }
}
