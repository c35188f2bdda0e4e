package io.tidegate.proxy.differential;

import java.util.ArrayList;
import java.util.List;

/** The rows of the comparison: every form with the ordinary behaviour, and every other behaviour with some forms. */
final class ComparisonRows {

    private static final RequestForm GET = RequestForm.with("GET", "GET /a");
    private static final RequestForm HEAD = RequestForm.with("HEAD", "HEAD /a");
    private static final RequestForm POST =
            RequestForm.with("POST", "POST /a", "Content-Length: 5").body("hello");
    private static final RequestForm OLD = RequestForm.of("HTTP/1.0", "GET /a HTTP/1.0\r\nHost: app.example\r\n\r\n");

    private ComparisonRows() {}

    record Row(String name, RequestForm form, Behaviour behaviour) {}

    static List<Row> all() {
        List<Row> rows = new ArrayList<>();
        for (RequestForm form : RequestForms.all()) {
            rows.add(new Row(form.name(), form, Behaviours.ORDINARY));
        }
        add(rows, Behaviours.framings(), GET, HEAD, POST, OLD);
        add(rows, Behaviours.statuses(), GET, HEAD);
        add(rows, Behaviours.fields(), GET);
        add(rows, Behaviours.interim(), GET);
        add(rows, Behaviours.early(), POST);
        add(rows, Behaviours.broken(), GET, POST);
        return rows;
    }

    private static void add(List<Row> rows, List<Behaviour> behaviours, RequestForm... forms) {
        for (Behaviour behaviour : behaviours) {
            for (RequestForm form : forms) {
                rows.add(new Row(behaviour.name() + " / " + form.name(), form, behaviour));
            }
        }
    }
}
