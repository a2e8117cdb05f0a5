package org.oncrpckit.rpc.socket;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A connected channel whose peer is the test: what it reads, and how much it takes, is scripted.
 */
final class ScriptedChannel extends SocketChannel {
    final ArrayDeque<ByteBuffer> toRead = new ArrayDeque<>();

    /** What each write that took anything took. */
    final List<byte[]> writes = new ArrayList<>();

    /** Bytes that the socket still takes. */
    int room = Integer.MAX_VALUE;

    boolean peerGone;
    boolean memoryGone;
    boolean inputEnded;

    ScriptedChannel() {
        super(SelectorProvider.provider());
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
        ByteBuffer next = toRead.peek();
        if (next == null) {
            return inputEnded ? -1 : 0;
        }
        int count = Math.min(next.remaining(), target.remaining());
        target.put(next.slice(next.position(), count));
        next.position(next.position() + count);
        if (!next.hasRemaining()) {
            toRead.remove();
        }
        return count;
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
        if (peerGone) {
            throw new IOException("Broken pipe");
        }
        if (memoryGone) {
            throw new OutOfMemoryError("Cannot reserve 4096 bytes of direct buffer memory");
        }
        int total = 0;
        for (int i = offset; i < offset + length; i++) {
            total += sources[i].remaining();
        }
        byte[] taken = new byte[Math.min(total, room)];
        int at = 0;
        for (int i = offset; i < offset + length && at < taken.length; i++) {
            int count = Math.min(sources[i].remaining(), taken.length - at);
            sources[i].get(taken, at, count);
            at += count;
        }
        room -= taken.length;
        if (taken.length > 0) {
            writes.add(taken);
        }
        return taken.length;
    }

    @Override
    protected void implCloseSelectableChannel() {}

    @Override
    protected void implConfigureBlocking(boolean block) {}

    @Override
    public int write(ByteBuffer source) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public SocketChannel bind(SocketAddress local) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <T> SocketChannel setOption(SocketOption<T> name, T value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <T> T getOption(SocketOption<T> name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return Set.of();
    }

    @Override
    public SocketChannel shutdownInput() {
        throw new UnsupportedOperationException();
    }

    @Override
    public SocketChannel shutdownOutput() {
        return this;
    }

    @Override
    public Socket socket() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public boolean isConnectionPending() {
        return false;
    }

    @Override
    public boolean connect(SocketAddress remote) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean finishConnect() {
        throw new UnsupportedOperationException();
    }

    @Override
    public SocketAddress getRemoteAddress() {
        throw new UnsupportedOperationException();
    }

    @Override
    public SocketAddress getLocalAddress() {
        throw new UnsupportedOperationException();
    }
}
