package io.tidegate.edge.netty;

/** Thrown if a request line has an HTTP version other than 1.1 or 1.0. */
public final class UnsupportedVersionException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    UnsupportedVersionException(String version) {
        super("the version must be HTTP/1.1 or HTTP/1.0, not " + version);
    }
}
