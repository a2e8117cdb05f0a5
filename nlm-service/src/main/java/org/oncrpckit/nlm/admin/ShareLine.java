package org.oncrpckit.nlm.admin;

import org.oncrpckit.xdr.Opaque;

/**
 * A share reservation, for people and programs.
 *
 * @param file the bytes that name the file
 * @param access what the owner does: NONE, READ, WRITE or BOTH
 * @param deny what it denies to others: NONE, READ, WRITE or BOTH
 * @param who whose
 * @param count how often the owner has taken it
 * @param ageSeconds since its owner has had something on this file
 */
public record ShareLine(
        Opaque file, String access, String deny, OwnerLine who, long count, long ageSeconds) {}
