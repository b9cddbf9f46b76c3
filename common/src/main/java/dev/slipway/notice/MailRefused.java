package dev.slipway.notice;

import java.io.IOException;

/// A mail server does not take a mail, for a reason that does not pass.
public final class MailRefused extends IOException {
    private static final long serialVersionUID = 1;

    public MailRefused(String message) {
        super(message);
    }
}
