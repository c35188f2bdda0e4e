package webterminal;

import io.vertx.core.json.JsonObject;

/** Of a terminal, in characters. */
record Size(int cols, int rows) {

    private static final int MOST = 1000;

    Size {
        if (cols < 1 || rows < 1 || cols > MOST || rows > MOST) {
            throw new IllegalArgumentException("cols and rows must be 1 to " + MOST);
        }
    }

    /** The members {@code cols} and {@code rows}; without them, what terminals have always had. */
    static Size of(JsonObject json) {
        return new Size(json.getInteger("cols", 80), json.getInteger("rows", 24));
    }

    @Override
    public String toString() {
        return cols + "×" + rows;
    }
}
