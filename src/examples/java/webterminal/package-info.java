/**
 * A small web terminal, as a team may run one already: shells on the server, a page to use them. It knows nothing of what
 * may stand before it. All state belongs to one event loop; what blocks has threads of its own.
 */
@NullMarked
package webterminal;

import org.jspecify.annotations.NullMarked;
