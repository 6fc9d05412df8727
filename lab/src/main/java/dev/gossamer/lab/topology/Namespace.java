package dev.gossamer.lab.topology;

import dev.gossamer.net.linux.Netns;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;

/** A network namespace by the name of its file. Immutable. */
public record Namespace(String name) {
    /** Where {@code ip netns} keeps them. */
    public static final Path DIRECTORY = Path.of("/run/netns");

    public Path file() {
        return DIRECTORY.resolve(name);
    }

    /** A TCP socket, not yet connected, that lives in here whichever thread uses it. */
    public SocketChannel newSocket() throws IOException, InterruptedException {
        try (var netns = Netns.open(file())) {
            return netns.call(() -> SocketChannel.open(StandardProtocolFamily.INET));
        } catch (IOException | InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("opening a socket in " + file(), e);
        }
    }

    /** Runs {@code lines} of {@code ip} commands in here, in one go. */
    void ip(List<String> lines) throws IOException, InterruptedException {
        Command.run(List.of("ip", "-n", name, "-batch", "-"), String.join("\n", lines) + "\n");
    }

    /** Replaces tables in here by an {@code nft} script, in one transaction. */
    public void nft(String script) throws IOException, InterruptedException {
        Command.run(List.of("nsenter", "--net=" + file(), "nft", "-f", "-"), script);
    }

    static Namespace create(String name) throws IOException, InterruptedException {
        Command.run(List.of("ip", "netns", "add", name));
        return new Namespace(name);
    }

    void delete() throws IOException, InterruptedException {
        Command.run(List.of("ip", "netns", "delete", name));
    }
}
