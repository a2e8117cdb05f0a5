package org.oncrpckit.nlm.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.oncrpckit.nlm.admin.ProbeReply.Outcome;
import org.oncrpckit.nlm.admin.ProbeReply.Step;
import org.oncrpckit.nlm.admin.ProbeReply.Target;

/** What an operator is told. */
class ProbeVerdictTest {
    @Test
    void bothTransportsAnswer() {
        assertThat(verdict(manager("udp", Outcome.ANSWERED), manager("tcp", Outcome.ANSWERED)))
                .isEqualTo(
                        "The client can be called back over UDP (version 4) and TCP (version"
                                + " 4).");
    }

    @Test
    void usualFirewallFaultIsNamedWithItsRemedy() {
        assertThat(verdict(manager("udp", Outcome.SILENCE), manager("tcp", Outcome.SILENCE)))
                .startsWith("UDP and TCP: rpcbind answers, and the lock manager at 10.0.0.9 4045")
                .contains("usual firewall fault")
                .contains("/etc/nfs.conf")
                .endsWith("every 30 s).");
    }

    @Test
    void oneTransportIsEnough() {
        assertThat(verdict(manager("udp", Outcome.SILENCE), manager("tcp", Outcome.ANSWERED)))
                .startsWith(
                        "The client can be called back over TCP (version 4), and not over the"
                                + " other")
                .contains("UDP: rpcbind answers")
                .doesNotContain("every 30 s");
    }

    @Test
    void silenceFromPort111() {
        assertThat(verdict(rpcbind("udp", Outcome.SILENCE), rpcbind("tcp", Outcome.SILENCE)))
                .startsWith("UDP and TCP: nothing comes back from port 111")
                .contains("client is down");
    }

    @Test
    void nobodyTellsThatAUdpPortIsClosed() {
        assertThat(verdict(rpcbind("udp", Outcome.SILENCE), rpcbind("tcp", Outcome.UNREACHABLE)))
                .startsWith("UDP and TCP: port 111 of the client cannot be reached")
                .contains("rpcbind does not run there");
    }

    @Test
    void clientWithoutLockManager() {
        assertThat(verdict(lookUp("udp"), lookUp("tcp")))
                .startsWith("UDP and TCP: the client's rpcbind answers and knows no lock manager");
    }

    @Test
    void olderVersionsAreEnoughAndNamed() {
        assertThat(
                        verdict(
                                lookUp("udp"),
                                manager("udp", 3, Outcome.ANSWERED),
                                manager("udp", 1, Outcome.ANSWERED),
                                lookUp("tcp"),
                                manager("tcp", 1, Outcome.ANSWERED)))
                .isEqualTo(
                        "The client can be called back over UDP (versions 3, 1) and TCP (version"
                                + " 1).");
    }

    @Test
    void aVersionThatDoesNotAnswerSaysMoreThanOneThatIsNotRegistered() {
        assertThat(verdict(lookUp("udp"), manager("udp", 3, Outcome.SILENCE), lookUp("tcp")))
                .contains("UDP: rpcbind answers, and the lock manager at 10.0.0.9 4045")
                .contains("TCP: the client's rpcbind answers and knows no lock manager");
    }

    private static String verdict(Step... steps) {
        return ProbeVerdict.of(List.of(steps));
    }

    private static Step manager(String transport, Outcome outcome) {
        return manager(transport, 4, outcome);
    }

    private static Step manager(String transport, int version, Outcome outcome) {
        return new Step(transport, Target.NLM, version, "10.0.0.9 4045", outcome, 1, "");
    }

    private static Step rpcbind(String transport, Outcome outcome) {
        return new Step(transport, Target.RPCBIND, 0, "10.0.0.9 111", outcome, 1, "");
    }

    private static Step lookUp(String transport) {
        return new Step(transport, Target.LOOKUP, 4, "10.0.0.9 111", Outcome.REFUSED, 1, "");
    }
}
