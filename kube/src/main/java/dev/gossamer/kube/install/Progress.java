package dev.gossamer.kube.install;

/** Hears how an installation goes. */
public interface Progress {
    /** A step begins that may take a while. */
    void started(String step);

    /** The step that began last is done. */
    void done(String step);

    /** Something the operator should know. */
    void note(String text);

    /** Hears nothing. */
    Progress SILENT = new Progress() {
        @Override
        public void started(String step) {
            // Nobody listens.
        }

        @Override
        public void done(String step) {
            // Nobody listens.
        }

        @Override
        public void note(String text) {
            // Nobody listens.
        }
    };
}
