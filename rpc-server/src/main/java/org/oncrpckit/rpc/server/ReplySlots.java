package org.oncrpckit.rpc.server;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The calls that have ended, in slots of flat arrays: a line of sixteen integers, a host, a local
 * address and a reply for each. Replies of up to 64 bytes lie in the block itself: an object for
 * each would live just long enough to be moved by the garbage collector again and again. An
 * open-addressed index finds a slot by the hash of its call. Slots come in blocks, which are kept.
 *
 * <pre>
 *  0    1   2       3       4         5      6        7    8     9,10  11,12        13,14       15
 * +----+---+-------+-------+---------+------+--------+----+-----+-----+------------+-----------+---+
 * |hash|xid|program|version|procedure|length|checksum|port|scope|ended|older, newer|of its host|reply length|
 * +----+---+-------+-------+---------+------+--------+----+-----+-----+------------+-----------+---+
 * </pre>
 *
 * <p>A slot is named by its number plus one, so that 0 is none. Not thread-safe: guarded by the
 * lock of the {@link ReplyCache}.
 */
final class ReplySlots {
    static final int NONE = 0;

    static final int HASH = 0;
    static final int OLDER = 11;
    static final int NEWER = 12;
    static final int OLDER_OF_HOST = 13;
    static final int NEWER_OF_HOST = 14;
    private static final int XID = 1;
    private static final int PROGRAM = 2;
    private static final int VERSION = 3;
    private static final int PROCEDURE = 4;
    private static final int LENGTH = 5;
    private static final int CHECKSUM = 6;
    private static final int PORT = 7;
    private static final int SCOPE = 8;
    private static final int ENDED_HIGH = 9;
    private static final int ENDED_LOW = 10;
    private static final int REPLY_LENGTH = 15;
    private static final int WORDS = 16;

    /** Longest reply that needs no object of its own. */
    private static final int INLINE_BYTES = 64;

    private static final int BLOCK_SLOTS = 64;
    private static final int ARRAY_HEADER_BYTES = 16;
    private static final int REFERENCE_BYTES = 8;

    /** Six arrays, the object around them, and their place in the list. */
    private static final int BLOCK_BYTES =
            BLOCK_SLOTS * (WORDS * Integer.BYTES + INLINE_BYTES + 4 * REFERENCE_BYTES)
                    + 7 * ARRAY_HEADER_BYTES
                    + 2 * REFERENCE_BYTES;

    /** In place of a reply that is short. */
    private static final byte[] SHORT = {};

    private static final class Block {
        final int[] words = new int[BLOCK_SLOTS * WORDS];
        final byte[] shortReplies = new byte[BLOCK_SLOTS * INLINE_BYTES];
        final byte[][] longReplies = new byte[BLOCK_SLOTS][];
        final @Nullable HostShare[] shares = new HostShare[BLOCK_SLOTS];
        final @Nullable SocketAddress[] locals = new SocketAddress[BLOCK_SLOTS];
        final @Nullable Runnable[] repeated = new Runnable[BLOCK_SLOTS];

        Block() {
            Arrays.fill(longReplies, SHORT);
        }
    }

    private final List<Block> blocks = new ArrayList<>();

    /** Pairs of a slot and its hash; at most half full. */
    private int[] index = new int[2 * 2 * BLOCK_SLOTS];

    /** First of the slots that are not in use, linked by {@link #NEWER}. */
    private int free = NONE;

    /** Memory of a reply besides its slot. */
    static long replyBytes(int length) {
        return length <= INLINE_BYTES ? 0 : (ARRAY_HEADER_BYTES + length + 7L) & ~7L;
    }

    /** Memory of all this, replies excepted. */
    long bytes() {
        return (long) blocks.size() * BLOCK_BYTES
                + ARRAY_HEADER_BYTES
                + (long) index.length * Integer.BYTES;
    }

    boolean hasFree() {
        return free != NONE;
    }

    /** Memory that is needed for a moment to {@link #grow}. */
    long growthBytes() {
        return BLOCK_BYTES
                + (indexIsSmall() ? ARRAY_HEADER_BYTES + 2L * index.length * Integer.BYTES : 0);
    }

    /** Makes slots. */
    void grow() {
        if (indexIsSmall()) {
            int[] former = index;
            index = new int[2 * former.length];
            for (int at = 0; at < former.length; at += 2) {
                if (former[at] != NONE) {
                    enterIndex(former[at], former[at + 1]);
                }
            }
        }
        int first = blocks.size() * BLOCK_SLOTS + 1;
        blocks.add(new Block());
        for (int slot = first + BLOCK_SLOTS - 1; slot >= first; slot--) {
            set(slot, NEWER, free);
            free = slot;
        }
    }

    private boolean indexIsSmall() {
        return (blocks.size() + 1) * BLOCK_SLOTS > index.length / 2 / 2;
    }

    /** Fills a free slot; the links are the caller's. */
    int add(CallKey call, HostShare share, SocketAddress local, ByteBuffer reply, long nowNanos) {
        int slot = free;
        Block block = block(slot);
        int[] words = block.words;
        int at = at(slot);
        free = words[at + NEWER];
        words[at + HASH] = call.hashCode();
        words[at + XID] = call.xid();
        words[at + PROGRAM] = call.program();
        words[at + VERSION] = call.version();
        words[at + PROCEDURE] = call.procedure();
        words[at + LENGTH] = call.length;
        words[at + CHECKSUM] = call.checksum;
        words[at + PORT] = call.port();
        words[at + SCOPE] = call.scope();
        words[at + ENDED_HIGH] = (int) (nowNanos >>> Integer.SIZE);
        words[at + ENDED_LOW] = (int) nowNanos;
        int n = within(slot);
        int length = reply.remaining();
        words[at + REPLY_LENGTH] = length;
        if (length <= INLINE_BYTES) {
            reply.get(reply.position(), block.shortReplies, n * INLINE_BYTES, length);
        } else {
            byte[] copy = new byte[length];
            reply.get(reply.position(), copy);
            block.longReplies[n] = copy;
        }
        block.shares[n] = share;
        block.locals[n] = local;
        block.repeated[n] = call.repeated;
        enterIndex(slot, call.hashCode());
        return slot;
    }

    /** Empties a slot that nothing links to any more. */
    void remove(int slot) {
        leaveIndex(slot);
        Block block = block(slot);
        int n = within(slot);
        if (replyLength(slot) > INLINE_BYTES) {
            block.longReplies[n] = SHORT;
        }
        block.shares[n] = null;
        block.repeated[n] = null;
        set(slot, NEWER, free);
        free = slot;
    }

    /** The slot of a call of this host, or none. */
    int find(CallKey call, HostShare share) {
        int hash = call.hashCode();
        for (int at = home(hash); index[at] != NONE; at = after(at)) {
            if (index[at + 1] == hash && isOf(index[at], call, share)) {
                return index[at];
            }
        }
        return NONE;
    }

    private boolean isOf(int slot, CallKey call, HostShare share) {
        Block block = block(slot);
        int[] words = block.words;
        int at = at(slot);
        int n = within(slot);
        SocketAddress local = block.locals[n];
        return block.shares[n] == share
                && words[at + XID] == call.xid()
                && words[at + CHECKSUM] == call.checksum
                && words[at + LENGTH] == call.length
                && words[at + PORT] == call.port()
                && words[at + SCOPE] == call.scope()
                && words[at + PROCEDURE] == call.procedure()
                && words[at + PROGRAM] == call.program()
                && words[at + VERSION] == call.version()
                && call.local().equals(local);
    }

    @Nullable HostShare share(int slot) {
        return block(slot).shares[within(slot)];
    }

    int replyLength(int slot) {
        return get(slot, REPLY_LENGTH);
    }

    /** A copy of the reply, or the array itself, which nobody changes. */
    byte[] reply(int slot) {
        Block block = block(slot);
        int n = within(slot);
        byte[] own = block.longReplies[n];
        int start = n * INLINE_BYTES;
        return own != SHORT
                ? own
                : Arrays.copyOfRange(block.shortReplies, start, start + replyLength(slot));
    }

    @Nullable Runnable repeated(int slot) {
        return block(slot).repeated[within(slot)];
    }

    void whenRepeated(int slot, Runnable action) {
        block(slot).repeated[within(slot)] = action;
    }

    long endedNanos(int slot) {
        return ((long) get(slot, ENDED_HIGH) << Integer.SIZE)
                | (get(slot, ENDED_LOW) & 0xffff_ffffL);
    }

    int get(int slot, int word) {
        return block(slot).words[at(slot) + word];
    }

    void set(int slot, int word, int value) {
        block(slot).words[at(slot) + word] = value;
    }

    private void enterIndex(int slot, int hash) {
        int at = home(hash);
        while (index[at] != NONE) {
            at = after(at);
        }
        index[at] = slot;
        index[at + 1] = hash;
    }

    /** Closes the gap, so that searches need no marks of what was there. */
    private void leaveIndex(int slot) {
        int mask = index.length - 1;
        int gap = home(get(slot, HASH));
        while (index[gap] != slot) {
            gap = after(gap);
        }
        for (int at = after(gap); index[at] != NONE; at = after(at)) {
            if (((at - home(index[at + 1])) & mask) >= ((at - gap) & mask)) {
                index[gap] = index[at];
                index[gap + 1] = index[at + 1];
                gap = at;
            }
        }
        index[gap] = NONE;
    }

    private int home(int hash) {
        return (hash << 1) & (index.length - 1);
    }

    private int after(int at) {
        return (at + 2) & (index.length - 1);
    }

    private Block block(int slot) {
        return blocks.get((slot - 1) / BLOCK_SLOTS);
    }

    private static int within(int slot) {
        return (slot - 1) % BLOCK_SLOTS;
    }

    private static int at(int slot) {
        return within(slot) * WORDS;
    }
}
