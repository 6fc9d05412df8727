package dev.gossamer.kube.server.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket whose messages begin with the number of a channel, for blocking use.
 *
 * <p>The next message is asked for only when the last was taken, so a peer cannot send faster than it is served.
 * Thread-safe: one thread receives, any send.
 */
public final class ChannelSocket implements Session.Listener {
    /** What happens on the socket, on a virtual thread of its own, from its opening on. */
    @FunctionalInterface
    public interface Conversation {
        void run(ChannelSocket socket) throws IOException, InterruptedException;
    }

    /** A message. Its content is the receiver's. */
    public record Message(int channel, byte[] content) {}

    private static final Message END = new Message(-1, new byte[0]);

    private final Conversation conversation;
    private final Runnable afterwards;
    private final BlockingQueue<Message> inbox = new LinkedBlockingQueue<>();
    private final CountDownLatch opened = new CountDownLatch(1);
    private final ReentrantLock sending = new ReentrantLock();
    private volatile @Nullable Session session;
    private volatile boolean closed;

    /** {@code afterwards} runs when the conversation is over, in whatever way. */
    public ChannelSocket(Conversation conversation, Runnable afterwards) {
        this.conversation = conversation;
        this.afterwards = afterwards;
    }

    @Override
    public void onWebSocketOpen(Session session) {
        this.session = session;
        opened.countDown();
        Thread.ofVirtual().name("stream-", 0).start(this::converse);
        session.demand();
    }

    private void converse() {
        int code = StatusCode.NORMAL;
        try {
            conversation.run(this);
        } catch (IOException e) {
            // The peer is gone, or the pod's end is: either way there is nothing more to carry.
            code = StatusCode.SERVER_ERROR;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            afterwards.run();
            open().close(code, null, Callback.NOOP);
        }
    }

    private Session open() {
        var current = session;
        if (current == null) {
            throw new IllegalStateException("used before it was opened");
        }
        return current;
    }

    @Override
    public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
        var bytes = new byte[payload.remaining()];
        payload.get(bytes);
        callback.succeed();
        // An empty message says nothing; some clients open a channel with one.
        inbox.add(
                bytes.length == 0
                        ? new Message(0, bytes)
                        : new Message(bytes[0] & 0xff, Arrays.copyOfRange(bytes, 1, bytes.length)));
    }

    @Override
    public void onWebSocketText(String message) {
        open().close(StatusCode.BAD_DATA, "binary messages only", Callback.NOOP);
    }

    @Override
    public void onWebSocketError(Throwable cause) {
        closed = true;
        inbox.add(END);
    }

    @Override
    public void onWebSocketClose(int statusCode, @Nullable String reason, Callback callback) {
        closed = true;
        inbox.add(END);
        callback.succeed();
    }

    /** The next message, or null when the peer has closed. */
    public @Nullable Message receive() throws InterruptedException {
        var message = inbox.take();
        if (message == END) {
            inbox.add(END);
            return null;
        }
        open().demand();
        return message;
    }

    /** Whether the peer has closed; what it sent before may still wait to be received. */
    public boolean ended() {
        return closed;
    }

    /** Sends a message of text, given in UTF-8, and waits until it is on its way. */
    public void sendText(byte[] text) throws IOException, InterruptedException {
        opened.await();
        var message = new String(text, StandardCharsets.UTF_8);
        sendAndWait(callback -> open().sendText(message, callback));
    }

    /** Sends a message and waits until it is on its way. */
    public void send(int channel, byte[] content, int length) throws IOException, InterruptedException {
        opened.await();
        var message = ByteBuffer.allocate(length + 1);
        message.put((byte) channel).put(content, 0, length).flip();
        sendAndWait(callback -> open().sendBinary(message, callback));
    }

    private void sendAndWait(Consumer<Callback> send) throws IOException, InterruptedException {
        sending.lock();
        try {
            var sent = new CompletableFuture<@Nullable Void>();
            send.accept(Callback.from(() -> sent.complete(null), sent::completeExceptionally));
            sent.get();
        } catch (ExecutionException e) {
            throw new IOException("the peer does not take messages any more", e.getCause());
        } finally {
            sending.unlock();
        }
    }
}
