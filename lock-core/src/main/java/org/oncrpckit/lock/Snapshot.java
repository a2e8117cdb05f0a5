package org.oncrpckit.lock;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes a table's whole state: big-endian, fixed order, so that equal states are equal bytes.
 *
 * <pre>
 *   u32 magic   u8 version   u64 last ticket
 *   records:
 *     FILE   u16 length, file id                            what follows is on this file
 *     OWNER  u64 host, u64 epoch, u64 number,
 *            u16 length, handle                             what follows is this owner's
 *     HELD   u64 first, u64 last, u8 mode (0 shared)        by file, first byte, owner
 *     SHARE  u8 access, u8 deny, u64 count                  after the file's locks, by owner and mode
 *     WAITS  u64 first, u64 last, u8 mode,
 *            u64 ticket, u32 overtakings                    after all files, in queue order
 *     END    u32 CRC-32 of all bytes before it
 * </pre>
 */
final class Snapshot {
    static final int MAGIC = 0x4f4c434b;
    static final int VERSION = 1;
    static final int END = 0;
    static final int FILE = 1;
    static final int OWNER = 2;
    static final int HELD = 3;
    static final int SHARE = 4;
    static final int WAITS = 5;

    private final LockEngine engine;
    private final CheckedOutputStream summed;
    private final DataOutputStream out;
    private @Nullable FileId file;
    private @Nullable LockOwner owner;

    private Snapshot(LockEngine engine, OutputStream out) {
        this.engine = engine;
        this.summed = new CheckedOutputStream(out, new CRC32());
        this.out = new DataOutputStream(summed);
    }

    /**
     * Writes the state of one moment. In a concurrent table it is put into memory first: no output
     * under a lock.
     */
    static void write(LockEngine engine, OutputStream out) throws IOException {
        if (engine.shards.size() == 1) {
            BufferedOutputStream buffered = new BufferedOutputStream(out);
            new Snapshot(engine, buffered).writeAll();
            buffered.flush();
            return;
        }
        ByteArrayOutputStream memory = new ByteArrayOutputStream();
        long all = engine.allShards();
        engine.slow.enter(all);
        try {
            new Snapshot(engine, memory).writeAll();
        } finally {
            engine.slow.exit(all);
        }
        memory.writeTo(out);
    }

    private void writeAll() throws IOException {
        out.writeInt(MAGIC);
        out.writeByte(VERSION);
        out.writeLong(engine.slow.waiting.lastTicket());
        List<FileEntry> files = new ArrayList<>();
        engine.shards.forEach(shard -> shard.forEachFile(files::add));
        files.sort(Comparator.comparing(f -> f.id));
        for (FileEntry f : files) {
            writeHeld(f);
            writeShares(f);
        }
        for (Waiter w : engine.slow.waiting.in(Scope.everything(), null)) {
            at(w.request.file(), w.request.owner());
            out.writeByte(WAITS);
            writeRange(w.first(), w.last(), w.mode());
            out.writeLong(w.ticket);
            out.writeInt(w.overtakings);
        }
        out.writeByte(END);
        out.flush();
        out.writeInt((int) summed.getChecksum().getValue());
        out.flush();
    }

    private void writeHeld(FileEntry f) throws IOException {
        Hit hit = new Hit();
        boolean more = f.findConflict(LockMode.EXCLUSIVE, 0, LockRange.END, null, hit);
        while (more) {
            at(f.id, hit.holding().owner.owner);
            out.writeByte(HELD);
            writeRange(hit.first, hit.last, hit.mode);
            more = f.findNextConflict(LockMode.EXCLUSIVE, 0, LockRange.END, null, hit);
        }
    }

    private void writeRange(long first, long last, LockMode mode) throws IOException {
        out.writeLong(first);
        out.writeLong(last);
        out.writeByte(mode == LockMode.SHARED ? 0 : 1);
    }

    private void writeShares(FileEntry f) throws IOException {
        List<HeldShare> shares = new ArrayList<>();
        if (f.shares != null) {
            f.shares.forEach(
                    (who, mode, count) -> shares.add(new HeldShare(f.id, who, mode, count)));
        }
        shares.sort(Comparator.comparing(HeldShare::owner).thenComparing(HeldShare::mode));
        for (HeldShare s : shares) {
            at(f.id, s.owner());
            out.writeByte(SHARE);
            out.writeByte(s.mode().access().bits());
            out.writeByte(s.mode().deny().bits());
            out.writeLong(s.count());
        }
    }

    /** Says on which file and whose the next record is, as far as that has changed. */
    private void at(FileId nextFile, LockOwner nextOwner) throws IOException {
        if (file == null || !nextFile.equals(file)) {
            out.writeByte(FILE);
            writeBytes(nextFile.toByteArray());
            file = nextFile;
        }
        if (owner == null || !nextOwner.equals(owner)) {
            out.writeByte(OWNER);
            out.writeLong(nextOwner.system().host());
            out.writeLong(nextOwner.system().epoch());
            out.writeLong(nextOwner.number());
            writeBytes(nextOwner.handle());
            owner = nextOwner;
        }
    }

    private void writeBytes(byte[] bytes) throws IOException {
        out.writeShort(bytes.length);
        out.write(bytes);
    }
}
