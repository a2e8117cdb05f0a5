/**
 * The control program {@code nlmctl}: its commands, their options, and how answers are shown to
 * people and to programs.
 *
 * <p>Never lives here: anything that the daemon does; a command only asks over the control socket.
 */
package org.oncrpckit.nlm.ctl;
