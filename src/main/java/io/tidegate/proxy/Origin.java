package io.tidegate.proxy;

import java.net.URI;

/**
 * A service behind the gateway.
 *
 * @param prefix path it answers for, as whole segments: {@code /app} covers {@code /app} and {@code /app/x}
 * @param url scheme {@code http} or {@code https}, host and port; paths are passed on as they came
 */
public record Origin(String prefix, URI url) {}
