/**
 * What sessions, deploys, instances and items share: a command on the event bus, rules that turn it into drafts, and the
 * verticle that runs one kind's commands one after the other for each key. Each kind's own rules have a room of theirs.
 */
@NullMarked
package io.tidegate.kind;

import org.jspecify.annotations.NullMarked;
