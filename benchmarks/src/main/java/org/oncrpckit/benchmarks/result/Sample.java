package org.oncrpckit.benchmarks.result;

import com.google.gson.Gson;
import com.google.gson.annotations.SerializedName;

/**
 * What a load generator printed after one round.
 *
 * @param calls calls answered
 * @param rate calls a second
 * @param p50 median latency, microseconds
 * @param p99 99th percentile of latency, microseconds
 * @param longest longest latency, microseconds
 * @param errors calls that were not answered as they should be
 * @param retransmissions calls sent again
 */
public record Sample(
        long calls,
        double rate,
        @SerializedName("p50_us") double p50,
        @SerializedName("p99_us") double p99,
        @SerializedName("max_us") double longest,
        long errors,
        long retransmissions) {
    private static final Gson GSON = new Gson();

    /** From a line of JSON. */
    public static Sample parse(String json) {
        return GSON.fromJson(json, Sample.class);
    }

    /** One that has a rate and nothing else. */
    public static Sample ofRate(double rate) {
        return new Sample(0, rate, 0, 0, 0, 0, 0);
    }
}
