package org.oncrpckit.nlm;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** What the programs of one random script share: time, dice, and a look at what all believe. */
final class Script {
    /** Bytes of the one file that everybody wants. */
    static final int BYTES = 6;

    final World world;
    final Random random;
    private final List<RandomProgram> programs = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private boolean winding;

    Script(World world, Random random) {
        this.world = world;
        this.random = random;
    }

    void add(RandomProgram program) {
        programs.add(program);
    }

    /** From now on everybody is to end. */
    void wind() {
        winding = true;
    }

    boolean isWinding() {
        return winding;
    }

    Duration millis(int from, int to) {
        return Duration.ofMillis(from + random.nextInt(to - from));
    }

    /** Looks whether anybody believes what contradicts another's belief. */
    void checkBeliefs() {
        for (int i = 0; i < BYTES; i++) {
            Map<RandomProgram, Character> here = new HashMap<>();
            for (RandomProgram each : programs) {
                if (each.belief[i] != ' ') {
                    here.put(each, each.belief[i]);
                }
            }
            if (here.size() > 1 && here.containsValue('X')) {
                violations.add(world.time.now() + ": byte " + i + " is believed by " + here);
            }
        }
    }

    List<String> violations() {
        return violations;
    }
}
