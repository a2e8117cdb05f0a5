package org.oncrpckit.benchmarks.process;

import com.sun.management.ThreadMXBean;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * Attaches to another JVM and prints, for every line of standard input, how much that JVM's threads
 * have allocated. A process of its own, because it reaches the other's management agent only from
 * the same network name space.
 */
public final class AllocationWatch {
    private AllocationWatch() {}

    /**
     * Watches.
     *
     * @param arguments number of the other process
     */
    public static void main(String[] arguments) throws IOException, AttachNotSupportedException {
        VirtualMachine machine = VirtualMachine.attach(arguments[0]);
        String agent = machine.startLocalManagementAgent();
        machine.detach();
        try (JMXConnector connector = connect(agent);
                BufferedReader lines =
                        new BufferedReader(
                                new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            ThreadMXBean threads =
                    ManagementFactory.newPlatformMXBeanProxy(
                            connector.getMBeanServerConnection(),
                            ManagementFactory.THREAD_MXBEAN_NAME,
                            ThreadMXBean.class);
            System.out.println("ready");
            while (lines.readLine() != null) {
                long[] each = threads.getThreadAllocatedBytes(threads.getAllThreadIds());
                System.out.println(Arrays.stream(each).filter(bytes -> bytes > 0).sum());
            }
        }
    }

    /** The address is the agent's own word, not a stranger's. */
    @SuppressWarnings("BanJNDI")
    private static JMXConnector connect(String agent) throws IOException {
        return JMXConnectorFactory.connect(new JMXServiceURL(agent));
    }
}
