package dev.gossamer.net.hbone;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** Hears a stream and remembers it. */
final class Ear implements StreamListener {
    final ByteArrayOutputStream heard = new ByteArrayOutputStream();
    final List<StreamEnd> ends = new ArrayList<>();
    int status;
    HboneHeaders headers = HboneHeaders.NONE;
    int endsOfInput;
    int unconsumed;
    boolean greedy = true;
    private HboneStream stream;

    Ear on(HboneStream stream) {
        this.stream = stream;
        stream.listen(this);
        return this;
    }

    void of(HboneStream stream) {
        this.stream = stream;
    }

    void consume(int bytes) {
        unconsumed -= bytes;
        stream.consumed(bytes);
    }

    @Override
    public void onResponse(HboneStream stream, int status, HboneHeaders headers) {
        this.status = status;
        this.headers = headers;
    }

    @Override
    public void onData(ByteBuf data) {
        var bytes = new byte[data.readableBytes()];
        data.readBytes(bytes);
        data.release();
        heard.writeBytes(bytes);
        unconsumed += bytes.length;
    }

    @Override
    public void onDataComplete() {
        if (greedy && stream != null) {
            consume(unconsumed);
        }
    }

    @Override
    public void onEnd() {
        endsOfInput++;
    }

    @Override
    public void onClosed(StreamEnd end) {
        ends.add(end);
    }
}
