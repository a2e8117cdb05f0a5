package org.oncrpckit.nsm;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.oncrpckit.nsm.protocol.CallBack;
import org.oncrpckit.nsm.protocol.HostName;
import org.oncrpckit.nsm.protocol.MonId;
import org.oncrpckit.nsm.protocol.MonRequest;
import org.oncrpckit.nsm.protocol.MyId;
import org.oncrpckit.nsm.protocol.NsmProcedures;
import org.oncrpckit.nsm.protocol.StatResult;
import org.oncrpckit.nsm.protocol.StateChange;
import org.oncrpckit.rpc.server.AccessRule;
import org.oncrpckit.rpc.server.CallContext;
import org.oncrpckit.rpc.server.RpcProgram;
import org.oncrpckit.rpc.transport.RateLimitedLog;
import org.oncrpckit.xdr.Nothing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves program 100024. Everything but SM_STAT and SM_NOTIFY is for callers on this host only, and
 * SM_SIMU_CRASH for privileged ones. Handlers run on the I/O thread and never touch the disk.
 */
final class MonitorProgram {
    /** Addresses that one name may stand for; more are left out. */
    static final int ADDRESSES_MAX = 8;

    /** State number of an answer that does not agree. */
    private static final int NO_STATE = -1;

    private static final AccessRule ACCESS =
            AccessRule.loopbackOnly()
                    .forProcedures(
                            Set.of(
                                    NsmProcedures.MON.number(),
                                    NsmProcedures.UNMON.number(),
                                    NsmProcedures.UNMON_ALL.number(),
                                    NsmProcedures.SIMU_CRASH.number()))
                    .and(
                            AccessRule.privilegedPort()
                                    .forProcedures(Set.of(NsmProcedures.SIMU_CRASH.number())));

    private static final Logger LOG = LoggerFactory.getLogger(MonitorProgram.class);
    private static final RateLimitedLog REFUSED = new RateLimitedLog(LOG);
    private static final RateLimitedLog RESTARTED = new RateLimitedLog(LOG);

    private final MonitoredHosts hosts;
    private final NoticeFilter filter;
    private final CallBackCaller caller;
    private final NameResolver resolver;
    private final Set<ServiceProcedure> callBacksAllowed;
    private final Runnable simulatedCrash;
    private final int state;

    /**
     * A procedure of a service on this host.
     *
     * @param program as unsigned bits
     * @param procedure as unsigned bits
     */
    record ServiceProcedure(int program, int procedure) {}

    MonitorProgram(
            MonitoredHosts hosts,
            NoticeFilter filter,
            CallBackCaller caller,
            NameResolver resolver,
            Set<ServiceProcedure> callBacksAllowed,
            Runnable simulatedCrash,
            int state) {
        this.hosts = hosts;
        this.filter = filter;
        this.caller = caller;
        this.resolver = resolver;
        this.callBacksAllowed = Set.copyOf(callBacksAllowed);
        this.simulatedCrash = simulatedCrash;
        this.state = state;
    }

    RpcProgram table() {
        return RpcProgram.builder(NsmProcedures.PROGRAM, "status monitor")
                .access(ACCESS)
                .idempotent(NsmProcedures.STAT, this::stat)
                .asynchronous(
                        NsmProcedures.MON, (call, request) -> call.answerFrom(mon(call, request)))
                .asynchronous(NsmProcedures.UNMON, (call, id) -> call.answerFrom(unmon(id)))
                .asynchronous(
                        NsmProcedures.UNMON_ALL,
                        (call, service) -> call.answerFrom(unmonAll(service)))
                .procedure(NsmProcedures.SIMU_CRASH, this::simulateCrash)
                .idempotent(NsmProcedures.NOTIFY, this::hostNotifies)
                .build();
    }

    /** No name service is asked for a stranger: literals are known, of names we cannot say. */
    private StatResult stat(CallContext call, HostName name) {
        boolean agreed = name.address().filter(MonitoredHost::isAddressOfAHost).isPresent();
        return new StatResult(agreed, agreed ? state : NO_STATE);
    }

    private CompletionStage<StatResult> mon(CallContext call, MonRequest request) {
        MyId service = request.id().caller();
        if (!callBacksAllowed.contains(
                new ServiceProcedure(service.program(), service.procedure()))) {
            REFUSED.info("SM_MON of {} for {} refused", call.peer(), service);
            return CompletableFuture.completedFuture(new StatResult(false, NO_STATE));
        }
        return resolver.resolve(request.id().monName())
                .thenCompose(addresses -> mon(addresses, request))
                .handle(
                        (stored, failure) -> {
                            boolean agreed = failure == null && stored;
                            return new StatResult(agreed, agreed ? state : NO_STATE);
                        });
    }

    private CompletionStage<Boolean> mon(List<InetAddress> addresses, MonRequest request) {
        CallBack callBack = request.callBack();
        CompletableFuture<?>[] all =
                addresses.stream()
                        .filter(MonitoredHost::isAddressOfAHost)
                        .limit(ADDRESSES_MAX)
                        .map(
                                address ->
                                        hosts.addCallBack(
                                                        address,
                                                        contact(address, request, callBack))
                                                .toCompletableFuture())
                        .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(all).thenApply(nothing -> all.length > 0);
    }

    /** A service outside says nothing of the address that the host uses here. */
    private static Contact contact(InetAddress host, MonRequest request, CallBack callBack) {
        return new Contact(
                request.id().monName(),
                Wildcard.of(host),
                request.id().caller().myName(),
                Optional.of(callBack),
                0,
                false);
    }

    private CompletionStage<Integer> unmon(MonId id) {
        return hosts.removeCallBacks(
                        id.monName().address(),
                        contact ->
                                contact.name().equals(id.monName()) && isOf(contact, id.caller()))
                .handle((nothing, failure) -> state);
    }

    private CompletionStage<Integer> unmonAll(MyId service) {
        return hosts.removeCallBacks(Optional.empty(), contact -> isOf(contact, service))
                .handle((nothing, failure) -> state);
    }

    /** Which host this is called does not count: FreeBSD names another one in SM_UNMON_ALL. */
    private static boolean isOf(Contact contact, MyId service) {
        return contact.callBack()
                .filter(
                        callBack ->
                                callBack.program() == service.program()
                                        && callBack.version() == service.version()
                                        && callBack.procedure() == service.procedure())
                .isPresent();
    }

    private Nothing simulateCrash(CallContext call, Nothing nothing) {
        call.afterReply(simulatedCrash);
        return Nothing.NOTHING;
    }

    /**
     * A host speaks for its source address and for nobody else: what it calls itself frees nothing.
     * Whoever is not monitored is not answered differently, so nobody learns who is.
     */
    private Nothing hostNotifies(CallContext call, StateChange change) {
        if (call.peer() instanceof InetSocketAddress peer
                && hosts.isMonitored(peer.getAddress())
                && filter.accept(peer.getAddress(), change.state())) {
            RebootNotice notice =
                    new RebootNotice(peer.getAddress(), change.monName(), change.state());
            RESTARTED.info(
                    "{} has restarted: state {}, name {}",
                    notice.address().getHostAddress(),
                    notice.newState(),
                    notice.name());
            hosts.announce(notice);
            for (Contact each : hosts.callBacks(notice.address())) {
                each.callBack().ifPresent(back -> caller.call(each, back, notice.newState()));
            }
        }
        return Nothing.NOTHING;
    }
}
