// SPDX-License-Identifier: Apache-2.0
package upstreamreset.probe;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.security.auth.x500.X500Principal;

/**
 * Makes keys and certificates (RFC 5280) in this JVM, which has no interface for it: a keytool for each takes a second. And lets
 * the JVM trust one of them.
 */
final class Certificates {
    static final char[] PASSWORD = "changeit".toCharArray();

    private static final String TRUST = "javax.net.ssl.trustStore";
    private static final AtomicLong SERIAL = new AtomicLong(1);
    private static final byte[] ECDSA_WITH_SHA256 = der(0x30, der(0x06, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 2));
    private static final byte[] SUBJECT_ALTERNATIVE_NAME = der(0x06, 0x55, 0x1D, 0x11);
    private static final byte[] BASIC_CONSTRAINTS = der(0x06, 0x55, 0x1D, 0x13);
    private static final byte[] TRUE = der(0x01, 0xFF);

    private Certificates() {}

    /** A key with its certificate and the certificates up to the authority. */
    record Identity(String name, PrivateKey key, List<X509Certificate> chain) {
        X509Certificate certificate() {
            return chain.getFirst();
        }

        /** A key store with this key only. */
        KeyStore keyStore() throws GeneralSecurityException, IOException {
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, PASSWORD);
            store.setKeyEntry(name, key, PASSWORD, chain.toArray(new X509Certificate[0]));
            return store;
        }

        /** Writes the key to {@code NAME.key} and the certificate, without the others, to {@code NAME.pem}. */
        void writePem(Path folder) throws GeneralSecurityException, IOException {
            Files.writeString(folder.resolve(name + ".key"), pem("PRIVATE KEY", key.getEncoded()));
            Files.writeString(
                    folder.resolve(name + ".pem"),
                    pem("CERTIFICATE", certificate().getEncoded()));
        }
    }

    /** An authority with a key on P-256. */
    static Identity authority(String name) throws GeneralSecurityException {
        var keys = elliptic();
        var certificate = certificate(
                name, keys, name, keys.getPrivate(), 0, der(0x30, BASIC_CONSTRAINTS, TRUE, octets(der(0x30, TRUE))));
        return new Identity(name, keys.getPrivate(), List.of(certificate));
    }

    /** A self-signed certificate for {@code host}. */
    static Identity selfSigned(String name, String host) throws GeneralSecurityException {
        var keys = elliptic();
        return new Identity(
                name, keys.getPrivate(), List.of(certificate(name, keys, name, keys.getPrivate(), -1, forHost(host))));
    }

    /** A certificate for {@code host}; it becomes valid in {@code start} days, for five days. */
    static Identity signed(Identity authority, String name, KeyPair keys, String host, int start)
            throws GeneralSecurityException {
        var certificate = certificate(name, keys, authority.name(), authority.key(), start, forHost(host));
        return new Identity(name, keys.getPrivate(), List.of(certificate, authority.certificate()));
    }

    static KeyPair elliptic() throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        return generator.generateKeyPair();
    }

    static KeyPair rsa(int bits) throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(bits);
        return generator.generateKeyPair();
    }

    /** Makes this JVM trust only this authority, until {@link #trustAsBefore}. */
    static void trust(Identity authority, Path folder) throws GeneralSecurityException, IOException {
        var trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, PASSWORD);
        trusted.setCertificateEntry(authority.name(), authority.certificate());
        var file = folder.resolve("trust");
        try (var out = Files.newOutputStream(file)) {
            trusted.store(out, PASSWORD);
        }
        System.setProperty(TRUST, file.toString());
        System.setProperty(TRUST + "Password", new String(PASSWORD));
    }

    static void trustAsBefore() {
        System.clearProperty(TRUST);
        System.clearProperty(TRUST + "Password");
    }

    private static X509Certificate certificate(
            String subject, KeyPair keys, String issuer, PrivateKey issuerKey, int start, byte[] extension)
            throws GeneralSecurityException {
        var from = Instant.now().plus(start, ChronoUnit.DAYS).minus(1, ChronoUnit.MINUTES);
        var toBeSigned = der(
                0x30,
                der(0xA0, der(0x02, 2)), // version 3
                der(0x02, BigInteger.valueOf(SERIAL.getAndIncrement()).toByteArray()),
                ECDSA_WITH_SHA256,
                name(issuer),
                der(0x30, time(from), time(from.plus(5, ChronoUnit.DAYS))),
                name(subject),
                keys.getPublic().getEncoded(),
                der(0xA3, der(0x30, extension)));
        var signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(issuerKey);
        signature.update(toBeSigned);
        var bits = new ByteArrayOutputStream();
        bits.write(0); // no unused bits
        bits.writeBytes(signature.sign());
        var bytes = der(0x30, toBeSigned, ECDSA_WITH_SHA256, der(0x03, bits.toByteArray()));
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(bytes));
    }

    private static byte[] name(String name) {
        return new X500Principal("CN=" + name).getEncoded();
    }

    private static byte[] time(Instant time) {
        var text = DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'")
                .withZone(ZoneOffset.UTC)
                .format(time);
        return der(0x17, text.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] forHost(String host) {
        var names = der(0x30, der(0x82, host.getBytes(StandardCharsets.US_ASCII)));
        return der(0x30, SUBJECT_ALTERNATIVE_NAME, octets(names));
    }

    private static byte[] octets(byte[] content) {
        return der(0x04, content);
    }

    private static byte[] der(int tag, int... content) {
        var bytes = new ByteArrayOutputStream();
        for (int each : content) {
            bytes.write(each);
        }
        return der(tag, bytes.toByteArray());
    }

    /** One value of DER (X.690 §8.1): tag, length, content. */
    private static byte[] der(int tag, byte[]... parts) {
        var content = new ByteArrayOutputStream();
        for (var part : parts) {
            content.writeBytes(part);
        }
        var value = new ByteArrayOutputStream();
        value.write(tag);
        if (content.size() >= 0x100) {
            value.write(0x82);
            value.write(content.size() >> 8);
        } else if (content.size() >= 0x80) {
            value.write(0x81);
        }
        value.write(content.size());
        value.writeBytes(content.toByteArray());
        return value.toByteArray();
    }

    private static String pem(String what, byte[] bytes) {
        var base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return "-----BEGIN %s-----%n%s%n-----END %s-----%n".formatted(what, base64, what);
    }
}
