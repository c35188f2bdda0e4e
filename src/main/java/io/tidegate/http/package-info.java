/**
 * The only package that lists the routes with their guards, in order, and that turns failures into responses. Runs on
 * the event loop of the connection.
 */
@NullMarked
package io.tidegate.http;

import org.jspecify.annotations.NullMarked;
