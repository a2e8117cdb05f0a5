package org.oncrpckit.nsm.daemon;

import picocli.CommandLine.IVersionProvider;

/** The version in the jar's manifest. */
public final class ProjectVersion implements IVersionProvider {
    /** For picocli. */
    public ProjectVersion() {}

    @Override
    public String[] getVersion() {
        String version = ProjectVersion.class.getPackage().getImplementationVersion();
        return new String[] {"oncrpc-kit " + (version == null ? "(not packaged)" : version)};
    }
}
