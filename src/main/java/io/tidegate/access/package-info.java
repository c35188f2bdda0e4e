/**
 * Who sends a request and what they may read or publish. Values; safe from every thread.
 */
@NullMarked
package io.tidegate.access;

import org.jspecify.annotations.NullMarked;
