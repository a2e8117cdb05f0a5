package org.oncrpckit.nsm;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.oncrpckit.nsm.NsmStore.Section;

/**
 * Who wants to know about which host: services inside this process by interest, services outside by
 * the call-backs in the store. Thread-safe.
 */
final class MonitoredHosts {

    private final StoreWorker worker;
    private final int hostsMax;
    private final int state;

    private final Object lock = new Object();

    /** Which services inside this process want a host, stored or about to be. */
    @GuardedBy("lock")
    private final Map<HostKey, Set<Service>> interested = new HashMap<>();

    MonitoredHosts(StoreWorker worker, int hostsMax, int state) {
        this.worker = worker;
        this.hostsMax = hostsMax;
        this.state = state;
    }

    HostMonitor open(String serviceName, RebootListener listener) {
        return new Service(new NamedListener(serviceName, listener));
    }

    /** The call-backs that services outside this process left for a host, also before a restart. */
    List<Contact> callBacks(InetAddress address) {
        List<Contact> all = new ArrayList<>(callBacks(Section.MONITORED, address));
        for (Contact each : callBacks(Section.KEPT, address)) {
            // A service that asks again brings a new private part: the new one counts.
            if (all.stream().noneMatch(each::sameWay)) {
                all.add(each);
            }
        }
        return all;
    }

    private List<Contact> callBacks(Section section, InetAddress address) {
        return worker.record(section, address)
                .flatMap(HostRecord::ofCallBacks)
                .map(HostRecord::contacts)
                .orElse(List.of());
    }

    /** Whether anybody wants to know about a host. */
    boolean isMonitored(InetAddress address) {
        synchronized (lock) {
            if (interested.containsKey(HostKey.of(address))) {
                return true;
            }
        }
        return !callBacks(address).isEmpty();
    }

    /** How many hosts anybody wants to know about. */
    int count() {
        return worker.count(Section.MONITORED);
    }

    /** Tells the services inside this process. */
    void announce(RebootNotice notice) {
        List<Service> services;
        synchronized (lock) {
            services = List.copyOf(interested.getOrDefault(HostKey.of(notice.address()), Set.of()));
        }
        services.forEach(each -> each.listener.tell(notice));
    }

    /** Stores a call-back of a service outside this process. */
    CompletionStage<Void> addCallBack(InetAddress address, Contact contact) {
        CompletionStage<Void> done;
        synchronized (lock) {
            done = enqueueAddition(address, contact);
        }
        worker.kick();
        return done;
    }

    /**
     * Removes the call-backs that match, from one host or, where empty, from all; those that are
     * only about to be stored as well.
     */
    CompletionStage<Void> removeCallBacks(Optional<InetAddress> only, Predicate<Contact> which) {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (Section section : List.of(Section.MONITORED, Section.KEPT)) {
            Collection<HostKey> candidates =
                    only.<Collection<HostKey>>map(address -> List.of(HostKey.of(address)))
                            .orElseGet(() -> worker.hosts(section));
            for (HostKey each : candidates) {
                InetAddress address = each.address();
                if (worker.isChanging(section, address)
                        || callBacks(section, address).stream().anyMatch(which)) {
                    all.add(
                            worker.enqueue(section, address, without(ofCallBack(which)))
                                    .toCompletableFuture());
                }
            }
        }
        worker.kick();
        return CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new));
    }

    private static Predicate<Contact> ofCallBack(Predicate<Contact> which) {
        return contact -> contact.callBack().isPresent() && which.test(contact);
    }

    private CompletionStage<Void> enqueueAddition(InetAddress address, Contact contact) {
        return worker.enqueue(
                Section.MONITORED, address, record -> added(address, record, contact));
    }

    private Optional<HostRecord> added(
            InetAddress address, Optional<HostRecord> record, Contact contact)
            throws MonitorException {
        if (record.isEmpty() && count() >= hostsMax) {
            throw MonitorException.tooManyHosts(address, hostsMax);
        }
        List<Contact> contacts =
                new ArrayList<>(record.map(HostRecord::contacts).orElse(List.of()));
        if (contact.callBack().isPresent()) {
            contacts.removeIf(contact::sameWay);
        } else if (contacts.stream().anyMatch(contact::sameWay)) {
            return record;
        }
        if (contacts.size() >= HostRecord.CONTACTS_MAX) {
            throw new MonitorException(
                    address.getHostAddress()
                            + " knows this host in "
                            + HostRecord.CONTACTS_MAX
                            + " ways already (limit)",
                    null);
        }
        contacts.add(contact);
        return Optional.of(new HostRecord(address, contacts));
    }

    private static StoreWorker.Edit without(Predicate<Contact> unwanted) {
        return record -> {
            if (record.isEmpty()) {
                return record;
            }
            List<Contact> left =
                    record.get().contacts().stream().filter(unwanted.negate()).toList();
            return left.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new HostRecord(record.get().address(), left));
        };
    }

    /** One service inside this process. */
    private final class Service implements HostMonitor {
        private final NamedListener listener;

        Service(NamedListener listener) {
            this.listener = listener;
        }

        @Override
        public CompletionStage<Void> monitor(MonitoredHost host) {
            Contact contact = Contact.of(host);
            InetAddress address = host.address();
            CompletionStage<Void> done;
            synchronized (lock) {
                HostKey key = HostKey.of(address);
                Set<Service> services = interested.get(key);
                if (services == null && interested.size() >= hostsMax) {
                    return CompletableFuture.failedFuture(
                            MonitorException.tooManyHosts(address, hostsMax));
                }
                interested.computeIfAbsent(key, k -> new HashSet<>()).add(this);
                boolean stored =
                        worker.settledRecord(Section.MONITORED, address)
                                .filter(r -> r.contacts().stream().anyMatch(contact::sameWay))
                                .isPresent();
                if (stored) {
                    return CompletableFuture.completedFuture(null);
                }
                done = enqueueAddition(address, contact);
            }
            worker.kick();
            return done.whenComplete(
                    (nothing, failure) -> {
                        if (failure != null) {
                            forgetUnlessStored(address);
                        }
                    });
        }

        @Override
        public CompletionStage<Void> unmonitor(InetAddress address) {
            CompletionStage<Void> done;
            synchronized (lock) {
                if (!endInterest(HostKey.of(address))) {
                    return CompletableFuture.completedFuture(null);
                }
                done = enqueueRemoval(address);
            }
            worker.kick();
            return done;
        }

        @Override
        public int state() {
            return state;
        }

        @Override
        public CompletionStage<Void> close() {
            List<CompletableFuture<Void>> all = new ArrayList<>();
            synchronized (lock) {
                for (HostKey each : List.copyOf(interested.keySet())) {
                    if (endInterest(each)) {
                        all.add(enqueueRemoval(each.address()).toCompletableFuture());
                    }
                }
            }
            worker.kick();
            return CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new));
        }

        /** Whether this service was the last one that wanted the host. */
        @GuardedBy("MonitoredHosts.this.lock")
        private boolean endInterest(HostKey host) {
            Set<Service> services = interested.get(host);
            if (services == null || !services.remove(this) || !services.isEmpty()) {
                return false;
            }
            interested.remove(host);
            return true;
        }

        private CompletionStage<Void> enqueueRemoval(InetAddress address) {
            return worker.enqueue(Section.MONITORED, address, without(c -> c.callBack().isEmpty()));
        }

        /**
         * A host that could not be remembered must not fill the table. With nothing stored and
         * nothing under way, every service that wanted it was refused.
         */
        private void forgetUnlessStored(InetAddress address) {
            synchronized (lock) {
                if (!worker.isChanging(Section.MONITORED, address) && !isStoredForInside(address)) {
                    interested.remove(HostKey.of(address));
                }
            }
        }

        private boolean isStoredForInside(InetAddress address) {
            return worker.record(Section.MONITORED, address).stream()
                    .flatMap(record -> record.contacts().stream())
                    .anyMatch(contact -> contact.callBack().isEmpty());
        }
    }
}
