package org.oncrpckit.nlm.admin;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.oncrpckit.nlm.admin.ProbeReply.Outcome;
import org.oncrpckit.nlm.admin.ProbeReply.Step;
import org.oncrpckit.nlm.admin.ProbeReply.Target;

/** What the steps of a probe mean, in words. */
final class ProbeVerdict {
    private static final String CONSEQUENCE =
            " Until then the client gets a lock that it waits for only when it asks again (Linux:"
                    + " every 30 s).";

    private ProbeVerdict() {}

    static String of(List<Step> steps) {
        List<Step> managers =
                steps.stream().filter(s -> s.target() == Target.NLM && s.ok()).toList();
        List<String> reached = managers.stream().map(Step::transport).distinct().toList();
        if (reached.size() == 2) {
            return "The client can be called back over UDP "
                    + versions(managers, "udp")
                    + " and TCP "
                    + versions(managers, "tcp")
                    + ".";
        }
        List<Step> failures = firstFailures(steps, reached);
        List<String> sentences = new ArrayList<>();
        if (reached.size() == 1) {
            sentences.add(
                    "The client can be called back over "
                            + name(managers.get(0))
                            + " "
                            + versions(managers, reached.get(0))
                            + ", and not over the other transport.");
        }
        Optional<Step> both = forBoth(failures);
        if (both.isPresent()) {
            sentences.add(explain(both.get(), "UDP and TCP"));
        } else {
            failures.forEach(failure -> sentences.add(explain(failure, name(failure))));
        }
        return String.join(" ", sentences) + (managers.isEmpty() ? CONSEQUENCE : "");
    }

    /** What is in the way over each transport that does not work; the versions share it. */
    private static List<Step> firstFailures(List<Step> steps, List<String> reached) {
        Map<String, Step> first = new LinkedHashMap<>();
        steps.stream()
                .filter(step -> !step.ok() && !reached.contains(step.transport()))
                .forEach(step -> first.merge(step.transport(), step, ProbeVerdict::worse));
        return List.copyOf(first.values());
    }

    /** A version that is not registered says less than one that does not answer. */
    private static Step worse(Step one, Step later) {
        return one.target() == Target.LOOKUP && later.target() == Target.NLM ? later : one;
    }

    private static String versions(List<Step> managers, String transport) {
        List<String> versions =
                managers.stream()
                        .filter(each -> each.transport().equals(transport))
                        .map(each -> Integer.toString(each.version()))
                        .toList();
        return (versions.size() == 1 ? "(version " : "(versions ")
                + String.join(", ", versions)
                + ")";
    }

    /**
     * The failure that explains both. Nobody tells us that a UDP port is closed, so silence there
     * is the same thing when TCP is refused.
     */
    private static Optional<Step> forBoth(List<Step> failures) {
        if (failures.size() != 2 || failures.get(0).target() != failures.get(1).target()) {
            return Optional.empty();
        }
        Step one = failures.get(0);
        Step other = failures.get(1);
        boolean closed =
                one.outcome() == Outcome.SILENCE
                        && other.outcome() == Outcome.UNREACHABLE
                        && other.transport().equals("tcp");
        return one.outcome() == other.outcome() || closed ? Optional.of(other) : Optional.empty();
    }

    private static String name(Step step) {
        return step.transport().equals("udp") ? "UDP" : "TCP";
    }

    private static String explain(Step step, String transports) {
        if (step.target() == Target.NLM) {
            return explainManager(step, transports);
        }
        if (step.target() == Target.LOOKUP && step.outcome() == Outcome.REFUSED) {
            return transports
                    + ": the client's rpcbind answers and knows no lock manager (100021, versions"
                    + " 4, 3, 1): it has nothing mounted by NFSv3 with locks, or its lockd does not"
                    + " run.";
        }
        return switch (step.outcome()) {
            case SILENCE ->
                    transports
                            + ": nothing comes back from port 111. As a rule a firewall, on the"
                            + " client or in between, drops it: let this host reach port 111 and"
                            + " the ports of the client's lockd. Or the client is down.";
            case UNREACHABLE ->
                    transports
                            + ": port 111 of the client cannot be reached: rpcbind does not run"
                            + " there, or a firewall rejects it.";
            case ANSWERED, REFUSED ->
                    transports + ": what answers at port 111 of the client is no rpcbind.";
        };
    }

    private static String explainManager(Step step, String transports) {
        return switch (step.outcome()) {
            case SILENCE ->
                    transports
                            + ": rpcbind answers, and the lock manager at "
                            + step.address()
                            + " does not. This is the usual firewall fault: port 111 is open, and"
                            + " the port of lockd, which is another after each boot, is not. Fix"
                            + " lockd's ports on the client (Linux: [lockd] port and udp-port in"
                            + " /etc/nfs.conf) and let this host reach them.";
            case UNREACHABLE ->
                    transports
                            + ": rpcbind names a lock manager at "
                            + step.address()
                            + ", and nobody listens there: lockd has gone and its registration"
                            + " stayed, or a firewall rejects it.";
            case ANSWERED, REFUSED ->
                    transports
                            + ": what answers at "
                            + step.address()
                            + " is no lock manager of version "
                            + step.version()
                            + ".";
        };
    }
}
