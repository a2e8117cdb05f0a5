package org.oncrpckit.benchmarks.area;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.oncrpckit.benchmarks.process.Child;
import org.oncrpckit.benchmarks.process.Commands;
import org.oncrpckit.benchmarks.result.Sample;
import org.oncrpckit.benchmarks.subject.NullProtocol;

/** The peers that are written in C with libtirpc; missing ones are noted. */
final class Tirpc {
    private Tirpc() {}

    static Optional<Child> server(Session session, int port)
            throws IOException, InterruptedException {
        Optional<Path> program = program(session, "tirpc_server");
        return program.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        Child.start(
                                "tirpc-server",
                                session.scratch(),
                                List.of(
                                        program.get().toString(),
                                        Integer.toString(port),
                                        Integer.toString(NullProtocol.VERSION.program()),
                                        Integer.toString(NullProtocol.VERSION.version()))));
    }

    /** Calls from so many processes, each with one call at a time. */
    static Optional<Contest.Contestant> client(
            Session session, String transport, String address, int port, int processes)
            throws IOException, InterruptedException {
        return program(session, "tirpc_client")
                .map(
                        program ->
                                seconds ->
                                        Sample.parse(
                                                Commands.run(
                                                        List.of(
                                                                program.toString(),
                                                                transport,
                                                                address,
                                                                Integer.toString(port),
                                                                Integer.toString(processes),
                                                                Double.toString(seconds)))));
    }

    private static Optional<Path> program(Session session, String name)
            throws IOException, InterruptedException {
        Optional<Path> program = session.tools().tirpcProgram(name);
        if (program.isEmpty()) {
            session.note("libtirpc is missing (Debian: libtirpc-dev): its figures are left out");
        }
        return program;
    }
}
