package dev.gossamer.net.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gossamer.net.loop.Loops;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class AdminServerTest {
    private final Loops loops = Loops.start("admin-test", 1);
    private final HttpClient client = HttpClient.newHttpClient();
    private AdminServer server;

    @BeforeEach
    void start() throws Exception {
        var routes = new AdminRoutes()
                .get("/config_dump", request -> AdminResponse.json("{\"q\":\"" + request.parameter("q") + "\"}"))
                .post("/quit", _ -> AdminResponse.text("bye\n"))
                .any("/thread", _ -> AdminResponse.text(Thread.currentThread().isVirtual() ? "virtual" : "platform"))
                .get("/broken", _ -> {
                    throw new IllegalStateException("on purpose");
                });
        server = AdminServer.start(loops, new InetSocketAddress("127.0.0.1", 0), routes);
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
        loops.close();
    }

    private HttpResponse<String> ask(String method, String path) throws Exception {
        var uri = URI.create("http://127.0.0.1:" + server.address().getPort() + path);
        return client.send(
                HttpRequest.newBuilder(uri)
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void servesPages() throws Exception {
        var response = ask("GET", "/config_dump?q=a%20b");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("{\"q\":\"a b\"}");
        assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(ask("HEAD", "/config_dump").body()).isEmpty();
        assertThat(ask("POST", "/quit").body()).isEqualTo("bye\n");
        assertThat(ask("DELETE", "/thread").body()).isEqualTo("virtual");
    }

    @Test
    void refusesWhatItDoesNotHave() throws Exception {
        assertThat(ask("GET", "/nowhere").statusCode()).isEqualTo(404);
        assertThat(ask("GET", "/quit").statusCode()).isEqualTo(405);
        assertThat(ask("POST", "/config_dump").statusCode()).isEqualTo(405);
        assertThat(ask("GET", "/broken").statusCode()).isEqualTo(500);
    }

    private String say(String text) throws IOException {
        try (var socket = new Socket("127.0.0.1", server.address().getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    @Test
    void hangsUpOnNonsenseAndOnSilence() throws Exception {
        assertThat(say("nonsense\r\n\r\n")).startsWith("HTTP/1.1 400 ");
        assertThat(say("GET /" + "x".repeat(5000) + " HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 400 ");
        assertThat(say("GET / HTTP/1.1\r\nx: " + "y".repeat(9000) + "\r\n\r\n")).startsWith("HTTP/1.1 400 ");
        // Half a request, then nothing: the server's patience ends before the test's.
        assertThat(say("GET / HTTP/1.1\r\n")).isEmpty();
    }

    @Test
    void answersWhoeverHasEndedItsSide() throws Exception {
        try (var socket = new Socket("127.0.0.1", server.address().getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write("GET /config_dump HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .endsWith("{\"q\":\"null\"}");
        }
    }

    @Test
    void saysThatAPortIsTaken() {
        assertThatThrownBy(() -> AdminServer.start(loops, server.address(), new AdminRoutes()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot listen on");
    }
}
