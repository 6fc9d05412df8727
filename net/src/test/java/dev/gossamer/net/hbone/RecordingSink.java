package dev.gossamer.net.hbone;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.List;

/** Writes down what a reader finds, such that it does not depend on how the bytes were cut. */
final class RecordingSink implements FrameSink {
    final List<String> events = new ArrayList<>();
    private final StringBuilder data = new StringBuilder();

    @Override
    public void onDataStart(int stream, int length) {
        events.add("data start " + stream + " " + length);
    }

    @Override
    public void onDataPart(int stream, ByteBuf part) {
        data.append(ByteBufUtil.hexDump(part));
        part.release();
    }

    @Override
    public void onDataEnd(int stream, int length, boolean endStream) {
        events.add("data end " + stream + " " + length + " " + endStream + " " + data);
        data.setLength(0);
    }

    @Override
    public void onHeaders(int stream, ByteBuf block, boolean endStream) {
        events.add("headers " + stream + " " + endStream + " " + ByteBufUtil.hexDump(block));
    }

    @Override
    public void onReset(int stream, long code) {
        events.add("reset " + stream + " " + code);
    }

    @Override
    public void onSettings(ByteBuf settings) {
        events.add("settings " + ByteBufUtil.hexDump(settings));
    }

    @Override
    public void onSettingsAck() {
        events.add("settings ack");
    }

    @Override
    public void onPing(long content, boolean ack) {
        events.add("ping " + content + " " + ack);
    }

    @Override
    public void onGoAway(int lastStream, long code, String text) {
        events.add("goaway " + lastStream + " " + code + " " + text);
    }

    @Override
    public void onWindowUpdate(int stream, int increment) {
        events.add("window " + stream + " " + increment);
    }

    @Override
    public void onIgnored() {
        events.add("ignored");
    }
}
