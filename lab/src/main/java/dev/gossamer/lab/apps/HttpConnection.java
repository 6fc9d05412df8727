package dev.gossamer.lab.apps;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One connection for HTTP/1.1 calls, as bare as can be: no library may hide that a connection was lost.
 *
 * <p>Confined to the caller that opened it.
 */
final class HttpConnection implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 5000;
    private static final int MAX_LINE_BYTES = 8192;

    private final DemoConfig.Target target;
    private final String caller;
    private final Socket socket;
    private final InputStream in;

    private HttpConnection(DemoConfig.Target target, String caller, Socket socket) throws IOException {
        this.target = target;
        this.caller = caller;
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    static HttpConnection open(DemoConfig.Target target, String caller) throws IOException {
        var socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(new InetSocketAddress(InetAddress.getByName(target.host()), target.port()), TIMEOUT_MILLIS);
            return new HttpConnection(target, caller, socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Sends a GET and returns the answer's body.
     *
     * @throws IOException if the connection fails, or the status is not 200
     */
    String get(String path, boolean last) throws IOException {
        var request = "GET " + path + " HTTP/1.1\r\nHost: " + target.host() + "\r\nUser-Agent: " + caller + "\r\n"
                + (last ? "Connection: close\r\n" : "") + "\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        var status = line();
        if (!status.startsWith("HTTP/1.1 ")) {
            throw new IOException("not an HTTP answer: " + status);
        }
        int length = -1;
        for (var header = line(); !header.isEmpty(); header = line()) {
            if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(
                        header.substring("content-length:".length()).strip());
            }
        }
        if (length < 0) {
            throw new IOException("an answer without Content-Length");
        }
        var body = in.readNBytes(length);
        if (body.length < length) {
            throw new IOException("the connection ended within an answer");
        }
        if (!status.startsWith("HTTP/1.1 200")) {
            throw new IOException("status " + status.substring("HTTP/1.1 ".length()));
        }
        return new String(body, StandardCharsets.UTF_8);
    }

    private String line() throws IOException {
        var text = new StringBuilder();
        while (true) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the connection was closed");
            }
            if (next == '\n') {
                return text.toString().stripTrailing();
            }
            if (text.length() == MAX_LINE_BYTES) {
                throw new IOException("a header line without end");
            }
            text.append((char) next);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
