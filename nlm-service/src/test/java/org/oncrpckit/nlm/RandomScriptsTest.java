package org.oncrpckit.nlm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.oncrpckit.nlm.client.CallStyle;
import org.oncrpckit.nlm.protocol.NlmVersion;
import org.oncrpckit.rpc.simulation.LinkQuality;
import org.oncrpckit.rpc.transport.Transport;

/**
 * Clients that lock, wait, give up, close and crash at random, over a network that loses, repeats
 * and reorders: kernels as we emulate them and our own {@code NlmClient}, in all versions, in calls
 * and in one-way messages. In some scripts the server is killed and comes back, twice in some. At
 * no time do two of them believe to have conflicting locks; everybody who waits long enough gets
 * what he waits for; in the end nothing is left.
 */
class RandomScriptsTest {
    private static final Duration SCRIPT = Duration.ofSeconds(90);
    private static final int PROGRAMS_EACH = 2;

    /** Whoever hears of a restart later than this has lost his locks, and may not know it yet. */
    private static final Duration GRACE = Duration.ofMinutes(4);

    private World world;
    private World.Daemon daemon;
    private Random random;
    private Script script;
    private final List<RandomProgram> programs = new ArrayList<>();

    static List<Long> seeds() {
        Long only = Long.getLong("seed");
        if (only != null) {
            return List.of(only);
        }
        Random seeds = new Random(Long.getLong("scripts.seed", 20080314));
        return seeds.longs(Integer.getInteger("scripts", 60)).boxed().toList();
    }

    @ParameterizedTest(name = "-Dseed={0}")
    @MethodSource("seeds")
    void nobodyIsCheatedAndNothingIsLeft(long seed) {
        random = new Random(seed);
        world = new World(seed);
        daemon = world.start();
        script = new Script(world, random);
        world.network.setQuality(
                new LinkQuality(
                        random.nextInt(3) * 0.1,
                        random.nextInt(3) * 0.1,
                        Duration.ofMillis(1),
                        Duration.ofMillis(1 + random.nextInt(400))));
        // Calls of an emulated kernel are not made again when a server has gone: no kernels then.
        boolean serverRestarts = random.nextInt(3) == 0;
        for (int i = 1; i <= 3 && !serverRestarts; i++) {
            addKernel(i);
        }
        List<JavaClient> clients = new ArrayList<>();
        for (int i = 1; i <= (serverRestarts ? 4 : 2); i++) {
            clients.add(javaClient(i));
        }
        for (JavaClient each : clients) {
            for (int i = 0; i < PROGRAMS_EACH; i++) {
                add(new JavaProgram(script, each, transport()));
            }
        }
        if (serverRestarts) {
            int kills = 1 + random.nextInt(2);
            world.time.schedule(script.millis(5000, 80_000), () -> restartServer(kills));
        }
        world.time.advance(SCRIPT);

        script.wind();
        world.network.setQuality(LinkQuality.GOOD);
        boolean over =
                world.within(
                        Duration.ofMinutes(30),
                        () -> programs.stream().allMatch(RandomProgram::hasLeft));
        assertThat(script.violations()).isEmpty();
        assertThat(over)
                .as("everybody got what he waited for and left: %s", daemonAndRest())
                .isTrue();
        world.time.advance(World.MINUTE);
        assertThat(daemon.counts().locks()).isZero();
        assertThat(daemon.counts().waiters()).isZero();
        assertThat(daemon.counts().unacknowledged()).isZero();
        for (JavaClient each : clients) {
            assertThat(each.client.held()).isEmpty();
            assertThat(each.client.waiting()).isZero();
        }
    }

    /** What there is to see when somebody is left over. */
    private String daemonAndRest() {
        List<RandomProgram> rest = programs.stream().filter(each -> !each.hasLeft()).toList();
        return rest + " " + daemon.counts();
    }

    private Transport transport() {
        return random.nextBoolean() ? Transport.UDP : Transport.TCP;
    }

    private NlmVersion version() {
        List<NlmVersion> all = NlmVersion.all();
        return random.nextBoolean() ? NlmVersion.V4 : all.get(random.nextInt(all.size()));
    }

    private void add(RandomProgram program) {
        programs.add(program);
        program.think();
    }

    private JavaClient javaClient(int number) {
        CallStyle style = random.nextBoolean() ? CallStyle.SYNCHRONOUS : CallStyle.ONE_WAY;
        Set<NlmVersion> versions = Set.of(version());
        return new JavaClient(world, number, settings -> settings.style(style).versions(versions));
    }

    private void addKernel(int number) {
        LinuxClient kernel = world.client(number);
        kernel.transport = transport();
        kernel.version = version();
        addPrograms(kernel);
        if (random.nextInt(3) == 0) {
            world.time.schedule(script.millis(1000, 60_000), () -> crash(kernel));
        }
    }

    private void addPrograms(LinuxClient kernel) {
        List<LinuxProgram> here = new ArrayList<>();
        for (int i = 0; i < PROGRAMS_EACH; i++) {
            LinuxProgram program = new LinuxProgram(script, kernel);
            here.add(program);
            add(program);
        }
        kernel.onHave = waiter -> here.forEach(each -> each.waiterHas(waiter));
    }

    /**
     * SIGKILL; the clients hear of it when the server is back, and reclaim, or have not yet when it
     * is killed once more.
     */
    private void restartServer(int kills) {
        daemon.kill();
        world.time.schedule(
                script.millis(500, 5000),
                () -> {
                    daemon = world.start(settings -> settings.grace(GRACE));
                    daemon.notifyFormerHosts();
                    if (kills > 1) {
                        world.time.schedule(
                                script.millis(100, 10_000), () -> restartServer(kills - 1));
                    }
                });
    }

    private void crash(LinuxClient kernel) {
        kernel.crash();
        programs.stream()
                .filter(each -> each instanceof LinuxProgram program && program.runsOn(kernel))
                .forEach(RandomProgram::die);
        world.time.schedule(
                script.millis(1000, 5000),
                () -> {
                    kernel.reboot();
                    addPrograms(kernel);
                });
    }
}
