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

    /** Returns the number of this permit, which increases with each permit of the node. */
    public long number() {
        return number;
    }

    public String subject() {
        return subject.name();
    }

    public String address() {
        return address.name();
    }

    /** Releases the permit; has no effect if it is already released. */
    public void release() {
        permits.release(this);
    }

    /** Returns whether this is the first release. Must be called under the lock of the permits. */
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
