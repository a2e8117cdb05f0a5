package org.oncrpckit.nlm.daemon;

import picocli.CommandLine.IVersionProvider;

/** The version in the jar's manifest. */
public final class ProjectVersion implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = ProjectVersion.class.getPackage().getImplementationVersion();
        return new String[] {"oncrpc-kit " + (version == null ? "(not packaged)" : version)};
    }
}
