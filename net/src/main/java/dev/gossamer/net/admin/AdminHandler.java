package dev.gossamer.net.admin;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.HashMap;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client of the admin server: a request at a time, each answered on a virtual thread while nothing more is read.
 *
 * <p>Confined to the channel's event loop.
 */
final class AdminHandler extends SimpleChannelInboundHandler<HttpObject> {
    private static final Logger LOG = LoggerFactory.getLogger(AdminHandler.class);
    /** For a request to come whole, and for the next one to begin. */
    private static final int REQUEST_SECONDS = 2;

    private final AdminRoutes routes;
    private @Nullable HttpRequest request;
    private @Nullable ScheduledFuture<?> timer;
    private boolean serving;
    /** Nothing more will be answered after this one: the input has ended, or a request came too early. */
    private boolean lastOne;

    AdminHandler(AdminRoutes routes) {
        this.routes = routes;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        startTimer(ctx);
    }

    private void startTimer(ChannelHandlerContext ctx) {
        timer = ctx.executor().schedule(() -> close(ctx), REQUEST_SECONDS, TimeUnit.SECONDS);
    }

    private static void close(ChannelHandlerContext ctx) {
        var _ = ctx.close();
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
        if (serving) {
            // Pipelining (nobody does it to status pages) ends the connection after the answer; clients ask again.
            lastOne = true;
            return;
        }
        if (message.decoderResult().isFailure()) {
            stopTimer();
            answer(ctx, AdminResponse.text(400, "bad request\n"), null);
            return;
        }
        if (message instanceof HttpRequest head) {
            request = head;
        }
        var complete = request;
        if (message instanceof LastHttpContent && complete != null) {
            request = null;
            stopTimer();
            serve(ctx, complete);
        }
    }

    private void serve(ChannelHandlerContext ctx, HttpRequest head) {
        serving = true;
        ctx.channel().config().setAutoRead(false);
        AdminRequest asked;
        try {
            asked = asked(head);
        } catch (IllegalArgumentException _) {
            answer(ctx, AdminResponse.text(400, "bad request\n"), null);
            return;
        }
        Thread.ofVirtual().name("admin").start(() -> {
            var response = respond(asked);
            ctx.executor().execute(() -> answer(ctx, response, head));
        });
    }

    private static AdminRequest asked(HttpRequest head) {
        var uri = new QueryStringDecoder(head.uri());
        var headers = new HashMap<String, String>();
        head.headers()
                .forEach(header -> headers.putIfAbsent(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
        return new AdminRequest(head.method().name(), uri.path(), uri.parameters(), headers);
    }

    private AdminResponse respond(AdminRequest asked) {
        try {
            return routes.serve(asked);
        } catch (Exception | Error e) {
            LOG.error("the page {} failed", asked.path(), e);
            return AdminResponse.text(500, "internal error, see the log: " + e + "\n");
        }
    }

    /** {@code head}: what is answered; none where the client makes no sense, who is then left. */
    private void answer(ChannelHandlerContext ctx, AdminResponse response, @Nullable HttpRequest head) {
        serving = false;
        boolean keep = head != null && HttpUtil.isKeepAlive(head) && !lastOne;
        boolean bodiless = head != null && head.method().name().equals("HEAD");
        FullHttpResponse message = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(response.status()),
                bodiless ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(response.body()));
        message.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, response.contentType())
                .set(HttpHeaderNames.CONTENT_LENGTH, response.body().length);
        if (!keep) {
            message.headers().set(HttpHeaderNames.CONNECTION, "close");
        }
        var sent = ctx.writeAndFlush(message);
        if (keep) {
            startTimer(ctx);
            ctx.channel().config().setAutoRead(true);
        } else {
            sent.addListener(ChannelFutureListener.CLOSE);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownReadComplete.INSTANCE) {
            lastOne = true;
            if (!serving) {
                close(ctx);
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        stopTimer();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("{}: {}", ctx.channel(), cause.toString());
        close(ctx);
    }
}
