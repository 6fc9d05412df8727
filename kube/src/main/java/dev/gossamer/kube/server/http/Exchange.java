package dev.gossamer.kube.server.http;

import dev.gossamer.kube.server.auth.Caller;
import dev.gossamer.kube.server.failure.ApiException;
import dev.gossamer.kube.server.failure.Reason;
import dev.gossamer.kube.server.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One request and its response. Confined to the request's thread. */
public final class Exchange {
    /** As a real server: no object is larger. */
    static final int MAX_BODY_BYTES = 3 << 20;

    private static final int MAX_WARNINGS = 50;

    private final Request request;
    private final Response response;
    private final Caller caller;
    private final Fields query;
    private final Set<String> warnings = new LinkedHashSet<>();

    Exchange(Request request, Response response, Caller caller) {
        this.request = request;
        this.response = response;
        this.caller = caller;
        this.query = Request.extractQueryParameters(request);
    }

    public Request request() {
        return request;
    }

    public Response response() {
        return response;
    }

    public Caller caller() {
        return caller;
    }

    public String method() {
        return request.getMethod();
    }

    /** The first value of a query parameter; empty counts as absent. */
    public @Nullable String query(String name) {
        var value = query.getValue(name);
        return value == null || value.isEmpty() ? null : value;
    }

    public List<String> queryAll(String name) {
        var values = query.getValues(name);
        return values == null ? List.of() : values;
    }

    public boolean queryTrue(String name) {
        var value = query(name);
        return value != null && (value.equals("true") || value.equals("1"));
    }

    public @Nullable Long queryNumber(String name) throws ApiException {
        var value = query(name);
        if (value == null) {
            return null;
        }
        try {
            return Long.valueOf(value);
        } catch (NumberFormatException e) {
            throw ApiException.badRequest("query parameter " + name + " is not a whole number: \"" + value + "\"");
        }
    }

    public String header(HttpHeader name) {
        var value = request.getHeaders().get(name);
        return value == null ? "" : value;
    }

    /** The whole body. */
    public byte[] body() throws IOException, ApiException {
        if (request.getLength() > MAX_BODY_BYTES) {
            throw tooLarge();
        }
        var in = Content.Source.asInputStream(request);
        var bytes = in.readNBytes(MAX_BODY_BYTES + 1);
        if (bytes.length > MAX_BODY_BYTES) {
            throw tooLarge();
        }
        return bytes;
    }

    private static ApiException tooLarge() {
        return ApiException.of(Reason.REQUEST_ENTITY_TOO_LARGE, "Request entity too large: limit is " + MAX_BODY_BYTES);
    }

    /** Something that the client should know, though its request is served. */
    public void warn(String text) {
        if (warnings.size() < MAX_WARNINGS) {
            warnings.add(text);
        }
    }

    /** The headers that a stream begins with; what is written goes out with each flush. */
    public OutputStream stream(String contentType) {
        head(200, contentType);
        return Content.Sink.asOutputStream(response);
    }

    /** Sends the headers of a stream, though nothing may have been written yet. */
    void commit() throws IOException {
        if (!response.isCommitted()) {
            Content.Sink.write(response, false, ByteBuffer.allocate(0));
        }
    }

    public void respond(int code, JsonNode body) throws IOException {
        respond(code, "application/json", Json.bytes(body));
    }

    public void respond(int code, String contentType, byte[] body) throws IOException {
        head(code, contentType);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        Content.Sink.write(response, true, ByteBuffer.wrap(body));
    }

    private void head(int code, String contentType) {
        response.setStatus(code);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache, private");
        warnings.forEach(text -> response.getHeaders().add("Warning", "299 - \"" + quoted(text) + "\""));
    }

    /** Inside a quoted string of a header: no line ends, and quotes escaped. */
    private static String quoted(String text) {
        return text.replaceAll("\\p{Cntrl}", " ").replace("\\", "\\\\").replace("\"", "\\\"");
    }
}
