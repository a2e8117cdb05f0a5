package org.oncrpckit.examples;

import static org.oncrpckit.xdr.XdrCodecs.INT;
import static org.oncrpckit.xdr.XdrCodecs.string;

import org.oncrpckit.rpc.Procedure;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.xdr.XdrCodec;
import org.oncrpckit.xdr.XdrRecords;

/** A protocol of one's own: described once, used by server and client. */
final class GreetingProtocol {
    /**
     * RFC 5531 section 8.3: numbers from 0x20000000 on are for a site's own programs, chosen by
     * hand. Those from 0x40000000 on are transient: for programs that take a free number when they
     * start and tell their clients by other means, such as call-backs. IANA assigns those below.
     */
    static final ProgramVersion VERSION = new ProgramVersion(0x2000_0042, 1);

    // [protocol]
    /** Whom to greet, and how often. */
    record Request(String name, int times) {}

    private static final XdrCodec<Request> REQUEST =
            XdrRecords.of(string(64), Request::name, INT, Request::times, Request::new);

    static final Procedure<Request, String> GREET =
            new Procedure<>(VERSION, 1, "GREET", REQUEST, string(1024));

    // [end]

    private GreetingProtocol() {}
}
