package io.tidegate.cli;

import io.tidegate.adapter.watch.Secrets;
import io.tidegate.http.UnixSocket;
import io.tidegate.node.PathWarnings;
import io.tidegate.node.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Explains why the gateway cannot start, with one line per reason that names the configuration key and the address or
 * path.
 */
final class StartFailure {

    private StartFailure() {}

    /**
     * Returns the reasons why startup would fail on this machine, found by trying out the data folder and the ports. If
     * startup itself failed, it would not be clear which port is in use. Creates the data folder.
     */
    static List<String> obstacles(Settings settings) {
        List<String> lines = new ArrayList<>();
        tryFolder(Path.of(settings.data()), lines);
        Optional<UnixSocket> socket = settings.http().socket();
        if (socket.isPresent()) {
            trySocket(socket.get(), lines);
        } else {
            tryPort("http", settings.http().host(), settings.http().port(), lines);
        }
        tryPort(
                "management",
                settings.management().host(),
                settings.management().port(),
                lines);
        lines.addAll(Secrets.missing(settings.watches()));
        return lines;
    }

    /**
     * Returns warnings about problems that do not prevent startup: recipes whose program is missing, and colliding
     * paths.
     */
    static List<String> warnings(Settings settings) {
        List<String> lines = new ArrayList<>();
        new TreeMap<>(settings.deploys().recipes()).forEach((name, recipe) -> {
            Path program = Path.of(recipe.command().get(0));
            // A name without a slash is looked up in PATH when the recipe is started.
            if (program.getNameCount() > 1 && !Files.isExecutable(program)) {
                lines.add("deploys.recipes." + name + ".command: no program at " + program.toAbsolutePath()
                        + " (relative to the folder the gateway is started in), so this recipe cannot run");
            }
        });
        lines.addAll(PathWarnings.of(settings));
        return lines;
    }

    /** Returns an explanation of any other failure: the message of its root cause. */
    static String explain(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        if (cause instanceof FileSystemException file) {
            return file.getFile() + ": " + reason(file);
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : OpenFiles.explain(cause.getMessage());
    }

    private static void tryFolder(Path folder, List<String> lines) {
        try {
            Files.createDirectories(folder);
            Files.delete(Files.createTempFile(folder, "writable", ""));
        } catch (FileSystemException refused) {
            lines.add("data: cannot write to " + folder.toAbsolutePath() + ": " + reason(refused));
        } catch (IOException refused) {
            lines.add("data: cannot write to " + folder.toAbsolutePath() + ": " + refused.getMessage());
        }
    }

    private static void tryPort(String section, String host, int port, List<String> lines) {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getByName(host))) {
            probe.setReuseAddress(true);
        } catch (UnknownHostException unknown) {
            lines.add(section + ".host: cannot resolve " + host);
        } catch (IOException refused) {
            lines.add(section + ".port: cannot listen on " + host + " port " + port + ": " + refused.getMessage());
        }
    }

    private static void trySocket(UnixSocket socket, List<String> lines) {
        try {
            socket.prepare();
        } catch (FileSystemException refused) {
            lines.add("http.host: cannot listen on " + socket.path() + ": " + reason(refused));
        } catch (IOException refused) {
            lines.add("http.host: cannot listen on " + socket.path() + ": " + refused.getMessage());
        }
    }

    private static String reason(FileSystemException refused) {
        if (refused instanceof FileAlreadyExistsException) {
            return "a file with this name exists";
        }
        return refused.getReason() == null
                ? refused.getClass().getSimpleName().replace("Exception", "")
                : refused.getReason();
    }
}
