/**
 * The stand-alone status monitor {@code nsmd}, and what it has in common with other daemons that
 * have a monitor inside: the command line and its file, the options of the network, the state
 * folder.
 *
 * <p>Never lives here: the protocol, the store, and anything that a program which embeds the
 * monitor as a library needs.
 */
package org.oncrpckit.nsm.daemon;
