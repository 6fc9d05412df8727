/** The server's own certificate authority and certificate, and the admin's token, made at the first start. */
@NullMarked
package dev.gossamer.kube.server.certificate;

import org.jspecify.annotations.NullMarked;
