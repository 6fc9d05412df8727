/** What clients ask first: groups, versions, resources, OpenAPI documents. */
@NullMarked
package dev.gossamer.kube.server.discovery;

import org.jspecify.annotations.NullMarked;
