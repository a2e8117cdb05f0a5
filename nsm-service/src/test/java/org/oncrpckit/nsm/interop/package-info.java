/** The monitor against other monitors, as processes in network namespaces of their own. */
package org.oncrpckit.nsm.interop;
