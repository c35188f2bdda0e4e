/**
 * The rules of deploys and their log. Runs on the event loop of the verticle of deploys, except for
 * {@link StartHandler} and {@link LineSplitter}.
 */
@NullMarked
package io.tidegate.kind.deploy;

import org.jspecify.annotations.NullMarked;
