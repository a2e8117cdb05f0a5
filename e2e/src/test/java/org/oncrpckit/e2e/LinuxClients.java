package org.oncrpckit.e2e;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The test bed: private namespaces with rpcbind, an NFSv3 server without lock manager, and up to
 * four guests with real Linux kernels that mount it. One for all scenarios of a run; a scenario
 * gets it as a parameter from {@link LinuxClientsExtension}.
 */
final class LinuxClients implements AutoCloseable {
    /** Address of the server side inside the namespaces. */
    static final String SERVER = ServerSide.ADDRESS;

    /** Its second address. */
    static final String SERVER_2 = "10.99.0.2";

    /** Its IPv6 address. */
    static final String SERVER_6 = "fd99::1";

    private final ServerSide server;
    private final Map<Integer, Guest> guests = new HashMap<>();

    private LinuxClients(ServerSide server) {
        this.server = server;
    }

    /**
     * Brings the test bed up.
     *
     * @throws IOException when it does not come up; the message says what the harness said
     */
    static LinuxClients up() throws IOException {
        LinuxClients clients = new LinuxClients(ServerSide.up());
        try {
            // A guest proves the rest: User Mode Linux runs and the kernel can mount.
            clients.guest(1);
        } catch (IOException | RuntimeException e) {
            clients.close();
            throw e;
        }
        return clients;
    }

    /** The guest of this number (1 to 4), booted and mounted; booted again after a crash. */
    Guest guest(int number) throws IOException {
        boot(number);
        return Objects.requireNonNull(guests.get(number));
    }

    /** Boots several guests at once, those that do not run already. */
    void boot(int... numbers) throws IOException {
        for (int number : numbers) {
            Guest guest = guests.get(number);
            if (guest == null || !guest.isRunning()) {
                guests.put(number, Guest.start(script(), server.harness(), runFolder(), number));
            }
        }
        for (int number : numbers) {
            Objects.requireNonNull(guests.get(number)).awaitReady();
        }
    }

    /** The half of it that is not the guests. */
    ServerSide server() {
        return server;
    }

    HarnessScript script() {
        return server.script();
    }

    /** The folder of this run, the same path inside and outside of the namespaces. */
    Path runFolder() {
        return server.runFolder();
    }

    /** The folder that the guests see as /srv. */
    Path share() {
        return runFolder().resolve("share");
    }

    /** A sign that jobs in guests can wait for; the name is used once in a run. */
    GoSign goSign(String name) {
        return new GoSign(share().resolve(name + ".go"), "/srv/" + name + ".go");
    }

    /** What rpcbind of the server side names, as rpcinfo prints it. */
    String registrations() throws IOException {
        return script().runOrThrow("exec", "rpcinfo", "-p", "127.0.0.1");
    }

    /** Starts a capture of everything between server and guests. */
    Capture capture(String name) throws IOException {
        return server.capture(name);
    }

    @Override
    public void close() throws IOException {
        for (Guest guest : guests.values()) {
            guest.stop();
        }
        server.close();
    }
}
