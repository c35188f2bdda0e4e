/**
 * The embedded pages and the browser client, which are served on the event loop of the connection.
 */
@NullMarked
package io.tidegate.ops.ui;

import org.jspecify.annotations.NullMarked;
