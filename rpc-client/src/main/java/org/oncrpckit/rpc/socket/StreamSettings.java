package org.oncrpckit.rpc.socket;

import org.oncrpckit.rpc.transport.Timers;

/** What all connections of a network share. */
record StreamSettings(SocketLimits limits, Timers timers, ChunkPool chunks) {}
