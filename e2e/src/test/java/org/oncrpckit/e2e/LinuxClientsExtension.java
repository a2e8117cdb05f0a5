package org.oncrpckit.e2e;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Brings the test bed up once for a test process and hands it to scenarios. Where it does not come
 * up the scenarios are skipped, with one line that says why; with {@code E2E=required} in the
 * environment they fail.
 */
final class LinuxClientsExtension implements BeforeAllCallback, ParameterResolver {
    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(LinuxClientsExtension.class);

    /** The test bed, or why there is none. */
    private record TestBed(@Nullable LinuxClients clients, String failure)
            implements AutoCloseable {
        static TestBed bringUp() {
            try {
                return new TestBed(LinuxClients.up(), "");
            } catch (IOException e) {
                String line = String.valueOf(e.getMessage()).replace('\n', ' ');
                System.out.println("e2e: real Linux clients cannot run here: " + line);
                return new TestBed(null, line);
            }
        }

        @Override
        public void close() throws IOException {
            if (clients != null) {
                clients.close();
            }
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        TestBed bed = testBed(context);
        if (bed.clients() == null) {
            throw Requirement.isMissing("real Linux clients cannot run here: " + bed.failure());
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == LinuxClients.class;
    }

    @Override
    public @Nullable Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return testBed(context).clients();
    }

    private static TestBed testBed(ExtensionContext context) {
        return context.getStore(ExtensionContext.StoreScope.LAUNCHER_SESSION, NAMESPACE)
                .getOrComputeIfAbsent(TestBed.class, key -> TestBed.bringUp(), TestBed.class);
    }
}
