package org.oncrpckit.nlm.daemon;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.oncrpckit.nlm.CallbackTransport;
import org.oncrpckit.nlm.HostAliases;
import org.oncrpckit.nlm.NlmLimits;
import org.oncrpckit.rpc.server.host.ListenAddresses;
import org.oncrpckit.rpc.server.host.RpcbindMode;

/**
 * What the command line asked for.
 *
 * @param listen addresses to serve
 * @param addressInterval how often it is looked for addresses that have come or gone
 * @param nlmPort port of program 100021, UDP and TCP; 0 lets the daemon pick
 * @param nsmPort port of program 100024, UDP and TCP; 0 lets the daemon pick
 * @param rpcbind whether to register
 * @param statd which status monitor to use
 * @param stateFolder monitored hosts, state number, control socket
 * @param grace how long only reclaims are granted after a restart
 * @param callback over what clients are called back
 * @param grantedByCall which clients are called back by GRANTED rather than GRANTED_MSG
 * @param aliases which addresses are one client's
 * @param limits how much is taken on
 * @param reclaim whether reclaims are verified
 */
record NlmdSettings(
        ListenAddresses listen,
        Duration addressInterval,
        int nlmPort,
        int nsmPort,
        RpcbindMode rpcbind,
        StatdMode statd,
        Path stateFolder,
        Duration grace,
        CallbackTransport callback,
        List<InetAddress> grantedByCall,
        HostAliases aliases,
        NlmLimits limits,
        ReclaimMode reclaim) {}
