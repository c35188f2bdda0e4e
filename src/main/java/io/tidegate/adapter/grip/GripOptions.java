package io.tidegate.adapter.grip;

/**
 * Whether origins may hand their clients over to the gateway.
 *
 * @param enabled whether {@code Grip-*} fields of answers are instructions; without it they pass as any field does
 * @param sigIss who signs requests to origins
 * @param sigKey with what, as text or {@code base64:} and bytes; empty signs nothing
 */
public record GripOptions(boolean enabled, String sigIss, String sigKey) {

    public static final GripOptions DEFAULTS = new GripOptions(false, "pushpin", "");

    /** @throws IllegalArgumentException when a part is not of this form; the message names the part */
    public GripOptions {
        try {
            Signature.bytes(sigKey);
        } catch (IllegalArgumentException notBase64) {
            throw new IllegalArgumentException("sig-key must have base64 behind base64:", notBase64);
        }
    }
}
