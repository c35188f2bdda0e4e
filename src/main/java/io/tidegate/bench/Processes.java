package io.tidegate.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Processes on this machine whose resource usage is summed. */
record Processes(List<Long> pids) {

    /**
     * The total resource usage of the processes.
     *
     * @param cpu the user and system time of the processes since they started; processes that have ended are not
     *     included
     * @param resident the resident memory of the processes in bytes; 0 on systems that do not have Linux's
     *     {@code /proc}
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
