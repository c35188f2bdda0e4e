/**
 * The commands, and the reading of the configuration.
 */
@NullMarked
package io.tidegate.cli;

import org.jspecify.annotations.NullMarked;
