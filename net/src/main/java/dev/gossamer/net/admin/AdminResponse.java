package dev.gossamer.net.admin;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a page answers. Immutable: nobody changes {@code body} any more. */
public record AdminResponse(int status, String contentType, byte[] body) {
    public static AdminResponse text(int status, String text) {
        return new AdminResponse(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    public static AdminResponse text(String text) {
        return text(200, text);
    }

    public static AdminResponse json(String json) {
        return new AdminResponse(200, "application/json", json.getBytes(StandardCharsets.UTF_8));
    }

    public static AdminResponse html(String html) {
        return new AdminResponse(200, "text/html; charset=utf-8", html.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AdminResponse(var otherStatus, var otherType, var otherBody)
                && status == otherStatus
                && contentType.equals(otherType)
                && Arrays.equals(body, otherBody);
    }

    @Override
    public int hashCode() {
        return Objects.hash(status, contentType, Arrays.hashCode(body));
    }

    @Override
    public String toString() {
        return "AdminResponse[" + status + ", " + contentType + ", " + body.length + " bytes]";
    }
}
