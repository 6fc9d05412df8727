package dev.gossamer.planted;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Waits on an event loop: planted for ArchitectureTest. */
final class WaitingHandler extends ChannelInboundHandlerAdapter {
    @Override
    public void channelActive(ChannelHandlerContext context) {
        context.writeAndFlush("x").awaitUninterruptibly();
    }
}
