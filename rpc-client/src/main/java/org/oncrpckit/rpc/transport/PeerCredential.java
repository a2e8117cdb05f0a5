package org.oncrpckit.rpc.transport;

import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.UserPrincipal;

/**
 * The effective user and group of the process at the other end of a UNIX-domain connection, as the
 * kernel vouches for them.
 *
 * @param user equal to another principal iff the user number is equal
 * @param group equal to another principal iff the group number is equal
 */
public record PeerCredential(UserPrincipal user, GroupPrincipal group) {}
