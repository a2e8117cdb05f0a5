package org.oncrpckit.rpc.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A remote address that is called over UDP: round-trip estimate, congestion window, source. */
final class DatagramPeer extends Peer {
    /** How long the source address that routing picked is used before routing is asked again. */
    static final Duration ROUTE_LIFETIME = Duration.ofSeconds(60);

    private record Route(ScopedAddress source, long sinceNanos) {}

    private final InetSocketAddress address;

    @GuardedBy("this")
    private final RoundTripEstimator estimator = new RoundTripEstimator();

    @GuardedBy("this")
    private final CongestionWindow window;

    private volatile @Nullable Route route;

    DatagramPeer(ClientContext context, InetSocketAddress address) {
        super(context);
        this.address = address;
        this.window = new CongestionWindow(context.limits().inFlightPerHost());
    }

    InetSocketAddress address() {
        return address;
    }

    /** The source address that routing picked lately; null when it has to be asked. */
    @Nullable ScopedAddress knownSource() {
        Route known = route;
        return known != null && context.nanoTime() - known.sinceNanos < ROUTE_LIFETIME.toNanos()
                ? known.source
                : null;
    }

    void rememberSource(ScopedAddress source) {
        route = new Route(source, context.nanoTime());
    }

    @Override
    @GuardedBy("this")
    int window() {
        return window.size();
    }

    @Override
    @GuardedBy("this")
    @Nullable CallChannel channelFor(Call<?> call) {
        return call.route();
    }

    @Override
    void notStarted(Call<?> call, CallChannel closedChannel) {
        call.fail(trace -> new RpcClosedException("endpoint closed", trace));
    }

    @Override
    long firstInterval(Retransmission policy) {
        synchronized (this) {
            return estimator.firstInterval(policy);
        }
    }

    @Override
    void lost(Retransmission policy, long lastSentNanos, long intervalNanos) {
        synchronized (this) {
            window.lost(lastSentNanos, context.nanoTime());
            if (policy.adaptive()) {
                estimator.backOff(intervalNanos);
            }
        }
        context.events().measured(address, this::measure);
    }

    @Override
    void refused() {
        route = null;
    }

    @Override
    void answered(int inFlightBefore, long roundTripNanos) {
        synchronized (this) {
            window.answered(inFlightBefore);
            if (roundTripNanos >= 0) {
                estimator.sample(roundTripNanos);
            }
        }
        context.events().measured(address, this::measure);
    }

    @Override
    void wakeUp() {
        // The window opens when a call ends; nothing else is waited for.
    }

    @Override
    boolean isDisposable(long idleNanos) {
        return isIdleFor(idleNanos);
    }

    HostMeasure measure() {
        synchronized (this) {
            return new HostMeasure(
                    Duration.ofNanos(estimator.smoothed()),
                    Duration.ofNanos(estimator.deviation()),
                    Duration.ofNanos(estimator.timeout()),
                    window.size(),
                    inFlight(),
                    waiting.size());
        }
    }
}
