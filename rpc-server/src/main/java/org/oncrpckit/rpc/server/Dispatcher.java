package org.oncrpckit.rpc.server;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.oncrpckit.rpc.AcceptStatus;
import org.oncrpckit.rpc.AuthStatus;
import org.oncrpckit.rpc.CallHeader;
import org.oncrpckit.rpc.CallHeaderMemo;
import org.oncrpckit.rpc.DeniedCall;
import org.oncrpckit.rpc.IncomingCall;
import org.oncrpckit.rpc.OpaqueAuth;
import org.oncrpckit.rpc.ProgramVersion;
import org.oncrpckit.rpc.ReplyHeader;
import org.oncrpckit.xdr.XdrException;
import org.oncrpckit.xdr.XdrReader;
import org.oncrpckit.xdr.XdrWriter;

/**
 * Finds the procedure for a call, or the reason why there is none: header, access to the server,
 * authentication, program, access to the program, version, procedure, in this order, so that nobody
 * who is refused learns what is served. Runs on I/O threads and takes no lock.
 */
final class Dispatcher {
    private final ServerParts parts;
    private final CallPlacement placement;
    private final AccessRule access;
    private final NumberTable<Authenticator> authenticators;
    private final CallHeaderMemo headers = new CallHeaderMemo();
    private volatile NumberTable<HostedProgram> programs;
    private volatile boolean stopping;

    Dispatcher(
            ServerParts parts,
            AccessRule access,
            NumberTable<Authenticator> authenticators,
            NumberTable<HostedProgram> programs) {
        this.parts = parts;
        this.placement = new CallPlacement(parts);
        this.access = access;
        this.authenticators = authenticators;
        this.programs = programs;
    }

    /** Replaces the programs that calls are looked up in from now on. */
    void serve(NumberTable<HostedProgram> served) {
        programs = served;
    }

    /** Drops every call from now on. */
    void stop() {
        stopping = true;
    }

    void received(ServedEndpoint origin, SocketAddress from, ByteBuffer message) {
        parts.events().callReceived();
        parts.inProgress().begin();
        // Counted before the look at the flag, so that draining misses no call that got past it.
        if (stopping) {
            turnAway(origin, from, CallOutcome.STOPPING);
            return;
        }
        XdrReader reader = origin.reader().reset(message);
        IncomingCall call;
        try {
            call = IncomingCall.decode(reader, headers);
        } catch (XdrException e) {
            turnAway(origin, from, CallOutcome.MALFORMED);
            return;
        }
        if (call instanceof CallHeader header) {
            authenticate(origin, from, header, message, reader);
        } else {
            ReplyHeader denial = ((DeniedCall) call).denial();
            turnAway(
                    origin,
                    from,
                    denial,
                    denial instanceof ReplyHeader.RpcMismatch
                            ? CallOutcome.RPC_MISMATCH
                            : CallOutcome.AUTH_ERROR);
        }
    }

    private void authenticate(
            ServedEndpoint origin,
            SocketAddress from,
            CallHeader header,
            ByteBuffer message,
            XdrReader reader) {
        if (!allowed(access, origin, from, header, OpaqueAuth.NONE)) {
            return;
        }
        int argumentsAt = message.position() + reader.position();
        Authentication decision = authentication(origin, from, header, message, reader);
        if (decision instanceof Authentication.Accepted caller) {
            lookUp(origin, from, header, caller, message.position(argumentsAt));
        } else if (decision instanceof Authentication.Rejected rejected) {
            denied(origin, from, header, rejected.status());
        } else if (decision instanceof Authentication.Answered answered) {
            answer(origin, from, header, answered);
        } else {
            turnAway(origin, from, CallOutcome.ACCESS_DROPPED);
        }
    }

    private Authentication authentication(
            ServedEndpoint origin,
            SocketAddress from,
            CallHeader header,
            ByteBuffer message,
            XdrReader reader) {
        Authenticator authenticator = authenticators.get(header.credential().flavor());
        if (authenticator == null) {
            return new Authentication.Rejected(AuthStatus.AUTH_REJECTEDCRED);
        }
        try {
            return authenticator.authenticate(
                    new Authenticator.Request(header, message, reader, from, origin.endpoint()));
        } catch (RuntimeException e) {
            parts.events().authenticatorFailed(header, from, e);
            return new Authentication.Rejected(AuthStatus.AUTH_FAILED);
        }
    }

    private void lookUp(
            ServedEndpoint origin,
            SocketAddress from,
            CallHeader header,
            Authentication.Accepted caller,
            ByteBuffer arguments) {
        ProgramVersion wanted = header.programVersion();
        OpaqueAuth verifier = caller.verifier();
        HostedProgram hosted = programs.get(wanted.program());
        if (hosted == null) {
            unavailable(origin, from, header, verifier, AcceptStatus.PROG_UNAVAIL);
            return;
        }
        RpcProgram program = hosted.program();
        if (!allowed(program.access(), origin, from, header, verifier)) {
            return;
        }
        ServedVersion version = program.version(wanted.version());
        if (version == null) {
            turnAway(
                    origin,
                    from,
                    new ReplyHeader.ProgramMismatch(header.xid(), verifier, program.versionRange()),
                    CallOutcome.PROG_MISMATCH);
            return;
        }
        ServedProcedure<?, ?> procedure = version.procedure(header.procedure());
        if (procedure == null) {
            unavailable(origin, from, header, verifier, AcceptStatus.PROC_UNAVAIL);
            return;
        }
        placement.begin(
                new ServedCall<>(origin, from, header, caller, hosted, procedure), arguments);
    }

    private boolean allowed(
            AccessRule rule,
            ServedEndpoint origin,
            SocketAddress from,
            CallHeader header,
            OpaqueAuth verifier) {
        AccessRule.Decision decision;
        try {
            decision = rule.decide(header, from, origin.endpoint().transport());
        } catch (RuntimeException e) {
            parts.events().authenticatorFailed(header, from, e);
            decision = AccessRule.Decision.REFUSE;
        }
        switch (decision) {
            case ALLOW -> {
                return true;
            }
            case REFUSE -> denied(origin, from, header, AuthStatus.AUTH_TOOWEAK);
            case HIDE -> unavailable(origin, from, header, verifier, AcceptStatus.PROG_UNAVAIL);
            case DROP -> turnAway(origin, from, CallOutcome.ACCESS_DROPPED);
        }
        return false;
    }

    private void answer(
            ServedEndpoint origin,
            SocketAddress from,
            CallHeader header,
            Authentication.Answered answered) {
        XdrWriter writer = parts.sender().take();
        new ReplyHeader.Accepted(header.xid(), answered.verifier(), AcceptStatus.SUCCESS)
                .encode(writer);
        writer.writeFixedBytes(answered.results().toByteArray());
        parts.sender().send(origin, from, writer.view());
        parts.sender().giveBack(writer);
        try {
            answered.afterReply().run();
        } catch (RuntimeException e) {
            parts.events().authenticatorFailed(header, from, e);
        }
        turnAway(origin, from, CallOutcome.AUTH_EXCHANGE);
    }

    private void denied(
            ServedEndpoint origin, SocketAddress from, CallHeader header, AuthStatus status) {
        turnAway(
                origin,
                from,
                new ReplyHeader.AuthError(header.xid(), status),
                CallOutcome.AUTH_ERROR);
    }

    private void unavailable(
            ServedEndpoint origin,
            SocketAddress from,
            CallHeader header,
            OpaqueAuth verifier,
            AcceptStatus status) {
        turnAway(
                origin,
                from,
                new ReplyHeader.Accepted(header.xid(), verifier, status),
                CallOutcome.of(status));
    }

    private void turnAway(
            ServedEndpoint origin, SocketAddress from, ReplyHeader reply, CallOutcome outcome) {
        parts.sender().send(origin, from, reply);
        turnAway(origin, from, outcome);
    }

    private void turnAway(ServedEndpoint origin, SocketAddress from, CallOutcome outcome) {
        parts.events().callTurnedAway(origin.endpoint(), from, outcome);
        parts.inProgress().end();
    }
}
