package io.tidegate.publish;

import io.tidegate.event.Kind;
import io.tidegate.problem.Code;
import java.util.Map;

/** Hears how publishing goes, for metrics. Called on the event loops of the connections. */
public interface PublishListener {

    PublishListener NONE = new PublishListener() {
        @Override
        public void published(Map<Kind, Integer> events, long nanos) {}

        @Override
        public void refused(Code code) {}
    };

    /**
     * One request was acknowledged.
     *
     * @param events how many of each kind, without those of which there were none; none when all had been published before
     * @param nanos from the end of the request's body to the acknowledgement
     */
    void published(Map<Kind, Integer> events, long nanos);

    /** One request was refused, or failed; none of its drafts was acknowledged. */
    void refused(Code code);
}
