package org.oncrpckit.benchmarks.area;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.oncrpckit.benchmarks.result.Sample;
import org.oncrpckit.benchmarks.xdr.Codecs;
import org.openjdk.jmh.runner.RunnerException;

/** Encoding and decoding inside one JVM, beside oncrpc4j. */
public final class XdrArea implements Area {
    private static final Map<String, String> WHAT = new LinkedHashMap<>();

    static {
        WHAT.put("encodeLock", "NLM LOCK arguments, encoded");
        WHAT.put("decodeLock", "NLM LOCK arguments, decoded");
        WHAT.put("decodeHeader", "call header with AUTH_SYS, decoded");
    }

    @Override
    public String name() {
        return "xdr";
    }

    @Override
    public void measure(Session session) throws Exception {
        for (Map.Entry<String, String> each : WHAT.entrySet()) {
            Contest contest =
                    Contest.of(session, "xdr: " + each.getValue(), jmh(each.getKey()))
                            .peer("oncrpc4j", jmh(each.getKey() + "Oncrpc4j"))
                            .run(0);
            session.add(this, each.getValue(), "operations/s", contest.compare(Sample::rate));
        }
    }

    private static Contest.Contestant jmh(String method) {
        return seconds -> {
            try {
                JmhRun run = JmhRun.of(Codecs.class, method).iterations(3, 1, seconds / 2);
                return Sample.ofRate(run.runOne().values().median());
            } catch (RunnerException e) {
                throw new IOException(e);
            }
        };
    }
}
