/**
 * What all kinds share: commands on the event bus, rules that turn them into drafts, and the verticle that runs the
 * commands of one kind, one after another for each key. Most rules follow from the kind's declaration in
 * {@link io.tidegate.event.Kind}; those that do not have a package of their own below this one.
 */
@NullMarked
package io.tidegate.kind;

import org.jspecify.annotations.NullMarked;
