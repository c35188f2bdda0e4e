/**
 * A small web terminal, as an example of an existing service: shells on the server, and a page to use them. It does not
 * depend on Tidegate. All state is owned by one event loop; blocking work has its own threads.
 */
@NullMarked
package webterminal;

import org.jspecify.annotations.NullMarked;
