package org.oncrpckit.nlm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.oncrpckit.nlm.LinuxClient.Waiter;
import org.oncrpckit.nlm.protocol.NlmStatus;
import org.oncrpckit.rpc.simulation.LinkQuality;
import org.oncrpckit.rpc.transport.Transport;

/**
 * Clients that lock, wait, give up, close and crash at random, over a network that loses, repeats
 * and reorders. At no time do two of them believe to have conflicting locks; everybody who waits
 * long enough gets what he waits for; in the end nothing is left.
 */
class RandomScriptsTest {
    private static final int BYTES = 6;
    private static final Duration SCRIPT = Duration.ofSeconds(90);

    private World world;
    private World.Daemon daemon;
    private Random random;
    private final List<Program> programs = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private boolean winding;

    static List<Long> seeds() {
        Long only = Long.getLong("seed");
        if (only != null) {
            return List.of(only);
        }
        return new Random(20080314).longs(Integer.getInteger("scripts", 60)).boxed().toList();
    }

    @ParameterizedTest(name = "-Dseed={0}")
    @MethodSource("seeds")
    void nobodyIsCheatedAndNothingIsLeft(long seed) {
        random = new Random(seed);
        world = new World(seed);
        daemon = world.start();
        List<LinuxClient> clients = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            LinuxClient client = world.client(i);
            client.transport = random.nextBoolean() ? Transport.UDP : Transport.TCP;
            client.onHave = waiter -> waiterHas(client, waiter);
            clients.add(client);
        }
        world.network.setQuality(
                new LinkQuality(
                        random.nextInt(3) * 0.1,
                        random.nextInt(3) * 0.1,
                        Duration.ofMillis(1),
                        Duration.ofMillis(1 + random.nextInt(400))));
        for (LinuxClient client : clients) {
            for (int i = 0; i < 2; i++) {
                programs.add(new Program(client));
            }
            scheduleCrash(client);
        }
        programs.forEach(Program::think);
        world.time.advance(SCRIPT);

        winding = true;
        world.network.setQuality(LinkQuality.GOOD);
        boolean over =
                world.within(
                        Duration.ofMinutes(30),
                        () -> programs.stream().allMatch(each -> each.gone));
        assertThat(violations).isEmpty();
        assertThat(over).as("everybody got what he waited for and left").isTrue();
        world.time.advance(World.MINUTE);
        assertThat(daemon.counts().locks()).isZero();
        assertThat(daemon.counts().waiters()).isZero();
        assertThat(daemon.counts().unacknowledged()).isZero();
    }

    private void scheduleCrash(LinuxClient client) {
        if (random.nextInt(3) != 0) {
            return;
        }
        world.time.schedule(
                millis(1000, 60_000),
                () -> {
                    client.crash();
                    programs.stream().filter(each -> each.client == client).forEach(Program::die);
                    world.time.schedule(
                            millis(1000, 5000),
                            () -> {
                                client.reboot();
                                for (int i = 0; i < 2; i++) {
                                    Program next = new Program(client);
                                    programs.add(next);
                                    next.think();
                                }
                            });
                });
    }

    private Duration millis(int from, int to) {
        return Duration.ofMillis(from + random.nextInt(to - from));
    }

    private void checkBeliefs() {
        for (int i = 0; i < BYTES; i++) {
            Map<Program, Character> here = new HashMap<>();
            for (Program each : programs) {
                if (each.belief[i] != ' ') {
                    here.put(each, each.belief[i]);
                }
            }
            if (here.size() > 1 && here.containsValue('X')) {
                violations.add(world.time.now() + ": byte " + i + " is believed by " + here);
            }
        }
    }

    /** One thread of a client, and what it believes to have. */
    private final class Program {
        final LinuxClient client;
        final LinuxClient.Owner owner;
        final char[] belief = new char[BYTES];
        boolean gone;
        private boolean dead;

        Program(LinuxClient client) {
            this.client = client;
            this.owner = client.owner();
            Arrays.fill(belief, ' ');
        }

        void die() {
            dead = true;
            gone = true;
            Arrays.fill(belief, ' ');
        }

        void think() {
            world.time.schedule(millis(1, 3000), this::act);
        }

        private void act() {
            if (dead) {
                return;
            }
            if (winding) {
                leave();
                return;
            }
            int first = random.nextInt(BYTES);
            int last = first + random.nextInt(BYTES - first);
            boolean exclusive = random.nextBoolean();
            switch (random.nextInt(6)) {
                case 0, 1, 2 -> waitFor(first, last, exclusive);
                case 3 -> tryLock(first, last, exclusive);
                case 4 -> unlock(first, last);
                default -> close(this::think);
            }
        }

        private void leave() {
            close(() -> gone = true);
        }

        private void tryLock(int first, int last, boolean exclusive) {
            relyOnLess(first, last, exclusive);
            var unused =
                    client.sendLock(
                                    owner,
                                    World.FILE,
                                    first,
                                    last - first + 1,
                                    exclusive,
                                    false,
                                    false)
                            .thenAccept(
                                    status -> {
                                        if (status == NlmStatus.GRANTED) {
                                            believe(first, last, exclusive ? 'X' : 'S');
                                        }
                                        think();
                                    });
        }

        private void waitFor(int first, int last, boolean exclusive) {
            relyOnLess(first, last, exclusive);
            Waiter waiter = client.waitFor(owner, World.FILE, first, last - first + 1, exclusive);
            long patienceNanos = millis(1000, 60_000).toNanos();
            watch(waiter, first, last, world.time.nanoTime() + patienceNanos);
        }

        /** Notices, as fast as a thread would, how its waiter is getting on. */
        private void watch(Waiter waiter, int first, int last, long patienceEnds) {
            if (dead) {
                return;
            }
            if (waiter.has) {
                think();
            } else if (waiter.failed) {
                close(this::think); // Deadlock: it gives up all that it has.
            } else if (!winding
                    && !waiter.asking
                    && world.time.nanoTime() - patienceEnds > 0
                    && random.nextBoolean()) {
                giveUp(waiter, first, last);
            } else {
                world.time.schedule(
                        Duration.ofMillis(1), () -> watch(waiter, first, last, patienceEnds));
            }
        }

        private void giveUp(Waiter waiter, int first, int last) {
            waiter.stop();
            var unused =
                    client.sendCancel(waiter)
                            .thenAccept(
                                    status -> {
                                        if (status == NlmStatus.DENIED) {
                                            unlock(first, last);
                                        } else {
                                            think();
                                        }
                                    });
        }

        private void unlock(int first, int last) {
            believe(first, last, ' ');
            var unused =
                    client.sendUnlock(owner, World.FILE, first, last - first + 1)
                            .thenRun(this::think);
        }

        private void close(Runnable next) {
            believe(0, BYTES - 1, ' ');
            var unused = client.sendUnlock(owner, World.FILE, 0, 0).thenRun(next);
        }

        /** A shared lock replaces an exclusive one as soon as the server hears of it. */
        private void relyOnLess(int first, int last, boolean exclusive) {
            for (int i = first; i <= last && !exclusive; i++) {
                belief[i] = belief[i] == 'X' ? 'S' : belief[i];
            }
        }

        void believe(int first, int last, char mode) {
            if (!dead) {
                Arrays.fill(belief, first, last + 1, mode);
                checkBeliefs();
            }
        }

        @Override
        public String toString() {
            return client.name + "/" + owner.svid() + Arrays.toString(belief);
        }
    }

    private void waiterHas(LinuxClient client, Waiter waiter) {
        for (Program each : programs) {
            if (!each.dead && each.client == client && each.owner.equals(waiter.owner)) {
                int last = (int) (waiter.offset + waiter.length - 1);
                each.believe((int) waiter.offset, last, waiter.exclusive ? 'X' : 'S');
            }
        }
    }
}
