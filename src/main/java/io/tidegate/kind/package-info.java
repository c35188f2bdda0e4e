/**
 * The parts that all kinds have in common: commands on the event bus, the rules that turn them into drafts, and the
 * verticle that runs the commands of a kind, one at a time for each key. Most rules follow from the kind's declaration
 * in {@link io.tidegate.event.Kind}. Kinds with additional rules have a separate subpackage.
 */
@NullMarked
package io.tidegate.kind;

import org.jspecify.annotations.NullMarked;
