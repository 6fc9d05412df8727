package dev.gossamer.net.hbone;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;

/**
 * HPACK for both directions of a connection.
 *
 * <p>Each block changes the tables, so every block that comes in must be decoded, and every block encoded must be sent.
 * Confined to the connection's event loop.
 */
final class HeaderCodec {
    private static final int MAX_TABLE_BYTES = 4096;

    /** A block that was decoded, but is not a valid list of headers: ends its stream, not the connection. */
    static final class MalformedHeaders extends Exception {
        MalformedHeaders(String reason) {
            // No stack trace: a hostile peer can cause this at will.
            super(reason, null, false, false);
        }
    }

    private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
    private final DefaultHttp2HeadersDecoder decoder;

    HeaderCodec(int maxListBytes) {
        decoder = new DefaultHttp2HeadersDecoder(true, maxListBytes);
    }

    /** The peer's decoder holds a table of this size at most. */
    void peerTableSize(long bytes) throws ConnectionError {
        try {
            encoder.maxHeaderTableSize(Math.min(bytes, MAX_TABLE_BYTES));
        } catch (Http2Exception e) {
            throw new ConnectionError(ErrorCode.COMPRESSION_ERROR, String.valueOf(e.getMessage()));
        }
    }

    void encodeRequest(int stream, String authority, HboneHeaders headers, ByteBuf out) {
        var list = new DefaultHttp2Headers(false);
        list.method("CONNECT").authority(authority);
        encode(stream, list, headers, out);
    }

    void encodeResponse(int stream, int status, HboneHeaders headers, ByteBuf out) {
        var list = new DefaultHttp2Headers(false);
        list.status(Integer.toString(status));
        encode(stream, list, headers, out);
    }

    private void encode(int stream, Http2Headers list, HboneHeaders headers, ByteBuf out) {
        for (var header : headers.all()) {
            list.add(header.name(), header.value());
        }
        try {
            encoder.encodeHeaders(stream, list, out);
        } catch (Http2Exception e) {
            throw new IllegalStateException("headers of our own cannot be encoded", e);
        }
    }

    Http2Headers decode(int stream, ByteBuf block) throws ConnectionError, MalformedHeaders {
        try {
            return decoder.decodeHeaders(stream, block);
        } catch (Http2Exception e) {
            var reason = String.valueOf(e.getMessage());
            if (Http2Exception.isStreamError(e)) {
                throw new MalformedHeaders(reason);
            }
            throw new ConnectionError(ErrorCode.of(e.error().code()), reason);
        }
    }

    /** What is not a pseudo-header. */
    static HboneHeaders ordinary(Http2Headers headers) {
        var all = new ArrayList<HboneHeaders.Header>(headers.size());
        for (var header : headers) {
            var name = header.getKey();
            if (name.length() > 0 && name.charAt(0) != ':') {
                all.add(new HboneHeaders.Header(
                        name.toString(), header.getValue().toString()));
            }
        }
        return HboneHeaders.of(all);
    }

    void close() {
        encoder.close();
    }
}
