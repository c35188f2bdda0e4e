package io.tidegate.journal.writer;

/** Is told what became of appends, for metrics. Called on the event loop of the {@link JournalVerticle}. */
public interface JournalListener {

    JournalListener NONE = new JournalListener() {
        @Override
        public void acknowledged(int appends, int events, long nanos) {}

        @Override
        public void refused(int appends) {}
    };

    /**
     * One commit was acknowledged.
     *
     * @param nanos how long the append that waited longest did so, from its arrival at the journal to its answer
     */
    void acknowledged(int appends, int events, long nanos);

    /** One commit failed, and all appends that shared it were refused. */
    void refused(int appends);
}
