package io.tidegate.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.fixture.ChildNode;
import io.tidegate.fixture.RawClient;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests that secrets are not logged at any level, regardless of the outcome of a request. */
@Timeout(120)
class SecretsInLogTest {

    private static final Pattern TICKET = Pattern.compile("\"ticket\":\"([^\"]+)\"");

    @Test
    void noTokenAndNoTicketIsLogged(@TempDir Path folder) throws Exception {
        try (ChildNode node = ChildNode.start(folder, "export TIDEGATE_LOG=trace", List.of())) {
            String token = node.viewer().substring("Authorization: Bearer ".length());
            String forged = token.substring(0, token.length() - 3) + "AAA";
            Matcher found = TICKET.matcher(send(node, "POST /api/ticket", node.viewer()));
            assertTrue(found.find());
            String ticket = found.group(1);
            String unknown = "tide-" + "Z".repeat(43);
            for (String target :
                    List.of("/api/events", "/nothing/here", "/api/sse/none", "/", "/a//b", "/api/ticket")) {
                for (String query : List.of(ticket, unknown, forged)) {
                    send(node, "GET " + target + "?ticket=" + query, "Accept: text/html");
                    send(node, "GET " + target + "?access_token=" + query, "Referer: http://a/?ticket=" + query);
                }
                send(node, "GET " + target, "Authorization: Bearer " + forged);
                send(node, "POST " + target, "Cookie: tidegate=" + token);
                send(node, "GET " + target, "Cookie: tidegate=" + forged);
            }
            node.signal("TERM");
            assertEquals(0, node.awaitExit());
            List<String> log = node.remainingLog();
            assertTrue(log.stream().anyMatch(line -> line.contains("event=stopped")), log.toString());
            for (String secret : List.of(ticket, unknown, signature(token), signature(forged), payload(token))) {
                assertFalse(log.stream().anyMatch(line -> line.contains(secret)), () -> secret + " is in " + log);
            }
        }
    }

    private static String signature(String token) {
        return token.substring(token.lastIndexOf('.') + 1);
    }

    private static String payload(String token) {
        return token.substring(token.indexOf('.') + 1, token.lastIndexOf('.'));
    }

    private static String send(ChildNode node, String request, String header) throws Exception {
        try (RawClient client = new RawClient(node.port())) {
            return client.send(request + " HTTP/1.1\r\nHost: localhost\r\n" + header + "\r\nContent-Length: 0\r\n\r\n")
                    .response()
                    .body();
        }
    }
}
