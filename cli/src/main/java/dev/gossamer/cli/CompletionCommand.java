package dev.gossamer.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the script that completes commands and flags in a shell. Confined to the command's thread. */
@Command(
        name = "completion",
        description = "Print the script that completes commands and flags in a shell.",
        footer = {
            "",
            "Examples:",
            "  source <(gossamer completion bash)",
            "  ./gossamer completion zsh > ~/.gossamer-completion; echo 'source ~/.gossamer-completion' >> ~/.zshrc"
        })
final class CompletionCommand implements Callable<Integer> {
    /** The shells there is a script for. */
    enum Shell {
        BASH,
        ZSH
    }

    @Parameters(paramLabel = "bash|zsh", description = "The shell.")
    private @Nullable Shell shell;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        if (spec == null || shell == null) {
            throw new IllegalStateException("not parsed");
        }
        var out = spec.commandLine().getOut();
        // One script for both: in zsh it turns on the compatibility that it needs.
        out.println(AutoComplete.bash("gossamer", spec.root().commandLine()));
        out.flush();
        return 0;
    }
}
