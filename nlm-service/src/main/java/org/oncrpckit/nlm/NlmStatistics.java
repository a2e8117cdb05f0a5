package org.oncrpckit.nlm;

import java.util.Map;
import org.oncrpckit.nlm.protocol.NlmStatus;

/**
 * What a lock manager has done since it started.
 *
 * @param answers operations answered, by procedure, then status; what never happened is missing
 * @param callBacksSent GRANTED calls that left, repetitions included
 * @param callBacksRepeated those that were repetitions
 * @param callBacksFailed GRANTED calls that could not be sent
 * @param callBackAnswers answers to them, by status
 * @param grantsUnconfirmed grants that ended without the client's clear word
 * @param hostsRestarted new lives of client hosts
 * @param monitoringFailed requests refused because the host could not be remembered
 * @param reclaimsRefused reclaims within grace of what the journal does not show as held
 * @param limitsReached requests refused because of a limit, by its name
 */
public record NlmStatistics(
        Map<String, Map<NlmStatus, Long>> answers,
        long callBacksSent,
        long callBacksRepeated,
        long callBacksFailed,
        Map<NlmStatus, Long> callBackAnswers,
        long grantsUnconfirmed,
        long hostsRestarted,
        long monitoringFailed,
        long reclaimsRefused,
        Map<String, Long> limitsReached) {
    /** Copies the maps. */
    public NlmStatistics {
        answers = Map.copyOf(answers);
        callBackAnswers = Map.copyOf(callBackAnswers);
        limitsReached = Map.copyOf(limitsReached);
    }

    /** How often a procedure, as in "LOCK", was answered so. */
    public long answered(String procedure, NlmStatus status) {
        return answers.getOrDefault(procedure, Map.of()).getOrDefault(status, 0L);
    }
}
