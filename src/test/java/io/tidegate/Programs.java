package io.tidegate;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Where the programs are that tests run. */
public final class Programs {

    /** Other names of the same program; the table in {@code src/test/run} has them too. */
    private static final Map<String, List<String>> OTHER_NAMES =
            Map.of("chromium", List.of("chromium-browser", "google-chrome"));

    private Programs() {}

    /** The executable, by the first of its names that is on the {@code PATH}. */
    public static Optional<Path> find(String program) {
        return find(program, Optional.ofNullable(System.getenv("PATH")).orElse(""));
    }

    static Optional<Path> find(String program, String path) {
        return Stream.concat(Stream.of(program), OTHER_NAMES.getOrDefault(program, List.of()).stream())
                .flatMap(name -> Stream.of(path.split(File.pathSeparator)).map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
