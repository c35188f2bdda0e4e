package io.tidegate.proxy.differential;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A proxy on a port in front of an origin of its own. Sends it one row after another. */
final class Subject {

    private static final int TIMEOUT_MILLIS = 1_500;

    private final int port;
    private final RecordingOrigin origin;

    Subject(int port, RecordingOrigin origin) {
        this.port = port;
        this.origin = origin;
    }

    RowResult observe(RequestForm form, Behaviour behaviour) throws IOException {
        origin.behave(behaviour);
        List<HttpMessage> interim = new ArrayList<>();
        List<HttpMessage> responses = new ArrayList<>();
        String connection;
        try (Socket socket = connect()) {
            MessageReader reader = new MessageReader(socket);
            try {
                send(socket, form.bytes());
                if (form.ends()) {
                    socket.shutdownOutput();
                }
                read(socket, reader, form, interim, responses);
                connection = form.ends() ? "closed" : after(socket, reader);
            } catch (SocketTimeoutException silent) {
                connection = "silent";
            }
        }
        if (!connection.startsWith("kept")) {
            // Nothing that the row left in the proxy's connections to the origin may affect the next row.
            try (Socket socket = connect()) {
                after(socket, new MessageReader(socket));
            }
        }
        return new RowResult(origin.take(), interim, responses, connection);
    }

    private void read(
            Socket socket,
            MessageReader reader,
            RequestForm form,
            List<HttpMessage> interim,
            List<HttpMessage> responses)
            throws IOException {
        String awaited = form.awaited();
        for (String method : form.methods()) {
            HttpMessage head = reader.head();
            while (head.status() / 100 == 1 && head.status() != 101) {
                interim.add(head);
                if (head.status() == 100 && !awaited.isEmpty()) {
                    send(socket, awaited);
                    awaited = "";
                }
                head = reader.head();
            }
            if (head.start().isEmpty()) {
                return;
            }
            responses.add(reader.responseBody(head, method));
        }
    }

    /** Returns whether the connection can carry another request. */
    private String after(Socket socket, MessageReader reader) throws IOException {
        if (reader.isEnded()) {
            return "closed";
        }
        origin.settle();
        send(socket, "GET " + RecordingOrigin.PROBE + " HTTP/1.1\r\nHost: app.example\r\n\r\n");
        HttpMessage head = reader.head();
        if (head.start().isEmpty()) {
            return "closed";
        }
        reader.responseBody(head, "GET");
        return head.status() == 200 ? "kept" : "kept, and the next response is " + head.start();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        return socket;
    }

    private static void send(Socket socket, String bytes) throws IOException {
        try {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        } catch (SocketException closed) {
            // The proxy may close the connection before it has read everything; its response can still be read.
        }
    }
}
