package dev.gossamer.lab;

import java.nio.file.Path;
import java.util.Arrays;

/** The commands of {@link Lab} as a program, for tests of this module: the real one is in another. Immutable. */
final class LabProgram {
    private LabProgram() {}

    public static void main(String[] arguments) throws InterruptedException {
        try {
            var lab = Lab.ofThisUser();
            switch (arguments[0]) {
                case "up" -> {
                    lab.up(options(arguments), System.out::println);
                    System.out.println("ready");
                }
                case "down" -> System.out.println(lab.down(arguments[1]));
                default -> throw new IllegalArgumentException(arguments[0]);
            }
        } catch (LabException e) {
            System.out.println(e.getMessage());
            System.exit(1);
        }
    }

    private static LabOptions options(String[] arguments) {
        var all = Arrays.asList(arguments);
        int images = all.indexOf("--images");
        int data = all.indexOf("--data");
        int port = all.indexOf("--port");
        return new LabOptions(
                arguments[1],
                images < 0 ? null : Path.of(arguments[images + 1]),
                data < 0 ? null : Path.of(arguments[data + 1]),
                all.contains("--bare"),
                2,
                port < 0 ? null : Integer.valueOf(arguments[port + 1]),
                "ambient");
    }
}
