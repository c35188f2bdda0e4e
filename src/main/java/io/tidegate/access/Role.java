package io.tidegate.access;

import java.util.Locale;
import java.util.Optional;

/** What a caller may do, from least to most; each role may do what those before it may. */
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

    /** The role with exactly this {@link #text()}. */
    public static Optional<Role> named(String text) {
        for (Role role : values()) {
            if (role.text().equals(text)) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }
}
