package io.tidegate.auth;

/** What a caller may do, from least to most; each role may do what those before it may. */
public enum Role {
    VIEWER,
    PUBLISHER,
    ADMIN;

    public boolean includes(Role other) {
        return compareTo(other) >= 0;
    }

    public String text() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
