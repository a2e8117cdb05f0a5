package org.oncrpckit.rpc.server;

import java.net.SocketAddress;
import java.util.function.Consumer;
import org.oncrpckit.rpc.transport.StreamListener;
import org.oncrpckit.rpc.transport.Transport;

/** A listener that its server forgets when somebody closes it: addresses come and go. */
record ServedListener(StreamListener socket, Consumer<StreamListener> closing)
        implements StreamListener {
    @Override
    public Transport transport() {
        return socket.transport();
    }

    @Override
    public SocketAddress localAddress() {
        return socket.localAddress();
    }

    @Override
    public void close() {
        closing.accept(socket);
        socket.close();
    }
}
