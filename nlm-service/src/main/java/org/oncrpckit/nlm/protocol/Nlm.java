package org.oncrpckit.nlm.protocol;

/** Numbers of the protocol that all versions share. */
public final class Nlm {
    /** The program number. */
    public static final int PROGRAM = 100021;

    /** Longest cookie, file handle or owner handle (MAXNETOBJ_SZ), in bytes. */
    public static final int NETOBJ_BYTES_MAX = 1024;

    /** Longest caller name (LM_MAXSTRLEN), in bytes. */
    public static final int CALLER_NAME_BYTES_MAX = 1024;

    /** Longest NFS version 3 file handle (RFC 1813 NFS3_FHSIZE), in bytes. */
    public static final int FILE_HANDLE_BYTES_MAX = 64;

    /** Length of an NFS version 2 file handle (RFC 1094 FHSIZE), in bytes. */
    public static final int NFS2_FILE_HANDLE_BYTES = 32;

    private Nlm() {}
}
