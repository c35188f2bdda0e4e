package io.tidegate.edge.tls;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import javax.net.ssl.KeyManager;
import javax.net.ssl.X509KeyManager;

/**
 * A certificate with its chain and private key, read from two files. The validated contents are kept, so later changes
 * to the files have no effect.
 *
 * @param chain the chain in PEM format, which begins with the certificate
 * @param key the private key in PEM format
 * @param expires the time at which the certificate expires
 */
record Certificate(Buffer chain, Buffer key, Instant expires) {

    /** Sample data that is signed and verified to check whether a key belongs to a certificate. */
    private static final byte[] PROBE = {1, 2, 3, 4};

    /**
     * Reads and validates both files. Blocks.
     *
     * @throws TlsException if a file cannot be read or used, if the key does not belong to the certificate, or if all
     *     users on this machine may read the key
     */
    static Certificate read(Vertx vertx, TlsOptions options) {
        String certificateLabel = "http.tls.certificate-file: " + options.certificateFile();
        String keyLabel = "http.tls.key-file: " + options.keyFile();
        Path keyFile = Path.of(options.keyFile());
        Buffer chain = bytes(Path.of(options.certificateFile()), certificateLabel);
        Buffer key = bytes(keyFile, keyLabel);
        refuseOpen(keyFile, keyLabel);
        X509Certificate certificate = first(chain, certificateLabel);
        PublicKey publicKey = certificate.getPublicKey();
        if (!signs(privateKey(vertx, chain, key, publicKey, keyLabel), publicKey)) {
            throw new TlsException(keyLabel + " must be the key of " + options.certificateFile(), null);
        }
        return new Certificate(chain, key, certificate.getNotAfter().toInstant());
    }

    KeyCertOptions toOptions() {
        return new PemKeyCertOptions().setCertValue(chain).setKeyValue(key);
    }

    private static Buffer bytes(Path file, String label) {
        try {
            return Buffer.buffer(Files.readAllBytes(file));
        } catch (FileSystemException unreadable) {
            String reason = unreadable.getReason();
            throw new TlsException(
                    label + " cannot be read: "
                            + (reason == null
                                    ? unreadable.getClass().getSimpleName().replace("Exception", "")
                                    : reason),
                    unreadable);
        } catch (IOException unreadable) {
            throw new TlsException(label + " cannot be read: " + unreadable.getMessage(), unreadable);
        }
    }

    /**
     * Rejects a key file that all users may read. A group may read the file, because keys are often shared with servers
     * in this way.
     */
    private static void refuseOpen(Path file, String label) {
        try {
            if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
                throw new TlsException(label + " must not be readable by everyone: chmod o-r " + file, null);
            }
        } catch (UnsupportedOperationException noSuchPermissions) {
            // The file system has no POSIX permissions, so there is nothing to check.
        } catch (IOException unreadable) {
            throw new TlsException(label + " cannot be read: " + unreadable.getMessage(), unreadable);
        }
    }

    private static X509Certificate first(Buffer chain, String label) {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(chain.getBytes()))
                    .iterator()
                    .next();
        } catch (GeneralSecurityException | RuntimeException notOne) {
            throw new TlsException(label + " must contain a certificate in PEM form", notOne);
        }
    }

    private static PrivateKey privateKey(Vertx vertx, Buffer chain, Buffer key, PublicKey publicKey, String label) {
        try {
            KeyManager[] managers = new PemKeyCertOptions()
                    .setCertValue(chain)
                    .setKeyValue(key)
                    .getKeyManagerFactory(vertx)
                    .getKeyManagers();
            X509KeyManager manager = (X509KeyManager) managers[0];
            String[] aliases = manager.getServerAliases(publicKey.getAlgorithm(), null);
            return manager.getPrivateKey(aliases[0]);
        } catch (Exception notOne) {
            throw new TlsException(
                    label + " must contain the RSA or EC private key of the certificate in PEM form", notOne);
        }
    }

    private static boolean signs(PrivateKey key, PublicKey publicKey) {
        String algorithm = publicKey.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA";
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(PROBE);
            byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(PROBE);
            return signature.verify(signed);
        } catch (GeneralSecurityException mismatch) {
            return false;
        }
    }
}
