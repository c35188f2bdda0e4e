package io.tidegate.access;

import java.util.Locale;
import java.util.Optional;

/**
 * The roles of callers, in ascending order of permissions. Each role includes the permissions of the roles before it.
 */
public enum Role {
    VIEWER,
    PUBLISHER,
    ADMIN;

    public boolean includes(Role other) {
        return compareTo(other) >= 0;
    }

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the role with exactly this {@link #text()}. */
    public static Optional<Role> named(String text) {
        for (Role role : values()) {
            if (role.text().equals(text)) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }
}
