package io.tidegate.edge.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tidegate.fixture.TestCertificate;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests files that contain a matching certificate and key, and files that do not. */
@SuppressWarnings("NullAway.Init") // the fields are set before the tests
@ExtendWith(VertxExtension.class)
class CertificatesTest {

    private static Vertx vertx;
    private static TestCertificate first;
    private static TestCertificate second;

    @TempDir
    private Path folder;

    private Path chain;
    private Path key;

    @BeforeAll
    static void make(Vertx vertx) throws Exception {
        CertificatesTest.vertx = vertx;
        first = TestCertificate.make("EC");
        second = TestCertificate.make("EC");
    }

    @BeforeEach
    void write() throws Exception {
        chain = folder.resolve("chain.pem");
        key = folder.resolve("key.pem");
        first.write(chain, key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA"})
    void everyUsualKindOfKeyIsTaken(String algorithm) throws Exception {
        TestCertificate.make(algorithm).write(chain, key);
        open();
    }

    @Test
    void aGroupMayReadTheKeyAndEveryoneTheCertificate() throws Exception {
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
        Files.setPosixFilePermissions(chain, PosixFilePermissions.fromString("rw-r--r--"));
        open();
    }

    @Test
    void aKeyThatEveryoneMayReadIsRefused() throws Exception {
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw----r--"));
        assertRefused("http.tls.key-file: " + key + " must not be readable by everyone: chmod o-r " + key);
    }

    @Test
    void theKeyOfAnotherCertificateIsRefused() throws Exception {
        second.write(folder.resolve("other.pem"), key);
        assertRefused("http.tls.key-file: " + key + " must be the key of " + chain);
    }

    @Test
    void aKeyOfAnotherKindIsRefused() throws Exception {
        TestCertificate.make("RSA").write(folder.resolve("other.pem"), key);
        assertRefused("http.tls.key-file: " + key + " ");
    }

    @Test
    void missingFilesAreRefused() throws Exception {
        Files.delete(key);
        assertRefused("http.tls.key-file: " + key + " cannot be read: NoSuchFile");
        Files.delete(chain);
        assertRefused("http.tls.certificate-file: " + chain + " cannot be read: NoSuchFile");
    }

    @Test
    void whatIsNoPemIsRefused() throws Exception {
        Files.writeString(key, "no key");
        assertRefused(
                "http.tls.key-file: " + key + " must contain the RSA or EC private key of the certificate in PEM form");
        Files.writeString(chain, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        assertRefused("http.tls.certificate-file: " + chain + " must contain a certificate in PEM form");
        Files.writeString(chain, "");
        assertRefused("http.tls.certificate-file: " + chain + " must contain a certificate in PEM form");
    }

    @Test
    void whatIsNewIsHandedOverOnceAndWhatCannotBeUsedNever() throws Exception {
        Certificates certificates = open();
        AtomicInteger taken = new AtomicInteger();
        assertEquals(0, reload(certificates, taken));
        second.write(chain, key);
        assertEquals(1, reload(certificates, taken));
        assertEquals(1, reload(certificates, taken));
        Files.writeString(key, "half a k");
        assertEquals(1, reload(certificates, taken));
        second.write(chain, key);
        assertEquals(1, reload(certificates, taken));
        first.write(chain, key);
        assertEquals(2, reload(certificates, taken));
    }

    @Test
    void filesAreReadOnlyOnceTheirTimeOrSizeHasChanged() throws Exception {
        Certificates certificates = open();
        assertFalse(check(certificates));
        FileTime later = FileTime.fromMillis(Files.getLastModifiedTime(key).toMillis() + 2000);
        Files.setLastModifiedTime(key, later);
        assertTrue(check(certificates));
        assertFalse(check(certificates));
        Files.delete(chain);
        assertTrue(check(certificates));
        assertFalse(check(certificates));
    }

    @Test
    void aCipherSuiteThatJavaDoesNotKnowIsRefused() {
        TlsOptions options = new TlsOptions(chain.toString(), key.toString(), Duration.ZERO, List.of("TLS_NULL"));
        TlsException refused = assertThrows(
                TlsException.class, () -> Certificates.open(vertx, options).await(20, TimeUnit.SECONDS));
        assertTrue(String.valueOf(refused.getMessage()).endsWith("not TLS_NULL"), refused.toString());
        assertThrows(IllegalArgumentException.class, () -> new TlsOptions("", "", Duration.ZERO, List.of()));
    }

    private static boolean check(Certificates certificates) throws Exception {
        return certificates.check(Future::succeededFuture).await(20, TimeUnit.SECONDS);
    }

    @Test
    void oneFileWithoutTheOtherIsRefused() {
        assertTrue(String.valueOf(
                        assertThrows(IllegalArgumentException.class, () -> new TlsOptions("a", "", Duration.ZERO))
                                .getMessage())
                .startsWith("key-file must be set"));
        assertTrue(String.valueOf(
                        assertThrows(IllegalArgumentException.class, () -> new TlsOptions("", "a", Duration.ZERO))
                                .getMessage())
                .startsWith("certificate-file must be set"));
    }

    private static int reload(Certificates certificates, AtomicInteger taken) throws Exception {
        certificates
                .reload(() -> {
                    taken.incrementAndGet();
                    return Future.succeededFuture();
                })
                .await(20, TimeUnit.SECONDS);
        return taken.get();
    }

    private Certificates open() throws Exception {
        return Certificates.open(vertx, new TlsOptions(chain.toString(), key.toString(), Duration.ZERO))
                .await(20, TimeUnit.SECONDS);
    }

    private void assertRefused(String reason) {
        TlsException refused = assertThrows(TlsException.class, this::open);
        assertTrue(String.valueOf(refused.getMessage()).startsWith(reason), refused.toString());
    }
}
