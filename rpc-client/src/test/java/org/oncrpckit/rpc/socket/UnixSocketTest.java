package org.oncrpckit.rpc.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.BindException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.oncrpckit.rpc.transport.Endpoint;
import org.oncrpckit.rpc.transport.Network;
import org.oncrpckit.rpc.transport.PeerCredential;
import org.oncrpckit.rpc.transport.StreamListener;

class UnixSocketTest {
    @TempDir Path folder;

    private final SocketPlatform sockets = SocketPlatform.open();
    private final Network network = sockets.platform().network();

    @AfterEach
    void close() {
        sockets.close();
    }

    @Test
    void fileIsThereWhileItListens() throws Exception {
        Path path = folder.resolve("s");

        StreamListener listener = listen(path);
        assertThat(path).exists();
        listener.close();

        assertThat(path).doesNotExist();
    }

    @Test
    void closeOfTheNetworkRemovesTheFile() throws Exception {
        Path path = folder.resolve("s");
        listen(path);

        network.close();

        assertThat(path).doesNotExist();
    }

    @Test
    void fileThatNobodyAnswersOnIsReplaced() throws Exception {
        Path path = folder.resolve("s");
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(path))
                .close();
        assertThat(path).exists();

        listen(path);

        assertThat(connect(path)).isNotNull();
    }

    @Test
    void fileThatSomebodyAnswersOnIsLeftAlone() throws Exception {
        Path path = folder.resolve("s");
        listen(path);

        assertThatThrownBy(() -> listen(path))
                .isInstanceOf(BindException.class)
                .hasMessageContaining(path.toString())
                .hasMessageContaining("somebody answers");
        assertThat(connect(path)).isNotNull();
    }

    @Test
    void fileThatIsNoSocketIsLeftAlone() throws Exception {
        Path path = Files.writeString(folder.resolve("s"), "precious");

        assertThatThrownBy(() -> listen(path))
                .isInstanceOf(BindException.class)
                .hasMessageContaining("not a socket");
        assertThat(path).hasContent("precious");
    }

    @Test
    void fileThatSomebodyElsePutThereIsNotRemoved() throws Exception {
        Path path = folder.resolve("s");
        StreamListener listener = listen(path);
        Files.move(path, folder.resolve("moved"));
        Files.writeString(path, "theirs");

        listener.close();

        assertThat(path).hasContent("theirs");
    }

    @Test
    void pathThatIsTooLongIsNamedWithItsLength() throws Exception {
        String rest = "x".repeat(106 - folder.toString().length() - 1);
        listen(folder.resolve(rest)).close();

        assertThatThrownBy(() -> listen(folder.resolve(rest + "x")))
                .isInstanceOf(BindException.class)
                .hasMessageContaining("107 bytes (limit 106)");
    }

    @Test
    void kernelSaysWhoConnected() throws Exception {
        Path path = folder.resolve("s");
        List<Endpoint> accepted = new CopyOnWriteArrayList<>();
        network.listen(UnixDomainSocketAddress.of(path), accepted::add);

        Endpoint client = connect(path);
        await().until(() -> accepted.size() == 1);

        PeerCredential credential = accepted.get(0).peerCredential().orElseThrow();
        assertThat(credential.user()).isEqualTo(Files.getOwner(path));
        assertThat(client.peerCredential()).contains(credential);
    }

    @Test
    void connectToNobodyFailsWithThePath() {
        Path path = folder.resolve("nobody");

        assertThat(network.connect(UnixDomainSocketAddress.of(path), null, Duration.ofSeconds(5)))
                .failsWithin(Duration.ofSeconds(5))
                .withThrowableThat()
                .withMessageContaining(path.toString());
    }

    private StreamListener listen(Path path) throws Exception {
        return network.listen(UnixDomainSocketAddress.of(path), endpoint -> {});
    }

    private Endpoint connect(Path path) throws Exception {
        return network.connect(UnixDomainSocketAddress.of(path), null, Duration.ofSeconds(5))
                .get(10, TimeUnit.SECONDS);
    }

    @Test
    void pipeIsNoSocketThatSomebodyLeftBehind() throws Exception {
        Path path = folder.resolve("s");
        assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor()).isZero();

        assertThatThrownBy(() -> listen(path))
                .isInstanceOf(BindException.class)
                .hasMessageContaining("not a socket");
        assertThat(path).exists();
    }
}
