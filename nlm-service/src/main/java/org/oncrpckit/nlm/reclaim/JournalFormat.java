package org.oncrpckit.nlm.reclaim;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.zip.CRC32C;
import org.oncrpckit.lock.LockMode;
import org.oncrpckit.lock.LockRange;
import org.oncrpckit.lock.Share;
import org.oncrpckit.lock.ShareMode;
import org.oncrpckit.nlm.reclaim.JournalRecord.Freed;
import org.oncrpckit.nlm.reclaim.JournalRecord.GraceOver;
import org.oncrpckit.nlm.reclaim.JournalRecord.Held;
import org.oncrpckit.nlm.reclaim.JournalRecord.HostReleased;
import org.oncrpckit.nlm.reclaim.JournalRecord.OwnerReleased;
import org.oncrpckit.nlm.reclaim.JournalRecord.ShareReturned;
import org.oncrpckit.nlm.reclaim.JournalRecord.ShareTaken;
import org.oncrpckit.nlm.reclaim.JournalRecord.Started;
import org.oncrpckit.nlm.reclaim.JournalRecord.Stopped;
import org.oncrpckit.xdr.Opaque;

/**
 * The bytes of the journal: a header of 12 bytes ({@code NLMDHELD} and the version, 2), then
 * records. All numbers are big-endian.
 *
 * <pre>
 *  0             2               4               8      9
 * +-------------+---------------+---------------+------+--------------------+
 * | body length | the same, its | CRC32C (body) | type | rest of the body   |
 * |             | bits inverted |               |      |                    |
 * +-------------+---------------+---------------+------+--------------------+
 *
 * 1 held:            mode, first (8), last (8), host length (1), host, owner and file
 * 2 freed:           first (8), last (8), host length (1), host, owner and file
 * 3 owner released:  host length (1), host, owner
 * 4 host released:   host length (1), host
 * 5 started:         1 if incomplete, boot id (UTF-8)
 * 6 grace over, 7 stopped: nothing
 * 8 share taken:     access, deny, how often (8), host length (1), host, owner and file
 * 9 share returned:  access, deny, host length (1), host, owner and file
 * </pre>
 *
 * <p>Access and deny are 0 for none, 1 for reading, 2 for writing, 3 for both.
 *
 * <p>The length vouches for itself because the checksum cannot: a damaged length that reaches
 * behind the end of the file would look like the half record that a kill leaves there.
 */
final class JournalFormat {
    /** What a journal begins with. */
    static final int HEADER_BYTES = 12;

    /** What stands before a body. */
    static final int FRAME_BYTES = 8;

    /** Longer than any body: two ranges' worth of numbers, a host, an owner and a file. */
    static final int BODY_BYTES_MAX = 4096;

    private static final byte[] MAGIC = "NLMDHELD".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 2;

    private static final int RANGE_BYTES = 2 * Long.BYTES;

    /** Access and deny. */
    private static final int MODE_BYTES = 2;

    private static final byte HELD = 1;
    private static final byte FREED = 2;
    private static final byte OWNER_RELEASED = 3;
    private static final byte HOST_RELEASED = 4;
    private static final byte STARTED = 5;
    private static final byte GRACE_OVER = 6;
    private static final byte STOPPED = 7;
    private static final byte SHARE_TAKEN = 8;
    private static final byte SHARE_RETURNED = 9;

    /** In the order of their numbers. */
    private static final List<Share> SHARES =
            List.of(Share.NONE, Share.READ, Share.WRITE, Share.READ_WRITE);

    private JournalFormat() {}

    static byte[] header() {
        return ByteBuffer.allocate(HEADER_BYTES).put(MAGIC).putInt(VERSION).array();
    }

    /** A record with its length and checksum. */
    static byte[] encode(JournalRecord entry) {
        byte[] framed = new byte[FRAME_BYTES + bodyBytes(entry)];
        ByteBuffer bytes = ByteBuffer.wrap(framed).position(FRAME_BYTES);
        if (entry instanceof Held held) {
            bytes.put(HELD).put((byte) (held.mode() == LockMode.EXCLUSIVE ? 1 : 0));
            put(bytes, held.range(), held.holder());
        } else if (entry instanceof Freed freed) {
            put(bytes.put(FREED), freed.range(), freed.holder());
        } else if (entry instanceof ShareTaken taken) {
            put(bytes.put(SHARE_TAKEN), taken.mode()).putLong(taken.count());
            put(bytes, taken.holder());
        } else if (entry instanceof ShareReturned returned) {
            put(put(bytes.put(SHARE_RETURNED), returned.mode()), returned.holder());
        } else if (entry instanceof OwnerReleased released) {
            putHost(bytes.put(OWNER_RELEASED), released.host());
            bytes.put(released.owner().asByteBuffer());
        } else if (entry instanceof HostReleased released) {
            putHost(bytes.put(HOST_RELEASED), released.host());
        } else if (entry instanceof Started started) {
            bytes.put(STARTED).put((byte) (started.incomplete() ? 1 : 0));
            bytes.put(utf8(started.bootId()));
        } else {
            bytes.put(entry instanceof GraceOver ? GRACE_OVER : STOPPED);
        }
        bytes.putShort(0, (short) (framed.length - FRAME_BYTES));
        bytes.putShort(Short.BYTES, (short) ~(framed.length - FRAME_BYTES));
        bytes.putInt(Integer.BYTES, checksum(bytes, framed.length - FRAME_BYTES));
        return framed;
    }

    private static int bodyBytes(JournalRecord entry) {
        if (entry instanceof Held held) {
            return 2 + RANGE_BYTES + bytes(held.holder());
        } else if (entry instanceof Freed freed) {
            return 1 + RANGE_BYTES + bytes(freed.holder());
        } else if (entry instanceof ShareTaken taken) {
            return 1 + MODE_BYTES + Long.BYTES + bytes(taken.holder());
        } else if (entry instanceof ShareReturned returned) {
            return 1 + MODE_BYTES + bytes(returned.holder());
        } else if (entry instanceof OwnerReleased released) {
            return 2 + released.host().length() + released.owner().length();
        } else if (entry instanceof HostReleased released) {
            return 2 + released.host().length();
        } else if (entry instanceof Started started) {
            return 2 + utf8(started.bootId()).length;
        }
        return 1;
    }

    private static int bytes(HolderKey holder) {
        return 1 + holder.host().length() + holder.ownerAndFile().length();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** How long the body behind this frame is; empty when the frame is not one of ours. */
    static OptionalInt bodyLength(ByteBuffer framed) {
        int length = Short.toUnsignedInt(framed.getShort(0));
        boolean sound =
                framed.getShort(Short.BYTES) == (short) ~length
                        && length > 0
                        && length <= BODY_BYTES_MAX;
        return sound ? OptionalInt.of(length) : OptionalInt.empty();
    }

    /** The checksum of so many bytes behind the frame. */
    static int checksum(ByteBuffer framed, int bodyBytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(framed.array(), framed.arrayOffset() + FRAME_BYTES, bodyBytes);
        return (int) checksum.getValue();
    }

    /** What a body says; empty when it makes no sense. */
    static Optional<JournalRecord> decode(ByteBuffer body) {
        try {
            return Optional.of(
                    switch (body.get()) {
                        case HELD -> held(body);
                        case FREED -> freed(body);
                        case OWNER_RELEASED -> new OwnerReleased(host(body), Opaque.copyOf(body));
                        case HOST_RELEASED -> new HostReleased(host(body));
                        case STARTED ->
                                new Started(
                                        body.get() != 0,
                                        StandardCharsets.UTF_8.decode(body).toString());
                        case SHARE_TAKEN -> shareTaken(body);
                        case SHARE_RETURNED -> shareReturned(body);
                        case GRACE_OVER -> new GraceOver();
                        case STOPPED -> new Stopped();
                        default -> throw new IllegalArgumentException("type");
                    });
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Held held(ByteBuffer body) {
        LockMode mode = body.get() == 0 ? LockMode.SHARED : LockMode.EXCLUSIVE;
        LockRange range = new LockRange(body.getLong(), body.getLong());
        return new Held(new HolderKey(host(body), Opaque.copyOf(body)), range, mode);
    }

    private static Freed freed(ByteBuffer body) {
        LockRange range = new LockRange(body.getLong(), body.getLong());
        return new Freed(new HolderKey(host(body), Opaque.copyOf(body)), range);
    }

    private static ShareTaken shareTaken(ByteBuffer body) {
        ShareMode mode = shareMode(body);
        long count = body.getLong();
        if (count < 1) {
            throw new IllegalArgumentException("taken " + count + " times");
        }
        return new ShareTaken(new HolderKey(host(body), Opaque.copyOf(body)), mode, count);
    }

    private static ShareReturned shareReturned(ByteBuffer body) {
        ShareMode mode = shareMode(body);
        return new ShareReturned(new HolderKey(host(body), Opaque.copyOf(body)), mode);
    }

    private static ShareMode shareMode(ByteBuffer body) {
        return new ShareMode(share(body.get()), share(body.get()));
    }

    private static Share share(byte number) {
        if (number < 0 || number >= SHARES.size()) {
            throw new IllegalArgumentException("share " + number);
        }
        return SHARES.get(number);
    }

    private static Opaque host(ByteBuffer body) {
        byte[] host = new byte[body.get() & 0xff];
        body.get(host);
        return Opaque.copyOf(host);
    }

    private static void put(ByteBuffer bytes, LockRange range, HolderKey holder) {
        put(bytes.putLong(range.first()).putLong(range.last()), holder);
    }

    private static ByteBuffer put(ByteBuffer bytes, ShareMode mode) {
        return bytes.put((byte) SHARES.indexOf(mode.access()))
                .put((byte) SHARES.indexOf(mode.deny()));
    }

    private static void put(ByteBuffer bytes, HolderKey holder) {
        putHost(bytes, holder.host());
        bytes.put(holder.ownerAndFile().asByteBuffer());
    }

    private static void putHost(ByteBuffer bytes, Opaque host) {
        bytes.put((byte) host.length()).put(host.asByteBuffer());
    }
}
