package dev.gossamer.core.identity;

/**
 * Who a workload is: {@code spiffe://<trustDomain>/ns/<namespace>/sa/<serviceAccount>}.
 *
 * <p>Compared as text, never resolved. Immutable.
 */
public record SpiffeId(String trustDomain, String namespace, String serviceAccount) {
    /** The trust domain of a mesh that names none. */
    public static final String DEFAULT_TRUST_DOMAIN = "cluster.local";

    private static final String SCHEME = "spiffe://";
    /** SPIFFE-ID, section 2.3: an id is at most 2048 bytes. */
    private static final int MAX_LENGTH = 2048;

    public SpiffeId {
        if (!isSegment(trustDomain) || !isSegment(namespace) || !isSegment(serviceAccount)) {
            throw new IllegalArgumentException("not the parts of a SPIFFE id: '" + trustDomain + "', '" + namespace
                    + "', '" + serviceAccount + "'");
        }
    }

    /**
     * Reads an id as it stands in a certificate's URI SAN.
     *
     * @throws InvalidIdentityException if the text is not of the form above. Peers send this text, so
     *     callers treat it as "unauthenticated", not as a bug.
     */
    public static SpiffeId parse(String uri) throws InvalidIdentityException {
        if (uri.length() > MAX_LENGTH || !uri.startsWith(SCHEME)) {
            throw new InvalidIdentityException(uri);
        }
        var parts = uri.substring(SCHEME.length()).split("/", -1);
        if (parts.length != 5
                || !parts[1].equals("ns")
                || !parts[3].equals("sa")
                || !isSegment(parts[0])
                || !isSegment(parts[2])
                || !isSegment(parts[4])) {
            throw new InvalidIdentityException(uri);
        }
        return new SpiffeId(parts[0], parts[2], parts[4]);
    }

    /** The id without its scheme, as policies name principals: {@code cluster.local/ns/shop/sa/cart}. */
    public String principal() {
        return trustDomain + "/ns/" + namespace + "/sa/" + serviceAccount;
    }

    @Override
    public String toString() {
        return SCHEME + principal();
    }

    /** SPIFFE-ID, section 2.2: letters, digits, dot, dash, underscore; neither empty nor a dot segment. */
    private static boolean isSegment(String text) {
        if (text.isEmpty() || text.equals(".") || text.equals("..")) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean allowed = c >= 'a' && c <= 'z'
                    || c >= 'A' && c <= 'Z'
                    || c >= '0' && c <= '9'
                    || c == '-'
                    || c == '_'
                    || c == '.';
            if (!allowed) {
                return false;
            }
        }
        return true;
    }
}
