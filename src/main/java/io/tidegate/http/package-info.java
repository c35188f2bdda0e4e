/**
 * The one place where routes and their guards are listed, in order, and where failures become responses.
 */
@NullMarked
package io.tidegate.http;

import org.jspecify.annotations.NullMarked;
