package org.oncrpckit.nlm;

import java.util.Arrays;

/** One owner that does this and that with locks, and what it believes to have. */
abstract class RandomProgram {
    final Script script;

    /** For each byte: X, S or blank. */
    final char[] belief = new char[Script.BYTES];

    private boolean left;
    private boolean dead;

    RandomProgram(Script script) {
        this.script = script;
        Arrays.fill(belief, ' ');
        script.add(this);
    }

    abstract void waitFor(int first, int last, boolean exclusive);

    abstract void tryLock(int first, int last, boolean exclusive);

    /** Unlocks; then thinks. */
    abstract void unlock(int first, int last);

    /** Unlocks everything, however often that takes. */
    abstract void close(Runnable next);

    /** Does something a little later. */
    final void think() {
        script.world.time.schedule(script.millis(1, 3000), this::act);
    }

    private void act() {
        if (dead) {
            return;
        }
        if (script.isWinding()) {
            closeAll(() -> left = true);
            return;
        }
        int first = script.random.nextInt(Script.BYTES);
        int last = first + script.random.nextInt(Script.BYTES - first);
        boolean exclusive = script.random.nextBoolean();
        switch (script.random.nextInt(6)) {
            case 0, 1, 2 -> {
                relyOnLess(first, last, exclusive);
                waitFor(first, last, exclusive);
            }
            case 3 -> {
                relyOnLess(first, last, exclusive);
                tryLock(first, last, exclusive);
            }
            case 4 -> unlockSome(first, last);
            default -> closeAll(this::think);
        }
    }

    final void unlockSome(int first, int last) {
        believe(first, last, ' ');
        unlock(first, last);
    }

    final void closeAll(Runnable next) {
        believe(0, Script.BYTES - 1, ' ');
        close(next);
    }

    /** A shared lock replaces an exclusive one as soon as the server hears of it. */
    private void relyOnLess(int first, int last, boolean exclusive) {
        for (int i = first; i <= last && !exclusive; i++) {
            belief[i] = belief[i] == 'X' ? 'S' : belief[i];
        }
    }

    /** It has a lock, or none. */
    final void believe(int first, int last, char mode) {
        if (!dead) {
            Arrays.fill(belief, first, last + 1, mode);
            script.checkBeliefs();
        }
    }

    final void has(int first, int last, boolean exclusive) {
        believe(first, last, exclusive ? 'X' : 'S');
    }

    /** The host crashes. */
    final void die() {
        dead = true;
        left = true;
        Arrays.fill(belief, ' ');
    }

    final boolean isDead() {
        return dead;
    }

    final boolean hasLeft() {
        return left;
    }
}
