package io.tidegate.proxy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A service on a free port that answers every request as badly as a test wants it. */
public final class HostileOrigin implements AutoCloseable {

    private final ServerSocket listening = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());

    public HostileOrigin() throws IOException {}

    /** What is written to whoever has asked for something. */
    public interface Behaviour {
        void on(OutputStream out) throws IOException, InterruptedException;
    }

    public int port() {
        return listening.getLocalPort();
    }

    /** Behaves so to everyone who asks from now on. To be called once. */
    public void behave(Behaviour behaviour) {
        daemon(() -> {
            while (!listening.isClosed()) {
                try {
                    Socket socket = listening.accept();
                    daemon(() -> serve(socket, behaviour));
                } catch (IOException closed) {
                    return;
                }
            }
        });
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        thread.start();
    }

    private static void serve(Socket socket, Behaviour behaviour) {
        try (socket) {
            Gateway.readUntil(socket, "\r\n\r\n");
            behaviour.on(socket.getOutputStream());
            // Keeps the connection until the other side ends it.
            socket.getInputStream().skip(Long.MAX_VALUE);
        } catch (IOException | InterruptedException gone) {
            Thread.currentThread().interrupt();
        }
    }

    /** Bytes that are no protocol. */
    public static void garbage(OutputStream out) throws IOException {
        byte[] noise = new byte[64 << 10];
        new java.util.Random(1).nextBytes(noise);
        out.write(noise);
    }

    /** This, and then that again and again. */
    public static void forEver(OutputStream out, String first, String again) throws IOException {
        write(out, first);
        while (true) {
            write(out, again);
        }
    }

    /** A byte now and then. */
    public static void trickle(OutputStream out, String text) throws IOException, InterruptedException {
        Object pause = new Object();
        for (byte b : text.getBytes(StandardCharsets.US_ASCII)) {
            out.write(b);
            synchronized (pause) {
                pause.wait(20);
            }
        }
    }

    public static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
