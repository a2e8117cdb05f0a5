package org.oncrpckit.e2e;

import java.lang.management.LockInfo;
import java.lang.management.ManagementFactory;
import java.lang.management.MonitorInfo;
import java.lang.management.ThreadInfo;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadPoolExecutor;

/**
 * Foreign code that looks, each time it is called, which locks its thread holds: there must be
 * none. The Java virtual machine itself is asked, so no lock can be forgotten.
 */
final class LockWatch {
    /** Ours, and the tests' own. */
    private static final String OURS = "org.oncrpckit.";

    /** A pool's thread owns one of these while it runs a task; it keeps nobody waiting. */
    private static final String WORKER = ThreadPoolExecutor.class.getName() + "$Worker";

    private final Set<String> callBacks = ConcurrentHashMap.newKeySet();
    private final Queue<String> locked = new ConcurrentLinkedQueue<>();

    /** A listener that looks at each event; none of its methods may be waited for. */
    <T> T listener(Class<T> type) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, arguments) -> {
                            look(type.getSimpleName() + "." + method.getName());
                            return null;
                        }));
    }

    /** Looks; {@code where} names the call-back. */
    void look(String where) {
        callBacks.add(where);
        for (String each : heldByThisThread()) {
            locked.add(where + " is called under " + each);
        }
    }

    /** The call-backs that came. */
    Set<String> callBacks() {
        return callBacks;
    }

    /** Those that came under a lock, and which. */
    List<String> locked() {
        return List.copyOf(locked);
    }

    private static List<String> heldByThisThread() {
        long[] self = {Thread.currentThread().getId()};
        ThreadInfo thread = ManagementFactory.getThreadMXBean().getThreadInfo(self, true, true)[0];
        List<String> held = new ArrayList<>();
        for (MonitorInfo each : thread.getLockedMonitors()) {
            if (each.getLockedStackFrame().getClassName().startsWith(OURS)) {
                held.add("the monitor of " + each + ", taken at " + each.getLockedStackFrame());
            }
        }
        for (LockInfo each : thread.getLockedSynchronizers()) {
            if (!each.getClassName().equals(WORKER)) {
                held.add(each.toString());
            }
        }
        return held;
    }
}
