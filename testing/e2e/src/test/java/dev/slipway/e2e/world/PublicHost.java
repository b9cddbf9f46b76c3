package dev.slipway.e2e.world;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// A host of the internet, `https://NAME/`, for programs that obey `https_proxy` and trust the file
/// of {@link #certificate}: a server with a certificate of its own for that name, and a proxy that
/// leads every CONNECT to it.
public final class PublicHost implements AutoCloseable {
    private static final char[] PASSWORD = "not-secret".toCharArray();

    private final Path folder;
    private final String name;
    private final HttpsServer server;
    private final ServerSocket proxy;
    private final AtomicInteger asked = new AtomicInteger();

    /// @param status what each request is answered with
    public PublicHost(Path folder, String name, IntSupplier status) throws Exception {
        this.folder = folder;
        this.name = name;
        Path keys = folder.resolve(name + ".p12");
        keytool(
                "-genkeypair -keyalg RSA -alias host -validity 30 -storetype PKCS12",
                List.of("-dname", "CN=" + name, "-ext", "SAN=dns:" + name),
                keys);
        keytool("-exportcert -rfc -alias host", List.of("-file", certificate().toString()), keys);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context(keys)));
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext(
                "/",
                exchange -> {
                    try (exchange) {
                        asked.incrementAndGet();
                        exchange.sendResponseHeaders(status.getAsInt(), -1);
                    }
                });
        server.start();
        proxy = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("proxy").start(this::accept);
    }

    /// What `https_proxy` says.
    public String proxy() {
        return "http://127.0.0.1:" + proxy.getLocalPort();
    }

    /// What `CURL_CA_BUNDLE` says.
    public Path certificate() {
        return folder.resolve(name + ".pem");
    }

    /// How many requests came.
    public int asked() {
        return asked.get();
    }

    private static void keytool(String command, List<String> more, Path keys) throws Exception {
        var words = new java.util.ArrayList<String>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        words.addAll(List.of(command.split(" ")));
        words.addAll(more);
        words.addAll(List.of("-keystore", keys.toString(), "-storepass", new String(PASSWORD)));
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException("keytool: " + said);
        }
    }

    private static SSLContext context(Path keys) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, PASSWORD);
        }
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = proxy.accept();
                Thread.ofVirtual().start(() -> connect(client));
            }
        } catch (IOException closed) {
            // The end of this proxy.
        }
    }

    private void connect(Socket client) {
        try (client;
                var host =
                        new Socket(
                                server.getAddress().getAddress(), server.getAddress().getPort())) {
            var in = new BufferedInputStream(client.getInputStream());
            if (!header(in).startsWith("CONNECT " + name + ":443 ")) {
                client.getOutputStream()
                        .write(
                                "HTTP/1.1 502 Unknown host\r\n\r\n"
                                        .getBytes(StandardCharsets.US_ASCII));
                return;
            }
            client.getOutputStream()
                    .write("HTTP/1.1 200 Connected\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            Thread.ofVirtual().start(() -> copy(host, client));
            in.transferTo(host.getOutputStream());
            host.shutdownOutput();
        } catch (IOException gone) {
            // The client has what it wanted.
        }
    }

    private static String header(InputStream in) throws IOException {
        var text = new StringBuilder();
        while (text.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0 || text.length() > 10_000) {
                throw new IOException("no request");
            }
            text.append((char) next);
        }
        return text.toString();
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException gone) {
            // One of them has closed.
        }
    }

    @Override
    public void close() throws IOException {
        proxy.close();
        server.stop(0);
    }
}
