package dev.gossamer.xds.codec;

import com.google.protobuf.ByteString;

/**
 * The hash of Yann Collet's xxHash, 64 bits wide: fast, and good enough to tell versions of a resource apart.
 *
 * <p>Not for anything that an attacker may choose. Stateless.
 */
final class XxHash64 {
    private static final long PRIME_1 = 0x9E3779B185EBCA87L;
    private static final long PRIME_2 = 0xC2B2AE3D27D4EB4FL;
    private static final long PRIME_3 = 0x165667B19E3779F9L;
    private static final long PRIME_4 = 0x85EBCA77C2B2AE63L;
    private static final long PRIME_5 = 0x27D4EB2F165667C5L;
    /** Of the first two, modulo 2^64. */
    private static final long SUM_1_2 = 0x60EA27EEADC0B5D6L;

    private static final int STRIPE = 32;

    private XxHash64() {}

    /** With seed 0. */
    static long of(ByteString data) {
        int length = data.size();
        int at = 0;
        long hash = PRIME_5;
        if (length >= STRIPE) {
            long a = SUM_1_2;
            long b = PRIME_2;
            long c = 0;
            long d = -PRIME_1;
            for (; at <= length - STRIPE; at += STRIPE) {
                a = round(a, longAt(data, at));
                b = round(b, longAt(data, at + 8));
                c = round(c, longAt(data, at + 16));
                d = round(d, longAt(data, at + 24));
            }
            hash = Long.rotateLeft(a, 1) + Long.rotateLeft(b, 7) + Long.rotateLeft(c, 12) + Long.rotateLeft(d, 18);
            hash = merge(merge(merge(merge(hash, a), b), c), d);
        }
        return avalanche(tail(hash + length, data, at));
    }

    private static long tail(long start, ByteString data, int from) {
        long hash = start;
        int at = from;
        for (; at <= data.size() - 8; at += 8) {
            hash = Long.rotateLeft(hash ^ round(0, longAt(data, at)), 27) * PRIME_1 + PRIME_4;
        }
        if (at <= data.size() - 4) {
            hash = Long.rotateLeft(hash ^ intAt(data, at) * PRIME_1, 23) * PRIME_2 + PRIME_3;
            at += 4;
        }
        for (; at < data.size(); at++) {
            hash = Long.rotateLeft(hash ^ (data.byteAt(at) & 0xFFL) * PRIME_5, 11) * PRIME_1;
        }
        return hash;
    }

    private static long avalanche(long start) {
        long hash = start;
        hash = (hash ^ hash >>> 33) * PRIME_2;
        hash = (hash ^ hash >>> 29) * PRIME_3;
        return hash ^ hash >>> 32;
    }

    private static long round(long accumulator, long input) {
        return Long.rotateLeft(accumulator + input * PRIME_2, 31) * PRIME_1;
    }

    private static long merge(long hash, long accumulator) {
        return (hash ^ round(0, accumulator)) * PRIME_1 + PRIME_4;
    }

    /** Little-endian, unsigned. */
    private static long intAt(ByteString data, int at) {
        return data.byteAt(at) & 0xFFL
                | (data.byteAt(at + 1) & 0xFFL) << 8
                | (data.byteAt(at + 2) & 0xFFL) << 16
                | (data.byteAt(at + 3) & 0xFFL) << 24;
    }

    /** Little-endian. */
    private static long longAt(ByteString data, int at) {
        return intAt(data, at) | intAt(data, at + 4) << 32;
    }
}
