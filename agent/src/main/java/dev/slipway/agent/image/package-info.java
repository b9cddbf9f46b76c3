/// What an image is to be, read from a step's inputs, and whether a scanner's findings let it pass.
@NullMarked
package dev.slipway.agent.image;

import org.jspecify.annotations.NullMarked;
