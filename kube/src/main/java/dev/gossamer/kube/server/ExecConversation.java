package dev.gossamer.kube.server;

import dev.gossamer.core.lifecycle.TaskGroup;
import dev.gossamer.kube.server.http.ChannelSocket;
import dev.gossamer.kube.server.json.Json;
import dev.gossamer.kube.server.json.JsonReader;
import dev.gossamer.kube.server.json.MalformedJsonException;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.ExecutionException;
import tools.jackson.databind.node.ObjectNode;

/** Carries a command's streams: channel 0 in, 1 out, 2 errors, 3 its end, 4 the terminal's size. Confined to one socket. */
final class ExecConversation implements ChannelSocket.Conversation {
    private static final int STDIN = 0;
    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    private static final int STATUS = 3;
    private static final int RESIZE = 4;

    /** Version 5 of the protocol: the peer will send no more on the channel that the next byte names. */
    private static final int CLOSE = 255;

    private static final int BUFFER_BYTES = 16 << 10;

    private final ExecSession session;
    private final boolean tty;

    ExecConversation(ExecSession session, boolean tty) {
        this.session = session;
        this.tty = tty;
    }

    @Override
    public void run(ChannelSocket socket) throws IOException, InterruptedException {
        var input = Thread.ofVirtual().name("exec-input-", 0).start(() -> feed(socket));
        int code;
        try (var output = new TaskGroup("exec-output")) {
            output.start(() -> pump(session.stdout(), socket, STDOUT));
            if (!tty) {
                output.start(() -> pump(session.stderr(), socket, STDERR));
            }
            output.join();
            code = session.waitFor();
        } catch (ExecutionException e) {
            throw new IOException("the command's output ended early", e.getCause());
        } finally {
            input.interrupt();
        }
        var status = Json.bytes(status(code));
        socket.send(STATUS, status, status.length);
    }

    /** Ends the command when the peer goes away: nobody waits for it any more. */
    private void feed(ChannelSocket socket) {
        try {
            for (var message = socket.receive(); message != null; message = socket.receive()) {
                take(message);
            }
            session.close();
        } catch (IOException e) {
            // The command does not read any more; its output goes on.
            drain(socket);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void drain(ChannelSocket socket) {
        try {
            while (socket.receive() != null) {
                // Input that nobody reads is thrown away, as a closed pipe would.
            }
            session.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void take(ChannelSocket.Message message) throws IOException {
        switch (message.channel()) {
            case STDIN -> {
                session.stdin().write(message.content());
                session.stdin().flush();
            }
            case RESIZE -> resize(message.content());
            case CLOSE -> {
                if (message.content().length > 0 && message.content()[0] == STDIN) {
                    session.stdin().close();
                }
            }
            default -> throw new IOException("a message on channel " + message.channel());
        }
    }

    private void resize(byte[] content) {
        try {
            var size = JsonReader.json(content).root();
            session.resize((int) Json.number(size, 80, "Width"), (int) Json.number(size, 24, "Height"));
        } catch (MalformedJsonException e) {
            // A size that cannot be read changes nothing.
            return;
        }
    }

    private static void pump(InputStream from, ChannelSocket socket, int channel)
            throws IOException, InterruptedException {
        var buffer = new byte[BUFFER_BYTES];
        for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
            socket.send(channel, buffer, n);
        }
    }

    private static ObjectNode status(int code) {
        var status = Json.object();
        status.putObject("metadata");
        if (code == 0) {
            return status.put("status", "Success");
        }
        status.put("status", "Failure")
                .put("message", "command terminated with non-zero exit code: exit status " + code)
                .put("reason", "NonZeroExitCode");
        status.putObject("details")
                .putArray("causes")
                .addObject()
                .put("reason", "ExitCode")
                .put("message", Integer.toString(code));
        return status;
    }
}
