package org.oncrpckit.nlm.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.xdr.Opaque;
import org.oncrpckit.xdr.XdrCodec;
import org.oncrpckit.xdr.XdrCodecs;
import org.oncrpckit.xdr.XdrException;
import org.oncrpckit.xdr.XdrReader;
import org.oncrpckit.xdr.XdrRecords;
import org.oncrpckit.xdr.XdrWriter;

/** What is written by hand for speed does what the description of its fields does. */
class HandWrittenCodecsTest {
    private static final XdrCodec<Opaque> BYTES = XdrCodecs.opaque(1024);

    private final Random random = seeded();

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4})
    void argumentsOfLockTravelAsTheirFieldsDo(int version) throws XdrException {
        XdrCodec<LockArgs> byHand = NlmVersion.of(version).lock().call().arguments();
        XdrCodec<LockArgs> byFields = lockArgs(version == 4);
        for (int i = 0; i < 2_000; i++) {
            LockArgs args =
                    new LockArgs(
                            bytes(8),
                            random.nextBoolean(),
                            random.nextBoolean(),
                            lock(version == 4),
                            random.nextBoolean(),
                            random.nextInt());
            Opaque travelled = encode(byFields, args);
            assertThat(encode(byHand, args)).isEqualTo(travelled);
            assertThat(byHand.decode(XdrReader.of(travelled))).isEqualTo(args);
        }
    }

    @Test
    void argumentsThatAreCutShortAreRefused() {
        XdrCodec<LockArgs> byHand = NlmVersion.V4.lock().call().arguments();
        LockArgs args = new LockArgs(bytes(8), true, true, lock(true), false, 7);
        byte[] whole = encode(byHand, args).toByteArray();
        for (int length = 0; length < whole.length; length++) {
            XdrReader reader = XdrReader.of(Opaque.copyOf(Arrays.copyOf(whole, length)));
            assertThatExceptionOfType(XdrException.class).isThrownBy(() -> byHand.decode(reader));
        }
    }

    @Test
    void namesAndHandlesThatComeAgainAreTheSameObjects() throws XdrException {
        XdrCodec<LockArgs> lock = NlmVersion.V4.lock().call().arguments();
        XdrCodec<UnlockArgs> unlock = NlmVersion.V4.unlock().call().arguments();
        WireLock description =
                new WireLock(
                        HostName.of("client1"),
                        Opaque.ofUtf8("a file"),
                        Opaque.ofUtf8("7@client1"),
                        7,
                        random.nextLong(),
                        random.nextLong());
        WireLock locked =
                lock.decode(
                                XdrReader.of(
                                        encode(
                                                lock,
                                                new LockArgs(
                                                        bytes(8),
                                                        true,
                                                        true,
                                                        description,
                                                        false,
                                                        1))))
                        .lock();
        WireLock unlocked =
                unlock.decode(XdrReader.of(encode(unlock, new UnlockArgs(bytes(8), description))))
                        .lock();
        assertThat(unlocked).isEqualTo(description);
        assertThat(unlocked).isSameAs(locked);
    }

    private static XdrCodec<LockArgs> lockArgs(boolean wide) {
        XdrCodec<Long> offset = wide ? XdrCodecs.UNSIGNED_LONG : XdrCodecs.UNSIGNED_INT;
        XdrCodec<WireLock> lock =
                XdrRecords.of(
                        XdrRecords.of(BYTES, HostName::bytes, HostName::new),
                        WireLock::callerName,
                        BYTES,
                        WireLock::fileHandle,
                        BYTES,
                        WireLock::ownerHandle,
                        XdrCodecs.INT,
                        WireLock::svid,
                        offset,
                        WireLock::offset,
                        offset,
                        WireLock::length,
                        WireLock::new);
        return XdrRecords.of(
                BYTES,
                LockArgs::cookie,
                XdrCodecs.BOOLEAN,
                LockArgs::block,
                XdrCodecs.BOOLEAN,
                LockArgs::exclusive,
                lock,
                LockArgs::lock,
                XdrCodecs.BOOLEAN,
                LockArgs::reclaim,
                XdrCodecs.INT,
                LockArgs::state,
                LockArgs::new);
    }

    private WireLock lock(boolean wide) {
        return new WireLock(
                new HostName(bytes(1024)),
                bytes(64),
                bytes(1024),
                random.nextInt(),
                wide ? random.nextLong() : Integer.toUnsignedLong(random.nextInt()),
                wide ? random.nextLong() : Integer.toUnsignedLong(random.nextInt()));
    }

    /** Short as a rule, and of two values: so that the memos meet what they know. */
    private Opaque bytes(int max) {
        byte[] bytes = new byte[random.nextInt(random.nextInt(10) == 0 ? max + 1 : 5)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) random.nextInt(2);
        }
        return Opaque.copyOf(bytes);
    }

    private static <T> Opaque encode(XdrCodec<T> codec, T value) {
        XdrWriter writer = new XdrWriter();
        codec.encode(writer, value);
        return writer.toOpaque();
    }

    private static Random seeded() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("HandWrittenCodecsTest seed " + seed);
        return new Random(seed);
    }
}
