package dev.gossamer.bench.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * The client before every contender: reads one command a line, answers with one line of JSON.
 *
 * <p>Argument: the server's address. Commands: {@code rate <perSecond> <connections> <seconds>}, {@code max
 * <connections> <seconds>}, {@code connect <atOnce> <seconds>}, {@code down|up <streams> <seconds>}, {@code hold
 * <connections>} and {@code release}. Confined to its main thread.
 */
public final class LoadClient {
    private LoadClient() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        var server = InetAddress.ofLiteral(args[0]);
        var held = new HeldConnections(server);
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        System.out.println("ready");
        for (String line; (line = in.readLine()) != null; ) {
            var words = line.split(" ");
            System.out.println(
                    switch (words[0]) {
                        case "rate" ->
                            new RequestLoad(server, number(words, 2))
                                    .openLoop(number(words, 1), seconds(words, 3))
                                    .json();
                        case "max" ->
                            new RequestLoad(server, number(words, 1))
                                    .closedLoop(seconds(words, 2))
                                    .json();
                        case "connect" -> ConnectLoad.run(server, number(words, 1), seconds(words, 2));
                        case "down" -> BulkLoad.download(server, number(words, 1), seconds(words, 2));
                        case "up" -> BulkLoad.upload(server, number(words, 1), seconds(words, 2));
                        case "hold" -> held.hold(number(words, 1));
                        case "release" -> held.release();
                        default -> throw new IOException("unknown command: " + line);
                    });
        }
    }

    private static int number(String[] words, int index) {
        return Integer.parseInt(words[index]);
    }

    private static Duration seconds(String[] words, int index) {
        return Duration.ofSeconds(number(words, index));
    }
}
