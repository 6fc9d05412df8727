/**
 * The controllers of a small cluster: what kube-controller-manager and kube-scheduler do, as far as the lab needs it.
 *
 * <p>Each controller is level-triggered: it compares what is with what should be, does the next step, and is called again
 * when something changes. All of them share one view of the cluster and write through one place, which also puts their own
 * writes into the view, so that no controller acts twice for want of an echo.
 */
@NullMarked
package dev.gossamer.kube.controller;

import org.jspecify.annotations.NullMarked;
