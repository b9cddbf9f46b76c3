/// Content-addressed files and what refers to them: sources, artifacts and caches.
///
/// Start reading at {@link dev.slipway.coordinator.blobs.BlobStore}.
@NullMarked
package dev.slipway.coordinator.blobs;

import org.jspecify.annotations.NullMarked;
