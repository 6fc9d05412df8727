package dev.gossamer.node.redirect;

import dev.gossamer.net.linux.Netns;
import java.util.ArrayList;
import java.util.List;

/**
 * Routes packets with mark 0x111 to the pod itself: answers to connections that the node proxy makes in a client's name.
 *
 * <p>Thread-safe.
 */
final class PolicyRoute {
    private static final String TABLE = "100";
    private static final String PRIORITY = "32764";
    private static final String MARK = "0x111/0xfff";

    private PolicyRoute() {}

    static void add(Netns namespace, boolean ipv6) throws CommandFailedException, InterruptedException {
        add(namespace, "-4", "0.0.0.0/0");
        if (ipv6) {
            add(namespace, "-6", "::/0");
        }
    }

    private static void add(Netns namespace, String family, String all)
            throws CommandFailedException, InterruptedException {
        ip(namespace, family, "route", "replace", "local", all, "dev", "lo", "table", TABLE);
        if (!hasRule(namespace, family)) {
            ip(namespace, family, "rule", "add", "fwmark", MARK, "priority", PRIORITY, "lookup", TABLE);
        }
    }

    static void remove(Netns namespace, boolean ipv6) throws CommandFailedException, InterruptedException {
        remove(namespace, "-4");
        if (ipv6) {
            remove(namespace, "-6");
        }
    }

    private static void remove(Netns namespace, String family) throws CommandFailedException, InterruptedException {
        while (hasRule(namespace, family)) {
            ip(namespace, family, "rule", "del", "fwmark", MARK, "priority", PRIORITY, "lookup", TABLE);
        }
        // Succeeds also for an empty table, with some versions by a complaint that can be told from no other.
        var _ = SystemCommand.run(namespace, List.of("ip", family, "route", "flush", "table", TABLE), "");
    }

    static boolean hasRule(Netns namespace, String family) throws CommandFailedException, InterruptedException {
        return ip(namespace, family, "rule", "show", "priority", PRIORITY).contains("fwmark " + MARK);
    }

    private static String ip(Netns namespace, String... arguments) throws CommandFailedException, InterruptedException {
        var command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        return SystemCommand.require(namespace, command, "");
    }
}
