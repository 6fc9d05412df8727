package dev.gossamer.net.hbone;

/** Why a stream or connection is ended, as RFC 9113, section 7, numbers it. Immutable. */
public enum ErrorCode {
    NO_ERROR,
    PROTOCOL_ERROR,
    INTERNAL_ERROR,
    FLOW_CONTROL_ERROR,
    SETTINGS_TIMEOUT,
    STREAM_CLOSED,
    FRAME_SIZE_ERROR,
    REFUSED_STREAM,
    CANCEL,
    COMPRESSION_ERROR,
    CONNECT_ERROR,
    ENHANCE_YOUR_CALM,
    INADEQUATE_SECURITY,
    HTTP_1_1_REQUIRED;

    private static final ErrorCode[] BY_NUMBER = values();

    int number() {
        return ordinal();
    }

    /** RFC 9113, section 7: an unknown code is to be treated like an internal error. */
    static ErrorCode of(long number) {
        return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[(int) number] : INTERNAL_ERROR;
    }
}
