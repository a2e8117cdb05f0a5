package org.oncrpckit.nsm.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** {@code nsmd} on one host, Debian's rpc.statd and sm-notify on another. */
@EnabledIf("org.oncrpckit.nsm.interop.HostSpace#possible")
class StatdInteropTest {
    private static final String OURS = "10.77.0.1";
    private static final String THEIRS = "10.77.0.2";

    @TempDir Path folder;

    private HostSpace here;
    private HostSpace there;
    private Told nsmd;
    private Told service;

    @BeforeEach
    void startOurs() throws Exception {
        Path hosts = folder.resolve("hosts");
        Files.writeString(
                hosts,
                """
                127.0.0.1 localhost
                ::1 localhost
                10.77.0.1 ours.example.org ours
                10.77.0.2 theirs.example.org theirs
                """);
        here = HostSpace.create("ours.example.org", hosts);
        there = HostSpace.create("theirs.example.org", hosts);
        here.connect(
                there,
                List.of(OURS + "/24", "fd77::1/64"),
                List.of(THEIRS + "/24", "10.77.0.3/24", "fd77::2/64"));
        here.start("rpcbind", "-f");
        there.start("rpcbind", "-f");
        here.run("sh", "-c", "until rpcinfo -p 127.0.0.1 >/dev/null 2>&1; do :; done");
        there.run("sh", "-c", "until rpcinfo -p 127.0.0.1 >/dev/null 2>&1; do :; done");
        nsmd = startNsmd();
        service = here.java(StatusTool.class.getName());
        service.line("serves", 1);
    }

    @AfterEach
    void stop() {
        here.close();
        there.close();
    }

    private Told startNsmd() throws Exception {
        Told daemon =
                here.java(
                        "org.oncrpckit.nsm.daemon.Nsmd",
                        "--listen",
                        "::",
                        "--rpcbind",
                        "system",
                        "--state-dir",
                        folder.resolve("state").toString());
        daemon.line("nsmd ready", 1);
        return daemon;
    }

    @Test
    void theirSmNotifyTellsOurServiceAlsoAfterOurMonitorWasKilled() throws Exception {
        assertThat(service.ask("mon " + THEIRS + " 7", "mon")).contains("agreed=true");
        smNotify();
        assertThat(service.line("called", 1)).startsWith("called " + THEIRS).endsWith(" 7");

        nsmd.kill();
        nsmd = startNsmd();
        smNotify();
        assertThat(service.line("called", 2)).startsWith("called " + THEIRS).endsWith(" 7");
    }

    /** What happens on their host after a reboot, with ours in the list of those to tell. */
    private void smNotify() throws Exception {
        String record = "0100007f 000186b5 00000003 00000010 " + "0".repeat(32);
        there.run(
                "sh",
                "-c",
                "echo '"
                        + record
                        + " "
                        + OURS
                        + " theirs.example.org' >/var/lib/nfs/sm/"
                        + OURS
                        + "; chown -R statd /var/lib/nfs; sm-notify -f");
    }

    @Test
    void oursTellsTheirStatdWhichCallsItsServiceBack() throws Exception {
        there.start("rpc.statd", "-F", "-L");
        Told theirService = there.java(StatusTool.class.getName());
        theirService.line("serves", 1);
        there.run("sh", "-c", "until rpcinfo -u 127.0.0.1 100024 >/dev/null 2>&1; do :; done");
        assertThat(theirService.ask("mon " + OURS + " 9", "mon")).contains("agreed=true");
        assertThat(service.ask("mon " + THEIRS + " 1", "mon")).contains("agreed=true");

        nsmd.kill();
        nsmd = startNsmd();
        String first = theirService.line("called", 1);
        assertThat(first).endsWith(" 9");

        // Told of both restarts: the host is the same boot's, and asked for again in between.
        assertThat(service.ask("mon " + THEIRS + " 1", "mon")).contains("agreed=true");
        service.ask("crash", "crash");
        String second = theirService.line("called", 2);
        assertThat(state(second)).isGreaterThan(state(first));
    }

    @Test
    void onlyItsOwnSourceAddressSpeaksForAHostAndOnlyLocalServicesMayAsk() throws Exception {
        Told stranger = there.java(StatusTool.class.getName());
        stranger.line("serves", 1);
        assertThat(service.ask("mon " + THEIRS + " 1", "mon")).contains("agreed=true");
        assertThat(service.ask("mon fd77::2 2", "mon")).contains("agreed=true");
        stranger.ask("notify " + OURS + " 10.77.0.3 " + THEIRS + " 5", "notify");
        assertThat(stranger.ask("remotemon " + OURS + " " + THEIRS, "failed")).contains("AUTH");

        stranger.ask("notify " + OURS + " " + THEIRS + " theirs.example.org 5", "notify");
        stranger.ask("notify " + OURS + " " + THEIRS + " theirs 5", "notify");
        assertThat(service.line("called", 1)).isEqualTo("called " + THEIRS + " 5 1");
        stranger.ask("notify fd77::1 fd77::2 theirs 7", "notify");
        assertThat(service.line("called", 2)).isEqualTo("called fd77::2 7 2");

        service.ask("unmon " + THEIRS, "unmon");
        stranger.ask("notify " + OURS + " " + THEIRS + " theirs 9", "notify");
        service.ask("unmonall", "unmonall");
        stranger.ask("notify fd77::1 fd77::2 theirs 9", "notify");
        service.ask("mon " + THEIRS + " 3", "mon");
        stranger.ask("notify " + OURS + " " + THEIRS + " theirs 11", "notify");
        assertThat(service.line("called", 3)).isEqualTo("called " + THEIRS + " 11 3");
        assertThat(nsmd.terminate()).isZero();
        assertThat(here.run("rpcinfo", "-p", "127.0.0.1")).doesNotContain("100024");
    }

    private static int state(String called) {
        return Integer.parseInt(called.split(" ", -1)[2]);
    }
}
