/**
 * The monitor against other monitors, as processes in network namespaces of their own.
 *
 * <p>Never lives here: lock management; an emulation of another monitor.
 */
package org.oncrpckit.nsm.interop;
