package io.tidegate.edge.limit;

/** One stream's place among those that may be open. Safe from every thread. */
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

    /** Grows with each permit of the node. */
    public long number() {
        return number;
    }

    public String subject() {
        return subject.name();
    }

    public String address() {
        return address.name();
    }

    /** Gives the place back; a second time it does nothing. */
    public void release() {
        permits.release(this);
    }

    /** Guarded by the permits. */
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
