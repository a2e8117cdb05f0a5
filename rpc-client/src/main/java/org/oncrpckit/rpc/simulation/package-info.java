/**
 * A network and a clock made of nothing but memory: for tests of clients, servers and whole
 * protocols under loss, delay, duplication, reordering, cuts and crashes, without a socket, a
 * thread or a wait.
 *
 * <pre>{@code
 * VirtualTime time = new VirtualTime();
 * SimulatedNetwork network = new SimulatedNetwork(time, seed);
 * SimulatedHost here = network.host(InetAddress.getByName("10.0.0.1"));
 * SimulatedHost there = network.host(InetAddress.getByName("10.0.0.2"));
 * network.setQuality(LinkQuality.GOOD.withLoss(0.3));
 *
 * RpcServer server = RpcServer.builder(network.platform(there)).program(program).build();
 * server.attach(there.bindDatagram(new InetSocketAddress("10.0.0.2", 2049)));
 * RpcClient client = RpcClient.builder(network.platform(here)).build();
 * CompletableFuture<String> reply = client.call(target, procedure, "hello", CallOptions.DEFAULT);
 *
 * assertThat(time.runUntil(reply::isDone, Duration.ofMinutes(1))).isTrue();
 * }</pre>
 *
 * <p>What differs from real sockets: a connection carries whole messages, not bytes; there is no
 * bandwidth, so queues fill up only while a receiver has suspended reading or a link is cut;
 * messages are lent to receivers read-only and overwritten afterwards, so that a receiver that
 * keeps one is found out; an assertion that fails inside a receiver comes out of {@code advance}.
 *
 * <p>Never lives here: real time, real sockets, and anything that only tests of this project need.
 */
package org.oncrpckit.rpc.simulation;
