package io.tidegate.journal.sqlite;

import io.tidegate.event.Kind;
import io.tidegate.event.Selection;
import io.tidegate.event.TopicPattern;
import io.tidegate.journal.Journal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * An SQL query for the rows that can match a selection, in order, limited to {@link Journal#SCAN} rows. It uses the
 * topic index if every pattern is, or begins with, a literal topic, the kind index if there is a single kind, and
 * otherwise only the offset. The caller determines which rows match.
 */
record Query(String sql, List<Object> parameters) {

    /** The maximum number of patterns for which the topic index is faster than a scan of all rows. */
    private static final int MAX_PATTERNS = 8;

    /**
     * Returns a query that reads forwards from {@code after} to {@code through}.
     *
     * @param indexed whether the indexes are intact; otherwise only the offset is used
     */
    static Query forward(Selection selection, long after, long through, boolean indexed) {
        return of(selection, after, through, "", indexed);
    }

    /**
     * Returns a query that reads backwards from {@code through} to {@code after}.
     *
     * @param indexed whether the indexes are intact; otherwise only the offset is used
     */
    static Query backward(Selection selection, long after, long through, boolean indexed) {
        return of(selection, after, through, " DESC", indexed);
    }

    private static Query of(Selection selection, long after, long through, String direction, boolean indexed) {
        Parts parts = new Parts(after, through);
        Set<Kind> kinds = selection.kinds();
        String from = "SELECT " + Rows.COLUMNS + " FROM event WHERE ";
        String end = " ORDER BY offset" + direction + " LIMIT " + Journal.SCAN;
        if (indexed && usesTopicIndex(selection)) {
            // The inner query is answered from the index alone, so full rows are fetched for only one page.
            selection.topics().forEach(parts::pattern);
            String inner = String.join(" UNION ", parts.selects);
            from += "offset IN (" + inner + end + ")";
        } else if (indexed && kinds.size() == 1) {
            from += parts.bounded("kind = ?", kinds.iterator().next().plural());
        } else {
            // The unary plus prevents the query planner from using another index, which would require sorting.
            from += parts.bounded("+kind <> ''");
        }
        return new Query(from + end, parts.parameters);
    }

    private static boolean usesTopicIndex(Selection selection) {
        return selection.topics().size() <= MAX_PATTERNS
                && !selection.topics().isEmpty()
                && selection.topics().stream().allMatch(Query::usesTopicIndex);
    }

    private static boolean usesTopicIndex(TopicPattern pattern) {
        String prefix = prefix(pattern);
        return pattern.exact() || !prefix.isEmpty() && Kind.named(prefix).isEmpty();
    }

    /** Returns the part of the pattern before its first wildcard segment. */
    private static String prefix(TopicPattern pattern) {
        int wildcard = pattern.text().indexOf('*');
        return wildcard < 0 ? pattern.text() : pattern.text().substring(0, Math.max(0, wildcard - 1));
    }

    /** Collects conditions and, in the same order, their parameters. */
    private static final class Parts {
        private final long after;
        private final long through;
        private final List<String> selects = new ArrayList<>();
        private final List<Object> parameters = new ArrayList<>();

        Parts(long after, long through) {
            this.after = after;
            this.through = through;
        }

        void pattern(TopicPattern pattern) {
            String prefix = prefix(pattern);
            select("topic = ?", prefix);
            if (!pattern.exact()) {
                // The range contains all topics under the prefix, because '0' follows '/' in ASCII.
                select("topic > ? AND topic < ?", prefix + '/', prefix + '0');
            }
        }

        private void select(String condition, Object... values) {
            selects.add("SELECT offset FROM event WHERE " + bounded(condition, values));
        }

        String bounded(String condition, Object... values) {
            Collections.addAll(parameters, values);
            parameters.add(after);
            parameters.add(through);
            return condition + " AND offset > ? AND offset <= ?";
        }
    }
}
