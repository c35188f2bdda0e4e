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
 * A certificate with its chain and its key, as two files had them at a time: what is used is what was checked, whatever
 * becomes of the files.
 *
 * @param chain PEM, the certificate first
 * @param key PEM
 * @param expires when clients refuse it
 */
record Certificate(Buffer chain, Buffer key, Instant expires) {

    /** What a key is asked to sign, to see whether it belongs to a certificate. */
    private static final byte[] PROBE = {1, 2, 3, 4};

    /**
     * Reads and checks both files; blocks.
     *
     * @throws TlsException when one cannot be read or used, when the key is not that of the certificate, and when everyone
     *     on this machine may read it
     */
    static Certificate read(Vertx vertx, TlsOptions options) {
        String certificateIs = "http.tls.certificate-file: " + options.certificateFile();
        String keyIs = "http.tls.key-file: " + options.keyFile();
        Path keyFile = Path.of(options.keyFile());
        Buffer chain = bytes(Path.of(options.certificateFile()), certificateIs);
        Buffer key = bytes(keyFile, keyIs);
        refuseOpen(keyFile, keyIs);
        X509Certificate certificate = first(chain, certificateIs);
        PublicKey publicKey = certificate.getPublicKey();
        if (!signs(privateKey(vertx, chain, key, publicKey, keyIs), publicKey)) {
            throw new TlsException(keyIs + " is not the key of " + options.certificateFile(), null);
        }
        return new Certificate(chain, key, certificate.getNotAfter().toInstant());
    }

    KeyCertOptions toOptions() {
        return new PemKeyCertOptions().setCertValue(chain).setKeyValue(key);
    }

    private static Buffer bytes(Path file, String what) {
        try {
            return Buffer.buffer(Files.readAllBytes(file));
        } catch (FileSystemException unreadable) {
            String reason = unreadable.getReason();
            throw new TlsException(
                    what + " cannot be read: "
                            + (reason == null
                                    ? unreadable.getClass().getSimpleName().replace("Exception", "")
                                    : reason),
                    unreadable);
        } catch (IOException unreadable) {
            throw new TlsException(what + " cannot be read: " + unreadable.getMessage(), unreadable);
        }
    }

    /** A group may read it: that is how keys are shared with servers. */
    private static void refuseOpen(Path file, String what) {
        try {
            if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
                throw new TlsException(what + " may be read by everyone: chmod o-r " + file, null);
            }
        } catch (UnsupportedOperationException noSuchPermissions) {
            // Of this file system nothing can be said.
        } catch (IOException unreadable) {
            throw new TlsException(what + " cannot be read: " + unreadable.getMessage(), unreadable);
        }
    }

    private static X509Certificate first(Buffer chain, String what) {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(chain.getBytes()))
                    .iterator()
                    .next();
        } catch (GeneralSecurityException | RuntimeException notOne) {
            throw new TlsException(what + " holds no certificate in PEM form", notOne);
        }
    }

    private static PrivateKey privateKey(Vertx vertx, Buffer chain, Buffer key, PublicKey of, String what) {
        try {
            KeyManager[] managers = new PemKeyCertOptions()
                    .setCertValue(chain)
                    .setKeyValue(key)
                    .getKeyManagerFactory(vertx)
                    .getKeyManagers();
            X509KeyManager manager = (X509KeyManager) managers[0];
            String[] aliases = manager.getServerAliases(of.getAlgorithm(), null);
            return manager.getPrivateKey(aliases[0]);
        } catch (Exception notOne) {
            throw new TlsException(what + " holds no private key, RSA or EC in PEM form, for this certificate", notOne);
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
        } catch (GeneralSecurityException ofAnotherKind) {
            return false;
        }
    }
}
