/**
 * The common parts of all kinds: commands on the event bus, rules that turn them into drafts, and the verticle that
 * runs the commands of one kind, one after another for each key. Most rules follow from the kind's declaration in
 * {@link io.tidegate.event.Kind}; kinds with further rules have a separate package below this one.
 */
@NullMarked
package io.tidegate.kind;

import org.jspecify.annotations.NullMarked;
