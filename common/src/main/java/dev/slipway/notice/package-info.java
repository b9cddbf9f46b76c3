/// Messages for people and services outside: what is said to each kind of receiver, one posting
/// over HTTP, one mail over SMTP. Whoever sends decides whether to try again.
///
/// Start reading at {@link dev.slipway.notice.Bodies}.
@NullMarked
package dev.slipway.notice;

import org.jspecify.annotations.NullMarked;
