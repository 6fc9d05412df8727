package dev.gossamer.net.admin;

/** Answers requests for one path. Called on a virtual thread, so it may wait. */
@FunctionalInterface
public interface AdminPage {
    /** What is thrown is logged, and the client gets a 500. */
    AdminResponse serve(AdminRequest request) throws Exception;
}
