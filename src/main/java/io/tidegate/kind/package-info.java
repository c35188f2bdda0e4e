/**
 * What all kinds share: a command on the event bus, rules that turn it into drafts, and the verticle that runs one kind's
 * commands one after the other for each key. The rules follow from the kind's declaration in
 * {@link io.tidegate.event.Kind}; rules that do not have a package of their own below this one.
 */
@NullMarked
package io.tidegate.kind;

import org.jspecify.annotations.NullMarked;
