package io.tidegate.edge.limit;

/** A permit for one open stream. Thread-safe. */
public final class Permit {

    private final Permits permits;
    private final long number;
    private final Permits.Share subject;
    private final Permits.Share address;
    private boolean released;

    Permit(Permits permits, long number, Permits.Share subject, Permits.Share address) {
        this.permits = permits;
        this.number = number;
        this.subject = subject;
        this.address = address;
    }

    /** Returns the serial number of this permit. Each permit on a node has a higher number than the one before. */
    public long number() {
        return number;
    }

    public String subject() {
        return subject.name();
    }

    public String address() {
        return address.name();
    }

    /** Releases the permit. Has no effect if it has already been released. */
    public void release() {
        permits.release(this);
    }

    /**
     * Marks the permit as released, and returns whether this is the first release. Must be called while holding the
     * lock of {@link Permits}.
     */
    boolean markReleased() {
        boolean first = !released;
        released = true;
        return first;
    }

    Permits.Share ofSubject() {
        return subject;
    }

    Permits.Share ofAddress() {
        return address;
    }
}
