/** What the metrics of several packages share. Immutable once built, so safe from every thread. */
@NullMarked
package io.tidegate.meter;

import org.jspecify.annotations.NullMarked;
