package org.oncrpckit.rpc.server.oncrpc4j;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.dcache.oncrpc4j.rpc.OncRpcException;
import org.dcache.oncrpc4j.rpc.RpcCall;
import org.dcache.oncrpc4j.rpc.RpcDispatchable;
import org.dcache.oncrpc4j.xdr.XdrAble;
import org.dcache.oncrpc4j.xdr.XdrDecodingStream;
import org.dcache.oncrpc4j.xdr.XdrEncodingStream;
import org.dcache.oncrpc4j.xdr.XdrInt;
import org.dcache.oncrpc4j.xdr.XdrString;
import org.dcache.oncrpc4j.xdr.XdrVoid;

/**
 * A service in the shape that oncrpcgen gives its server stubs. It knows oncrpc4j and nothing of
 * this kit.
 */
abstract class Calculator implements RpcDispatchable {
    static final int PROGRAM = 0x2000_0077;
    static final int VERSION = 1;
    static final int ADD = 1;
    static final int GREET = 2;
    static final int SUM = 3;
    static final int TOTAL = 4;

    /** Two integers. */
    static final class Pair implements XdrAble {
        int left;
        int right;

        Pair() {}

        Pair(int left, int right) {
            this.left = left;
            this.right = right;
        }

        @Override
        public void xdrEncode(XdrEncodingStream xdr) throws OncRpcException, IOException {
            xdr.xdrEncodeInt(left);
            xdr.xdrEncodeInt(right);
        }

        @Override
        public void xdrDecode(XdrDecodingStream xdr) throws OncRpcException, IOException {
            left = xdr.xdrDecodeInt();
            right = xdr.xdrDecodeInt();
        }
    }

    /** Any number of pairs, with the array allocated as generated code allocates it. */
    static final class Pairs implements XdrAble {
        Pair[] value = {};

        @Override
        public void xdrEncode(XdrEncodingStream xdr) throws OncRpcException, IOException {
            xdr.xdrEncodeInt(value.length);
            for (Pair pair : value) {
                pair.xdrEncode(xdr);
            }
        }

        @Override
        public void xdrDecode(XdrDecodingStream xdr) throws OncRpcException, IOException {
            int size = xdr.xdrDecodeInt();
            value = new Pair[size];
            for (int i = 0; i < size; i++) {
                value[i] = new Pair();
                value[i].xdrDecode(xdr);
            }
        }
    }

    /** Any number of integers. */
    static final class Numbers implements XdrAble {
        int[] value = {};

        @Override
        public void xdrEncode(XdrEncodingStream xdr) throws OncRpcException, IOException {
            xdr.xdrEncodeIntVector(value);
        }

        @Override
        public void xdrDecode(XdrDecodingStream xdr) throws OncRpcException, IOException {
            value = xdr.xdrDecodeIntVector();
        }
    }

    /** The procedures that were executed, in order. */
    final List<Integer> executed = new CopyOnWriteArrayList<>();

    @Override
    public void dispatchOncRpcCall(RpcCall call) throws OncRpcException, IOException {
        switch (call.getProcedure()) {
            case 0 -> {
                call.retrieveCall(XdrVoid.XDR_VOID);
                call.reply(XdrVoid.XDR_VOID);
            }
            case ADD -> {
                Pair pair = new Pair();
                call.retrieveCall(pair);
                executed.add(ADD);
                add(call, pair);
            }
            case GREET -> {
                XdrString name = new XdrString();
                call.retrieveCall(name);
                call.reply(new XdrString("Hello " + name.stringValue()));
            }
            case SUM -> {
                Pairs pairs = new Pairs();
                call.retrieveCall(pairs);
                int sum = 0;
                for (Pair pair : pairs.value) {
                    sum += pair.left + pair.right;
                }
                call.reply(new XdrInt(sum));
            }
            case TOTAL -> {
                Numbers numbers = new Numbers();
                call.retrieveCall(numbers);
                call.reply(new XdrInt(numbers.value.length));
            }
            default -> call.failProcedureUnavailable();
        }
    }

    /** What a test makes of an addition. */
    abstract void add(RpcCall call, Pair pair) throws OncRpcException, IOException;

    /** One that does as it should. */
    static final class Honest extends Calculator {
        @Override
        void add(RpcCall call, Pair pair) {
            call.reply(new XdrInt(pair.left + pair.right));
        }
    }
}
