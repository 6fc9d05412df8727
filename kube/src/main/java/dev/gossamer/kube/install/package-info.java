/** The mesh's installation: its manifests, from templates and an operator's values, and putting them into a cluster. */
@NullMarked
package dev.gossamer.kube.install;

import org.jspecify.annotations.NullMarked;
