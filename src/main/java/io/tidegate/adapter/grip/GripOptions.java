package io.tidegate.adapter.grip;

/**
 * The configuration of GRIP, a protocol with which origins hand their clients over to the gateway.
 *
 * @param enabled whether {@code Grip-*} fields in responses are instructions; otherwise they are forwarded like all
 *     other fields
 * @param sigIss the {@code iss} claim in the signature of requests to origins
 * @param sigKey the key for this signature, as text or as {@code base64:} followed by base64; if empty, requests are
 *     not signed
 */
public record GripOptions(boolean enabled, String sigIss, String sigKey) {

    public static final GripOptions DEFAULTS = new GripOptions(false, "pushpin", "");

    /**
     * Validates the components.
     *
     * @throws IllegalArgumentException if {@code sigKey} is not valid base64
     */
    public GripOptions {
        try {
            Signature.bytes(sigKey);
        } catch (IllegalArgumentException notBase64) {
            throw new IllegalArgumentException("sig-key must have valid base64 after base64:", notBase64);
        }
    }
}
