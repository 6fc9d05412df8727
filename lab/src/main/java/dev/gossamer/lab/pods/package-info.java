/** What a kubelet does: makes running processes of Pod objects and reports on them, through the Kubernetes API alone. */
@NullMarked
package dev.gossamer.lab.pods;

import org.jspecify.annotations.NullMarked;
