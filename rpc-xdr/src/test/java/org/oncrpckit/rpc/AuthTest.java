package org.oncrpckit.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.oncrpckit.testing.Hex.hex;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.oncrpckit.testing.Seed;
import org.oncrpckit.xdr.Opaque;
import org.oncrpckit.xdr.XdrException;
import org.oncrpckit.xdr.XdrReader;

/** Limits of credentials in general and of AUTH_SYS. */
class AuthTest {
    private static final Opaque HOST = Opaque.ofUtf8("host");

    @Test
    void bodyIsAtMost400Bytes() {
        assertThat(new OpaqueAuth(1, Opaque.copyOf(new byte[400])).body().length()).isEqualTo(400);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OpaqueAuth(1, Opaque.copyOf(new byte[401])))
                .withMessage("auth body of 401 bytes (limit 400)");
    }

    @Test
    void bodyThatTravelsIsAtMost400Bytes() {
        assertThatExceptionOfType(XdrException.class)
                .isThrownBy(
                        () ->
                                OpaqueAuth.decode(
                                        XdrReader.of(ByteBuffer.wrap(hex("00000001 00000191")))))
                .withMessage("length 401 at offset 4 (limit 400)");
    }

    @Test
    void machineNameIsAtMost255Bytes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AuthSys(0, Opaque.copyOf(new byte[256]), 0, 0, List.of()))
                .withMessage("machine name of 256 bytes (limit 255)");
    }

    @Test
    void groupsAreAtMost16() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AuthSys(0, HOST, 0, 0, Collections.nCopies(17, 1)))
                .withMessage("17 groups (limit 16)");
    }

    @Test
    void groupsAreCopied() {
        List<Integer> groups = new ArrayList<>(List.of(1, 2));
        AuthSys sys = new AuthSys(0, HOST, 0, 0, groups);
        groups.add(3);
        assertThat(sys.gids()).containsExactly(1, 2);
    }

    @Test
    void largestCredentialFitsTheLimitOfABody() {
        AuthSys largest =
                new AuthSys(-1, Opaque.copyOf(new byte[255]), -1, -1, Collections.nCopies(16, -1));
        assertThat(largest.toOpaqueAuth().body().length()).isEqualTo(340);
    }

    @ParameterizedTest
    @CsvSource({
        // stamp, name, uid, gid, groups
        "'00000000 00000100', 'length 256 at offset 4 (limit 255)'",
        "'00000000 ffffffff', 'length 4294967295 at offset 4 (limit 255)'",
        "'00000000 00000008 61626364', '8 bytes wanted at offset 8 (4 left)'",
        "'00000000 00000001 61000001', 'padding byte 1 at offset 11 (expected: 0)'",
        "'00000000 00000000 00000001 00000002 00000011', 'length 17 at offset 16 (limit 16)'",
        "'00000000 00000000 00000001 00000002 00000001', '4 bytes wanted at offset 20 (0 left)'",
        "'00000000 00000000 00000001 00000002', '4 bytes wanted at offset 16 (0 left)'",
        "'00000000 00000000 00000001 00000002 00000000 00', '1 bytes left at offset 20 (expected:"
                + " the end)'",
        "'', '4 bytes wanted at offset 0 (0 left)'"
    })
    void malformedAuthSysNamesWhatIsWrong(String body, String message) {
        OpaqueAuth auth = new OpaqueAuth(AuthFlavor.SYS, Opaque.copyOf(hex(body)));
        assertThatExceptionOfType(XdrException.class)
                .isThrownBy(() -> AuthSys.decode(auth))
                .withMessage(message);
    }

    @Test
    void otherFlavourIsNotAuthSys() {
        assertThatExceptionOfType(XdrException.class)
                .isThrownBy(() -> AuthSys.decode(OpaqueAuth.NONE))
                .withMessage("auth flavor 0 (expected: 1)");
    }

    @Test
    void randomCredentialsComeBack() throws XdrException {
        Random random = Seed.random("randomCredentialsComeBack");
        for (int i = 0; i < 1_000; i++) {
            byte[] name = new byte[random.nextInt(256)];
            random.nextBytes(name);
            AuthSys sys =
                    new AuthSys(
                            random.nextInt(),
                            Opaque.copyOf(name),
                            random.nextInt(),
                            random.nextInt(),
                            random.ints(random.nextInt(17)).boxed().toList());
            assertThat(AuthSys.decode(sys.toOpaqueAuth())).isEqualTo(sys);
        }
    }
}
