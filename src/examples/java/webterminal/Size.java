package webterminal;

import io.vertx.core.json.JsonObject;

/** The size of a terminal, in characters. */
record Size(int cols, int rows) {

    private static final int MAX = 1000;

    Size {
        if (cols < 1 || rows < 1 || cols > MAX || rows > MAX) {
            throw new IllegalArgumentException("cols and rows must be between 1 and " + MAX);
        }
    }

    /** Returns the size given by the JSON members {@code cols} and {@code rows}, which default to 80 and 24. */
    static Size of(JsonObject json) {
        return new Size(json.getInteger("cols", 80), json.getInteger("rows", 24));
    }

    @Override
    public String toString() {
        return cols + "×" + rows;
    }
}
