/// What a pipeline talks to and cannot have here: a cluster, a public host, services of others.
/// Each is a server of ours at the other end of a real connection; the programs that talk to it are
/// real.
package dev.slipway.e2e.world;
