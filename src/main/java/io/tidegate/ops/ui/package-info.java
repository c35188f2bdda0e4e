/** Serves the embedded pages and the browser client. Runs on the event loop of the connection. */
@NullMarked
package io.tidegate.ops.ui;

import org.jspecify.annotations.NullMarked;
