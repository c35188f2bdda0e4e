package io.tidegate.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The Unix socket on which the gateway listens. Its file is removed when the listener closes, but remains when the
 * process is killed. The methods that use the file system may block.
 *
 * @param mode the permissions, as the lowest bits of a file's mode
 */
public record UnixSocket(Path path, int mode) {

    private static final String SCHEME = "unix:";
    private static final Pattern MODE = Pattern.compile("0?[0-7]{3}");
    /** The maximum length in bytes of the path (unix(7), sun_path without the final zero). */
    private static final int LONGEST_PATH = 107;

    private static final String MODE_ATTRIBUTE = "unix:mode";
    private static final int FILE_TYPE = 0170000;
    private static final int SOCKET = 0140000;

    /** Returns the socket that a host names; empty if the host is an address or a name. */
    static Optional<UnixSocket> of(String host, String mode) {
        return host.startsWith(SCHEME)
                ? Optional.of(new UnixSocket(Path.of(host.substring(SCHEME.length())), Integer.parseInt(mode, 8)))
                : Optional.empty();
    }

    /** @throws IllegalArgumentException if the host or the mode is invalid; the message begins with its key */
    static void check(String host, String mode) {
        if (!MODE.matcher(mode).matches()) {
            throw new IllegalArgumentException("socket-mode must be an octal number such as 0660");
        }
        if (host.startsWith(SCHEME) && !isSocketPath(host.substring(SCHEME.length()))) {
            throw new IllegalArgumentException(
                    "host must have an absolute path of at most " + LONGEST_PATH + " bytes after unix:");
        }
    }

    private static boolean isSocketPath(String path) {
        try {
            return Path.of(path).isAbsolute()
                    && !path.endsWith("/")
                    && path.getBytes(StandardCharsets.UTF_8).length <= LONGEST_PATH;
        } catch (InvalidPathException noPath) {
            return false;
        }
    }

    /**
     * Removes the file that a killed process has left, so that the gateway can listen.
     *
     * @throws IOException if a process listens on the socket, or if the path cannot be used for another reason
     */
    public void prepare() throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            Path folder = path.getParent();
            if (folder == null || !Files.isWritable(folder)) {
                throw new FileSystemException(path.toString(), null, "the folder does not exist or is not writable");
            }
            return;
        }
        int fileMode = (Integer) Files.getAttribute(path, MODE_ATTRIBUTE, LinkOption.NOFOLLOW_LINKS);
        if ((fileMode & FILE_TYPE) != SOCKET) {
            throw new FileSystemException(path.toString(), null, "a file that is not a socket exists");
        }
        if (isInUse()) {
            throw new FileSystemException(path.toString(), null, "another process listens on the socket");
        }
        Files.deleteIfExists(path);
    }

    private boolean isInUse() throws IOException {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return probe.connect(UnixDomainSocketAddress.of(path));
        } catch (ConnectException refused) {
            return false;
        }
    }

    /** Sets the permissions of the file. The gateway must listen already. */
    public void permit() throws IOException {
        Files.setAttribute(path, MODE_ATTRIBUTE, mode);
    }
}
