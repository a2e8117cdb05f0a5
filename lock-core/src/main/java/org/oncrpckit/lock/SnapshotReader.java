package org.oncrpckit.lock;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.jspecify.annotations.Nullable;

/** Puts what {@link Snapshot} has written into an empty table. */
final class SnapshotReader {
    private final LockEngine engine;
    private final CheckedInputStream summed;
    private final DataInputStream in;
    private @Nullable FileId file;
    private @Nullable LockOwner owner;
    private long lastTicket;
    private long records;

    private SnapshotReader(LockEngine engine, InputStream in) {
        this.engine = engine;
        this.summed = new CheckedInputStream(new BufferedInputStream(in), new CRC32());
        this.in = new DataInputStream(summed);
    }

    /**
     * Reads up to the end of the snapshot; buffering may take more from the stream than that.
     *
     * @throws IOException if the stream fails, ends early, or does not hold a state that a table
     *     can be in
     */
    static void read(LockEngine engine, InputStream in) throws IOException {
        long all = engine.allShards();
        engine.slow.enter(all);
        try {
            new SnapshotReader(engine, in).readAll();
        } catch (EOFException e) {
            throw new IOException("snapshot ends early", e);
        } finally {
            engine.slow.exit(all);
        }
    }

    private void readAll() throws IOException {
        int magic = in.readInt();
        if (magic != Snapshot.MAGIC) {
            throw bad("starts with 0x" + Integer.toHexString(magic) + " (expected: 0x4f4c434b)");
        }
        int version = in.readUnsignedByte();
        if (version != Snapshot.VERSION) {
            throw bad("version " + version + " (expected: " + Snapshot.VERSION + ")");
        }
        lastTicket = in.readLong();
        int record = in.readUnsignedByte();
        while (record != Snapshot.END) {
            records++;
            readRecord(record);
            record = in.readUnsignedByte();
        }
        int sum = (int) summed.getChecksum().getValue();
        int expected = in.readInt();
        if (sum != expected) {
            throw bad(
                    "checksum "
                            + Integer.toHexString(sum)
                            + " (expected: "
                            + Integer.toHexString(expected)
                            + ")");
        }
        List<Effect> granted = new ArrayList<>();
        engine.slow.waiting.setLastTicket(lastTicket);
        engine.slow.waiting.grantAll(granted);
        if (!granted.isEmpty()) {
            throw bad("a request waits for nothing: " + granted.get(0).ticket());
        }
    }

    private void readRecord(int record) throws IOException {
        try {
            switch (record) {
                case Snapshot.FILE -> file = FileId.of(in.readNBytes(readLength(FileId.BYTES_MAX)));
                case Snapshot.OWNER -> owner = readOwner();
                case Snapshot.HELD -> readHeld();
                case Snapshot.SHARE -> readShare();
                case Snapshot.WAITS -> readWaits();
                default -> throw bad("unknown record " + record);
            }
        } catch (IllegalArgumentException e) {
            throw new IOException("snapshot record " + records + ": " + e.getMessage(), e);
        }
    }

    private int readLength(int max) throws IOException {
        int length = in.readUnsignedShort();
        if (length > max) {
            throw bad("length " + length + " (expected: at most " + max + ")");
        }
        return length;
    }

    private LockOwner readOwner() throws IOException {
        SystemId system = new SystemId(in.readLong(), in.readLong());
        long number = in.readLong();
        return LockOwner.of(system, in.readNBytes(readLength(LockOwner.HANDLE_BYTES_MAX)), number);
    }

    private FileEntry fileEntry() throws IOException {
        FileId id = file;
        if (id == null) {
            throw bad("no file given");
        }
        return engine.shard(id).fileFor(id);
    }

    private LockRequest readRequest() throws IOException {
        LockOwner who = owner;
        FileId on = file;
        LockRange range = new LockRange(in.readLong(), in.readLong());
        int mode = in.readUnsignedByte();
        if (who == null || on == null || mode > 1) {
            throw bad("mode " + mode + " of " + who + " on " + on);
        }
        return new LockRequest(on, who, range, mode == 0 ? LockMode.SHARED : LockMode.EXCLUSIVE);
    }

    private void readHeld() throws IOException {
        LockRequest r = readRequest();
        FileEntry f = fileEntry();
        Holding h = f.shard.holdingFor(f, r.owner());
        Hit hit = new Hit();
        if (f.findConflict(r.mode(), r.range().first(), r.range().last(), h, hit)) {
            throw bad(r + " conflicts with " + hit.toHeldLock());
        }
        HeldRanges.assign(h, r.range().first(), r.range().last(), r.mode());
    }

    private void readShare() throws IOException {
        LockOwner who = owner;
        int access = in.readUnsignedByte();
        int deny = in.readUnsignedByte();
        long count = in.readLong();
        if (who == null || access > 3 || deny > 3 || count < 1) {
            throw bad("share " + access + "/" + deny + " times " + count + " of " + who);
        }
        engine.setShare(fileEntry(), who, new ShareMode(Share.of(access), Share.of(deny)), count);
    }

    private void readWaits() throws IOException {
        LockRequest r = readRequest();
        long ticket = in.readLong();
        int overtakings = in.readInt();
        if (ticket < 1 || ticket > lastTicket || engine.slow.waiting.find(ticket) != null) {
            throw bad("ticket " + ticket + " (expected: a new one, 1 to " + lastTicket + ")");
        }
        engine.slow.waiting.restore(r, fileEntry(), ticket, overtakings);
    }

    private IOException bad(String what) {
        return new IOException("snapshot record " + records + ": " + what);
    }
}
