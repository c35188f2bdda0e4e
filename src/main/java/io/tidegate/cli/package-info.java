/** The commands of the command-line interface and their common flags. */
@NullMarked
package io.tidegate.cli;

import org.jspecify.annotations.NullMarked;
