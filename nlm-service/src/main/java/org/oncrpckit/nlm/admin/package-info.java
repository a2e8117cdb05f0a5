/**
 * The administrative program of {@code nlmd}, spoken over its UNIX-domain control socket: status,
 * listings, and locks for processes of this host.
 *
 * <p>Lives here: the protocol, its server side and its client. Never lives here: command lines, and
 * anything that a remote host can reach.
 */
package org.oncrpckit.nlm.admin;
