package org.oncrpckit.benchmarks.xdr;

import java.io.IOException;
import org.dcache.oncrpc4j.xdr.XdrAble;
import org.dcache.oncrpc4j.xdr.XdrDecodingStream;
import org.dcache.oncrpc4j.xdr.XdrEncodingStream;

/** {@code nlm4_lockargs} in the manner of the classes that oncrpc4j's generator writes. */
public final class StubLockArgs implements XdrAble {
    private byte[] cookie = {};
    private boolean block;
    private boolean exclusive;
    private String callerName = "";
    private byte[] fileHandle = {};
    private byte[] ownerHandle = {};
    private int svid;
    private long offset;
    private long length;
    private boolean reclaim;
    private int state;

    StubLockArgs() {}

    StubLockArgs(byte[] cookie, String callerName, byte[] fileHandle, byte[] ownerHandle) {
        this.cookie = cookie;
        this.callerName = callerName;
        this.fileHandle = fileHandle;
        this.ownerHandle = ownerHandle;
    }

    @Override
    public void xdrEncode(XdrEncodingStream xdr) throws IOException {
        xdr.xdrEncodeDynamicOpaque(cookie);
        xdr.xdrEncodeBoolean(block);
        xdr.xdrEncodeBoolean(exclusive);
        xdr.xdrEncodeString(callerName);
        xdr.xdrEncodeDynamicOpaque(fileHandle);
        xdr.xdrEncodeDynamicOpaque(ownerHandle);
        xdr.xdrEncodeInt(svid);
        xdr.xdrEncodeLong(offset);
        xdr.xdrEncodeLong(length);
        xdr.xdrEncodeBoolean(reclaim);
        xdr.xdrEncodeInt(state);
    }

    @Override
    public void xdrDecode(XdrDecodingStream xdr) throws IOException {
        cookie = xdr.xdrDecodeDynamicOpaque();
        block = xdr.xdrDecodeBoolean();
        exclusive = xdr.xdrDecodeBoolean();
        callerName = xdr.xdrDecodeString();
        fileHandle = xdr.xdrDecodeDynamicOpaque();
        ownerHandle = xdr.xdrDecodeDynamicOpaque();
        svid = xdr.xdrDecodeInt();
        offset = xdr.xdrDecodeLong();
        length = xdr.xdrDecodeLong();
        reclaim = xdr.xdrDecodeBoolean();
        state = xdr.xdrDecodeInt();
    }
}
