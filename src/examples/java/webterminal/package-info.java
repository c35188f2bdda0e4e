/**
 * A small web terminal, as an example of an existing service. It runs shells on the server and serves a page for using
 * them. It does not depend on Tidegate. All state is owned by one event loop; blocking work has separate threads.
 */
@NullMarked
package webterminal;

import org.jspecify.annotations.NullMarked;
