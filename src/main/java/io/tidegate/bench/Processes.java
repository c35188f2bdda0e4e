package io.tidegate.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Processes of this machine, and what they use together. */
record Processes(List<Long> pids) {

    /**
     * What they used at one moment.
     *
     * @param cpu user and system time since their start; 0 for those that have ended
     * @param resident bytes; 0 where the system does not tell as Linux does
     */
    record Use(Duration cpu, long resident) {}

    Use use() {
        Duration cpu = pids.stream()
                .flatMap(pid -> ProcessHandle.of(pid).stream())
                .flatMap(process -> process.info().totalCpuDuration().stream())
                .reduce(Duration.ZERO, Duration::plus);
        return new Use(cpu, pids.stream().mapToLong(Processes::resident).sum());
    }

    private static long resident(long pid) {
        try {
            return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .sum();
        } catch (IOException unknown) {
            return 0;
        }
    }
}
