/**
 * The status monitor: remembers on disk which hosts are monitored, tells them after a restart that
 * this host has restarted, and tells local services when one of them has.
 *
 * <p>Never lives here: what a service does about a restarted host. This package knows no lock and
 * no lock manager; an outside service is named by program, version and procedure.
 */
package org.oncrpckit.nsm;
