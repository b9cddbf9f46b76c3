package dev.slipway.coordinator.api;

import dev.slipway.coordinator.blobs.ArtifactStore;
import dev.slipway.coordinator.blobs.BlobStore;
import dev.slipway.coordinator.blobs.CacheStore;
import dev.slipway.coordinator.logs.LogStore;
import dev.slipway.coordinator.notify.Sender;
import dev.slipway.coordinator.secrets.SecretBox;
import dev.slipway.coordinator.storage.DeploymentRows;
import dev.slipway.coordinator.storage.RunStore;
import dev.slipway.id.Ids;
import dev.slipway.time.Clock;
import dev.slipway.time.Threads;
import dev.slipway.time.Timers;

import java.time.Duration;

/// What the services work with.
///
/// @param unreachableAfter silence after which an agent shows as unreachable
/// @param watchers how many streaming answers may be under way
/// @param version of this program
public record ApiParts(
        Leadership leadership,
        Members members,
        Checkpoints checkpoints,
        RunStore runs,
        DeploymentRows deployments,
        LogStore logs,
        BlobStore blobs,
        ArtifactStore artifacts,
        CacheStore caches,
        SecretBox secrets,
        Sender sender,
        Duration unreachableAfter,
        int watchers,
        String version,
        Clock clock,
        Timers timers,
        Threads threads,
        Ids ids) {}
